// Set Save Path and Save To PDF. Without scripts the form posts by itself and the browser downloads what it gets.
import { save as download } from "./downloads.js";
import * as folder from "./reports-folder.js";

const by = (id) => document.getElementById(id);
const panelMessage = by("save-path-message");
const saveMessage = by("save-message");

async function show() {
  const chosen = await folder.chosen().catch(() => undefined);
  by("save-path-current").textContent = chosen ? `${chosen.name} (on this computer)` : "your browser's download folder";
  by("save-path-download").hidden = folder.supported;
  by("save-path-folder").hidden = !folder.supported;
  by("choose-folder").textContent = chosen ? "Change" : "Choose folder";
  by("stop-using-folder").hidden = !chosen;
  by("create-subfolder").hidden = !chosen || chosen.name === folder.wantedName;
}

by("set-save-path").addEventListener("click", (event) => {
  event.preventDefault();
  const panel = by("save-path");
  event.currentTarget.setAttribute("aria-expanded", panel.classList.toggle("open"));
  if (panel.classList.contains("open")) panel.focus();
});

by("choose-folder").addEventListener("click", async () => {
  try {
    await folder.remember(await folder.pick(await folder.chosen()));
    panelMessage.textContent = "Reports will be saved to this folder.";
  } catch (problem) {
    panelMessage.textContent = problem.name === "AbortError"
      ? "No folder was chosen: either you cancelled, or the browser does not accept that folder. It refuses Documents itself; make a new folder inside it and choose that."
      : "The folder could not be used. Reports will be downloaded instead.";
  }
  await show();
});

by("create-subfolder").addEventListener("click", async () => {
  try {
    const chosen = await folder.chosen();
    if (!await folder.permitted(chosen)) throw new Error("refused");
    await folder.remember(await chosen.getDirectoryHandle(folder.wantedName, { create: true }));
    panelMessage.textContent = `Created “${folder.wantedName}”. Reports will be saved there.`;
  } catch {
    panelMessage.textContent = "The folder could not be made. Choose one that can be written to.";
  }
  await show();
});

by("stop-using-folder").addEventListener("click", async () => {
  await folder.forget();
  panelMessage.textContent = "Reports will be downloaded to your browser's download folder.";
  await show();
});

// The results are swapped, so the form is listened for above them.
document.addEventListener("submit", async (event) => {
  if (event.target.id !== "save-pdf") return;
  event.preventDefault();
  const button = event.target.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  by("save-progress").hidden = false;
  saveMessage.textContent = "";
  try {
    await save(event.target);
  } finally {
    button.disabled = false;
    if (document.activeElement === document.body) button.focus();
    const progress = by("save-progress");
    if (progress) progress.hidden = true;
  }
});

async function save(form) {
  const { target, because } = await destination();
  let content;
  try {
    content = await request(form);
  } catch (problem) {
    say(problem.message, true);
    return;
  }
  if (!content) return;
  markSaved();
  const name = form.dataset.fileName;
  if (!target) {
    download(content, name);
    say(`${because} ${name} was downloaded. A copy is in Saved Reports.`.trim());
    return;
  }
  try {
    const used = await folder.write(target, name, content);
    say(`Saved ${used} to ${target.name}. A copy is in Saved Reports.`);
  } catch (problem) {
    if (problem.name === "NotFoundError") await folder.forget();
    await show();
    download(content, name);
    say(`${target.name} could not be saved to: the folder is missing, locked or refused. ${name} was downloaded instead. A copy is in Saved Reports.`);
  }
}

/** The folder to write to, asked for first, while the click still counts; or none, and why. */
async function destination() {
  const chosen = await folder.chosen().catch(() => undefined);
  if (!chosen) return { target: null, because: "" };
  const granted = await folder.permitted(chosen).catch(() => false);
  return granted ? { target: chosen, because: "" } : { target: null, because: `The browser was not allowed to write to ${chosen.name}.` };
}

/** The PDF; or nothing, where it is made in the background and the page about that is on its way. */
async function request(form) {
  let response;
  try {
    response = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "follow" });
  } catch {
    throw new Error("The server could not be reached, so no PDF was saved. Try again.");
  }
  if (response.redirected && new URL(response.url).pathname.includes("/usage-report/jobs/")) {
    location.assign(response.url);
    return null;
  }
  if (response.redirected) {
    location.assign(location.href);
    throw new Error("You were signed out. Sign in and save again.");
  }
  const pdf = response.headers.get("content-type")?.startsWith("application/pdf");
  if (response.ok && pdf) return response.blob();
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  throw new Error(page.querySelector("[data-problem]")?.textContent ?? `No PDF was saved: the server answered ${response.status}. Try again, or use Print.`);
}

function markSaved() {
  by("open-reports-folder").hidden = false;
  by("no-reports-folder").hidden = true;
}

function say(text, wrong = false) {
  saveMessage.textContent = text;
  saveMessage.classList.toggle("text-danger-emphasis", wrong);
}

await show();
