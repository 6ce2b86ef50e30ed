// Around every page: remembers which groups of the navigation are closed, and says when running work has ended.
const groups = [...document.querySelectorAll(".site-navigation details")];
// By https the site takes only cookies with this prefix.
const secure = location.protocol === "https:";
const cookie = `${secure ? "__Host-" : ""}CreditUsage.Navigation`;

for (const group of groups) {
  group.querySelector("summary").addEventListener("click", () => {
    // Before the click has acted: an open group is about to be closed.
    const closed = groups.filter((other) => other === group ? other.open : !other.open).map((other) => other.dataset.group);
    document.cookie = `${cookie}=${closed.join(".")}; path=/; max-age=31536000; samesite=lax${secure ? "; secure" : ""}`;
  });
}

const work = document.getElementById("running-work");
const ended = () => [...work.querySelectorAll(".work:not([data-work=running]) .work-label")].map((label) => label.textContent).join(". ");
let told = ended();

work.addEventListener("htmx:afterSwap", () => {
  const now = ended();
  if (now !== told) document.getElementById("work-status").textContent = now;
  told = now;
});
