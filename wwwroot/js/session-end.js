// Empties the page when its session has ended, by its time or in another tab, and asks for it again: the server leads to the sign-in page.
const seconds = Number(document.querySelector("script[data-seconds]")?.dataset.seconds ?? 0);
// Of this site alone: another may be below the same host.
const tabs = new BroadcastChannel(`session-end ${new URL(".", import.meta.url).pathname}`);
let end = 0;
let timer;

if (seconds) {
  tabs.addEventListener("message", ({ data }) => {
    end = data && Math.max(end, data);
    check();
  });
  // The header asks by itself what runs, which prolongs nothing.
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.elt.id !== "running-work") begin(); });
  // A computer that slept has not counted the time.
  document.addEventListener("visibilitychange", check);
  begin();
} else if (performance.getEntriesByType("navigation")[0]?.responseStatus < 400) {
  tabs.postMessage(0);
}

function begin() {
  end = Date.now() + seconds * 1000;
  tabs.postMessage(end);
  check();
}

function check() {
  clearTimeout(timer);
  if (Date.now() < end) {
    timer = setTimeout(check, end - Date.now());
    return;
  }
  document.body.replaceChildren();
  document.title = "CreditUsage";
  // Without the fragment, with which the browser would only scroll.
  location.replace(location.pathname + location.search);
}
