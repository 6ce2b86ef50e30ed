// On Saved Reports: the PDFs in the folder that reports are saved to, where there is one.
import * as folder from "./reports-folder.js";

const by = (id) => document.getElementById(id);
const chosen = await folder.chosen().catch(() => undefined);

if (chosen) {
  by("folder").hidden = false;
  by("folder-name").textContent = chosen.name;
  if (await chosen.queryPermission({ mode: "readwrite" }) === "granted") await list();
  else by("show-folder").hidden = false;
}

by("show-folder").addEventListener("click", async () => {
  if (await folder.permitted(chosen).catch(() => false)) await list();
  else by("folder-message").textContent = `The browser was not allowed to look into ${chosen.name}.`;
});

async function list() {
  const files = [];
  try {
    for await (const entry of chosen.values()) if (entry.kind === "file" && entry.name.toLowerCase().endsWith(".pdf")) files.push(entry);
  } catch {
    by("folder-message").textContent = `${chosen.name} could not be read: it is missing or locked.`;
    return;
  }
  by("show-folder").hidden = true;
  by("folder-message").textContent = files.length ? `${chosen.name} on this computer:` : `There is no PDF in ${chosen.name}.`;
  files.sort((one, other) => other.name.localeCompare(one.name, "en-GB"));
  by("folder-files").replaceChildren(...files.map(item));
}

function item(entry) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link";
  button.textContent = entry.name;
  button.addEventListener("click", async () => open(URL.createObjectURL(await entry.getFile()), "_blank", "noopener"));
  const line = document.createElement("li");
  line.append(button);
  return line;
}
