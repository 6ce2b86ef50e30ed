// A form with one file: dropping it, and refusing one that is too large before it is sent.

/** Sets the form up and answers a function that says whether the file may be sent. */
export function fileForm(form) {
  const area = document.getElementById("drop-area");
  const input = document.getElementById("file");
  const fault = document.getElementById("file-fault");

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
    form.querySelector("button[type=submit]").focus();
  });
  input.addEventListener("change", check);
  return check;

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
