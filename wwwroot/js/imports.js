// Around uploads and imports: dropping a file, refusing one that is too large before it is sent, and saying how a check ended.
const form = document.getElementById("upload-form");

document.querySelector(".fault-summary[data-focus]")?.focus();
if (form) upload();

function upload() {
  const area = document.getElementById("drop-area");
  const input = document.getElementById("file");
  const fault = document.getElementById("file-fault");
  const progress = document.getElementById("upload-progress");
  const button = form.querySelector("button[type=submit]");

  document.getElementById("drop-hint").hidden = false;

  // Everywhere: a file that misses the area would take the browser away from the page.
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
  area.addEventListener("dragover", () => area.classList.add("dropping"));
  area.addEventListener("dragleave", (event) => { if (!area.contains(event.relatedTarget)) area.classList.remove("dropping"); });
  area.addEventListener("drop", (event) => {
    area.classList.remove("dropping");
    const files = event.dataTransfer.files;
    if (files.length !== 1) {
      say(files.length > 1 ? "Drop one file at a time." : "Drop a file.");
      return;
    }
    input.files = files;
    check();
    button.focus();
  });
  input.addEventListener("change", check);
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

  /** Whether the file may be sent. */
  function check() {
    const tooLarge = input.files[0]?.size > Number(form.dataset.mostBytes);
    say(tooLarge ? form.dataset.tooLarge : "");
    return !tooLarge;
  }

  function say(problem) {
    fault.textContent = problem;
    fault.hidden = problem === "";
    input.setAttribute("aria-describedby", problem ? "file-hint file-fault" : "file-hint");
    if (problem) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

document.body.addEventListener("htmx:afterSwap", () => {
  const state = document.getElementById("import-state");
  if (!state?.dataset.status) return;
  document.title = state.dataset.title;
  document.getElementById("status").textContent = state.dataset.status;
  document.getElementById("state-heading").focus();
});
