// Buttons that copy a text, such as a checksum. Browsers offer the clipboard on https and on this computer only; elsewhere the button stays hidden.
const status = document.getElementById("copied");

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    status.textContent = "Checksum copied";
  } catch {
    button.parentElement.querySelector("details").open = true;
    status.textContent = "The browser did not allow copying. Open the checksum and select it.";
  }
}
