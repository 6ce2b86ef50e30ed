// The folder that reports are saved to, where the browser can write into one. Only its name can be known, never its path.
export const supported = "showDirectoryPicker" in window;
export const wantedName = "ONE Credit Usage Reports";

const store = "folders";
const key = "reports";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("credit-usage", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction(store, mode).objectStore(store));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

export const chosen = () => (supported ? inStore("readonly", (folders) => folders.get(key)) : Promise.resolve(undefined));
export const remember = (folder) => inStore("readwrite", (folders) => folders.put(folder, key));
export const forget = () => inStore("readwrite", (folders) => folders.delete(key));

/** Asks the user. Rejects with an AbortError for Cancel and for a folder that the browser refuses: they look the same. */
export function pick(startIn) {
  return showDirectoryPicker({ id: "credit-usage-reports", startIn: startIn ?? "documents", mode: "readwrite" });
}

/** Whether the folder may be written to. Must be called while a click still counts. */
export async function permitted(folder) {
  const wanted = { mode: "readwrite" };
  return await folder.queryPermission(wanted) === "granted" || await folder.requestPermission(wanted) === "granted";
}

/** Writes under the name, or under the next free "name (2)"; nothing is ever overwritten. Returns the name used. */
export async function write(folder, name, content) {
  const free = await freeName(folder, name);
  const file = await folder.getFileHandle(free, { create: true });
  try {
    const writable = await file.createWritable();
    await writable.write(content);
    await writable.close();
  } catch (problem) {
    await folder.removeEntry(free).catch(() => {});
    throw problem;
  }
  return free;
}

async function freeName(folder, name) {
  const dot = name.lastIndexOf(".");
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name.slice(0, dot)} (${number})${name.slice(dot)}`;
    try {
      await folder.getFileHandle(candidate);
    } catch (problem) {
      if (problem.name === "NotFoundError") return candidate;
      throw problem;
    }
  }
}
