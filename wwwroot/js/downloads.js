// A download that takes longer than half a second shows that its file is being made, and one that fails says why on the page that it was asked from.
const quick = 500;
const place = document.getElementById("downloads");

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[download], a[data-download]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  fetchFile(link.textContent.trim(), link.href);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-download]")) return;
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  fetchFile(button.textContent.trim(), form.action, { method: "POST", body: new FormData(form) }).finally(() => { button.disabled = false; });
});

async function fetchFile(label, address, request = {}) {
  const stop = new AbortController();
  const line = waitingLine(label, stop);
  const shown = setTimeout(() => place.append(line), quick);
  try {
    const response = await fetch(address, { ...request, signal: stop.signal });
    if (!response.headers.has("content-disposition")) {
      // A page instead of a file: one to go to, such as a sign-in, a report in the background or what must be done first, or one that says what is wrong.
      if ((response.ok && response.redirected) || response.status === 409) return location.assign(response.url);
      throw new Error(await problemOf(response));
    }
    save(await response.blob(), nameOf(response));
    line.remove();
  } catch (problem) {
    if (stop.signal.aborted) line.replaceChildren(`${label}: cancelled`, dismiss(line));
    else line.replaceChildren(`${label}: ${problem instanceof TypeError ? "the server could not be reached. Try again." : problem.message}`, dismiss(line));
    line.dataset.work = stop.signal.aborted ? "cancelled" : "failed";
    place.append(line);
  } finally {
    clearTimeout(shown);
  }
}

function waitingLine(label, stop) {
  const line = document.createElement("p");
  line.className = "work";
  line.dataset.work = "running";
  const icon = document.createElement("span");
  icon.className = "turning-icon";
  icon.setAttribute("aria-hidden", "true");
  const cancel = button("Cancel", () => stop.abort());
  cancel.setAttribute("aria-label", `Cancel ${label}`);
  line.append(icon, `${label}: preparing the file…`, cancel);
  return line;
}

const dismiss = (line) => button("Dismiss", () => line.remove());

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-outline-secondary btn-sm";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

async function problemOf(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("[data-problem]")?.textContent.trim() ?? `the server answered ${response.status}. Try again.`;
}

const nameOf = (response) => {
  const disposition = response.headers.get("content-disposition");
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  return encoded ? decodeURIComponent(encoded) : /filename="?([^";]+)/i.exec(disposition)?.[1] ?? "";
};

export function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
