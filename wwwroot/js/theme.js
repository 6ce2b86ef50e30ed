// Runs before the page is drawn: where the user chose no theme, the system's is taken, without a flash.
const dark = matchMedia("(prefers-color-scheme: dark)");
if (!document.documentElement.dataset.bsTheme) {
  const follow = () => { document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  follow();
  dark.addEventListener("change", follow);
}
