// A report in the background: says how it ended, and shows that in the title of the tab.
document.querySelector(".fault-summary[data-focus]")?.focus();

document.body.addEventListener("htmx:afterSwap", () => {
  const state = document.getElementById("job-state");
  document.title = state.dataset.title;
  const cancel = document.getElementById("cancel-form");
  if (cancel) cancel.hidden = !state.dataset.canCancel;
  if (!state.dataset.status) return;
  document.getElementById("status").textContent = state.dataset.status;
  document.getElementById("state-heading").focus();
});
