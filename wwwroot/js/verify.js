// The page that verifies a report: dropping the file, and reading out what was found.
import { fileForm } from "./file-form.js";

const form = document.getElementById("upload-form");
const check = fileForm(form);

document.querySelector("[data-focus]")?.focus();
form.addEventListener("submit", (event) => { if (!check()) event.preventDefault(); });
