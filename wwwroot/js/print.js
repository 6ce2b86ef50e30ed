// The print page opens the browser's print dialog by itself, and again on its button.
document.getElementById("print").addEventListener("click", () => print());
if (document.readyState === "complete") print();
else addEventListener("load", () => print());
