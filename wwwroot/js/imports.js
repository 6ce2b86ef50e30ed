// Around uploads and imports: the file to be uploaded, and saying how a check ended.
import { fileForm } from "./file-form.js";

const form = document.getElementById("upload-form");

document.querySelector(".fault-summary[data-focus]")?.focus();
if (form) upload();

function upload() {
  const progress = document.getElementById("upload-progress");
  const button = form.querySelector("button[type=submit]");
  const check = fileForm(form);

  form.addEventListener("submit", (event) => {
    if (!check() || button.disabled) {
      event.preventDefault();
      return;
    }
    button.disabled = true;
    progress.classList.add("htmx-request");
    progress.firstElementChild.hidden = false;
    progress.lastElementChild.textContent = "Uploading the file…";
  });
  // Back from the next page: the form as it was, to be used again.
  window.addEventListener("pageshow", () => { button.disabled = false; progress.classList.remove("htmx-request"); });
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "running-work") tell();
});
// A check that was over before the upload had led to its page is told of as one that ends on the page.
if (performance.getEntriesByType("navigation")[0]?.redirectCount) tell();

function tell() {
  const state = document.getElementById("import-state");
  if (!state?.dataset.status) return;
  document.title = state.dataset.title;
  document.getElementById("status").textContent = state.dataset.status;
  document.getElementById("state-heading").focus();
}
