// Keys that act on the page: [ and ] for the month, / for the filter, ? for the list of them. Not loaded where the user has switched them off.
const keys = { "[": () => goToMonth(-1), "]": () => goToMonth(1), "/": filter, "?": list };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (keys[event.key]?.()) event.preventDefault();
});

// By the page's own form, where it has one of a month.
function goToMonth(step) {
  const [month, year] = ["month", "year"].map((name) => document.querySelector(`main form[method=get] select[name=${name}]`));
  if (!month || !year) return false;
  const wanted = Number(year.value) * 12 + Number(month.value) - 1 + step;
  const inYear = String(Math.floor(wanted / 12));
  if (![...year.options].some((option) => option.value === inYear)) return false;
  [year.value, month.value] = [inYear, String(wanted % 12 + 1)];
  // Else the form would send a button of its own that has the focus.
  document.activeElement.blur();
  month.form.requestSubmit();
  return true;
}

function filter() {
  const field = document.querySelector("main [name=q]");
  if (!field) return false;
  field.closest("details")?.setAttribute("open", "");
  field.focus();
  return true;
}

function list() {
  const shown = document.getElementById("keyboard-shortcuts");
  shown.togglePopover();
  if (shown.matches(":popover-open")) document.getElementById("keyboard-shortcuts-heading").focus();
  return true;
}
