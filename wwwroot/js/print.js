// The print page opens the browser's print dialog by itself, and again on its button.
const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => print());
if (document.readyState === "complete") print();
else addEventListener("load", () => print());
