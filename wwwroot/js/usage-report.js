// What happens around a query: waiting in sight, cancelling, focus and title after it, and failures in words.
const form = document.getElementById("usage-report-form");
const runButton = document.getElementById("run-query");
const seconds = document.getElementById("query-seconds");
const status = document.getElementById("status");
const failure = document.getElementById("failure");
const cancelled = document.getElementById("query-cancelled");
const results = () => document.getElementById("usage-results");

let running = null;

const isQuery = (event) => event.detail.elt === form || event.detail.elt.closest("thead, .chips, #usage-shape") !== null;

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (!isQuery(event)) return;
  const began = Date.now();
  const tick = () => { seconds.textContent = Math.floor((Date.now() - began) / 1000); };
  tick();
  running = { element: event.detail.elt, timer: setInterval(tick, 250), cancelled: false };
  failure.hidden = true;
  cancelled.hidden = true;
  results().setAttribute("aria-busy", "true");
  status.textContent = "Running query";
});

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (!running || !isQuery(event)) return;
  clearInterval(running.timer);
  results().setAttribute("aria-busy", "false");
  if (running.cancelled) {
    status.textContent = "Query cancelled";
    cancelled.hidden = false;
    runButton.focus();
  }
  running = null;
});

document.getElementById("cancel-query").addEventListener("click", () => {
  if (!running) return;
  running.cancelled = true;
  htmx.trigger(running.element, "htmx:abort");
});

// The panel that was being used stays open when its result comes, and a button that moves a column keeps the focus.
let panelOpen = false;
let movedBy = "";
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "usage-results") return;
  panelOpen = document.getElementById("usage-shape")?.open ?? false;
  movedBy = document.activeElement.matches("#columns button") ? document.activeElement.id : "";
});

document.addEventListener("click", (event) => {
  const link = event.target.closest(".filter-links a");
  if (!link) return;
  event.preventDefault();
  const part = document.querySelector(link.hash);
  part.closest("details").open = true;
  (part.matches("fieldset") ? part.querySelector("input[type=checkbox]") : part).focus();
});

// With Shift, a heading adds its column to the order; a browser by itself would open a window.
document.addEventListener("click", (event) => {
  const heading = event.shiftKey && event.target.closest("thead a[data-then]");
  if (!heading) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  htmx.ajax("GET", heading.dataset.then, { source: heading, target: "#usage-results", swap: "outerHTML" });
}, true);

// In the same instant as the result stands there, so that a key pressed then acts on the month that is shown.
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.elt.id !== "usage-results") return;
  const shown = results();
  const panel = document.getElementById("usage-shape");
  if (panel && panelOpen) panel.open = true;
  document.title = shown.dataset.title;
  status.textContent = shown.dataset.status ?? "";
  followAddress();
  markFaults(shown);
  followHead();
  const options = document.getElementById("report-options");
  if (options.matches(":popover-open")) options.hidePopover();
  (document.getElementById(movedBy) ?? shown.querySelector("[data-focus]"))?.focus();
});

// The head of the table sticks below the head of the month, whose height depends on how it wraps.
const heights = new ResizeObserver(([head]) => document.documentElement.style.setProperty("--month-head-height", `${head.target.offsetHeight}px`));
function followHead() {
  heights.disconnect();
  const head = document.querySelector(".month-head");
  if (head) heights.observe(head);
}
followHead();

// A result without scripts is shown by a page of its own; what went wrong in it is read out first.
results().querySelector(".fault-summary")?.focus();

// The browser's own shortcut prints the whole month too, not only the rows that this page has so far.
document.addEventListener("keydown", (event) => {
  const print = document.querySelector("[data-print]");
  if (!print || event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  event.preventDefault();
  print.click();
});

// A sorted result may be of another month than the form was set to since; and the theme's form comes back to this address.
function followAddress() {
  const asked = new URLSearchParams(location.search);
  for (const name of ["year", "month"]) if (asked.has(name)) form.elements[name].value = asked.get(name);
  for (const name of ["sessions", "topUps"]) form.elements[name].checked = asked.get(name) === "true";
  for (const name of ["copy", "programs", "pictures", "summary"]) form.elements[name].checked = asked.has(name);
  for (const field of document.getElementsByName("returnUrl")) field.value = location.pathname + location.search;
}

function markFaults(shown) {
  const faulty = new Set([...shown.querySelectorAll(".fault-summary a")].map((link) => link.hash.slice(1)));
  for (const field of form.elements) {
    if (!field.name) continue;
    if (faulty.has(field.id)) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  for (const message of form.querySelectorAll(".field-fault")) message.remove();
}

for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(kind, (event) => {
    // What runs elsewhere is asked for again by itself.
    if (event.detail.xhr?.status === 401 || event.detail.elt.id === "running-work") return;
    showFailure(kind === "htmx:timeout" ? "The query took longer than two minutes and was given up." : "The query could not be run.", event.detail.xhr, event.detail.elt);
  });
}

function showFailure(what, xhr, element) {
  const reference = xhr?.getResponseHeader("X-Reference");
  failure.replaceChildren(`${what} Nothing was lost or changed. `);
  const again = document.createElement("button");
  again.type = "button";
  again.className = "btn btn-outline-danger btn-sm";
  again.textContent = "Try again";
  again.addEventListener("click", () => {
    failure.hidden = true;
    if (element === form) form.requestSubmit();
    else if (element.matches(".more-rows")) htmx.trigger(element, "revealed");
    else element.click();
  });
  failure.append(again);
  if (reference) failure.append(` Reference: ${reference}`);
  failure.hidden = false;
  status.textContent = what;
  document.title = `Error: ${document.title.replace(/^Error: /, "")}`;
  failure.focus();
}
