// A report in the background: says how it ended, and shows that in the title of the tab. Download saves to the chosen folder, as the report's page does.
import * as folder from "./reports-folder.js";

document.querySelector(".fault-summary[data-focus]")?.focus();

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "running-work") return;
  const state = document.getElementById("job-state");
  document.title = state.dataset.title;
  const cancel = document.getElementById("cancel-form");
  if (cancel) cancel.hidden = !state.dataset.canCancel;
  if (!state.dataset.status) return;
  document.getElementById("status").textContent = state.dataset.status;
  document.getElementById("state-heading").focus();
});

const chosen = folder.chosen().catch(() => undefined);

// The state is swapped, so its links are listened for above it.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-save-as]");
  if (!link) return;
  event.preventDefault();
  const target = await chosen;
  if (!target) {
    location.assign(link.href);
    return;
  }
  const message = document.getElementById("save-message");
  try {
    message.textContent = `Saved ${await save(link, target)} to ${target.name}.`;
  } catch {
    message.textContent = `${target.name} could not be saved to: the folder is missing, locked or refused. ${link.dataset.saveAs} was downloaded instead.`;
    location.assign(link.href);
  }
});

async function save(link, target) {
  if (!await folder.permitted(target)) throw new Error("refused");
  const response = await fetch(link.href);
  if (!response.ok || !response.headers.get("content-type")?.startsWith("application/pdf")) throw new Error("no PDF");
  return folder.write(target, link.dataset.saveAs, await response.blob());
}
