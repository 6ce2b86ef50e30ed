// In a narrow window a table becomes cards (base.css): each cell then needs the heading of its column beside it. Nothing is drawn before, so that nothing moves.
// Tables of few columns fit as they are; those of a column for each day have no sense as cards.
const fewest = 4;
const most = 12;

function label(table) {
  const heads = [...(table.tHead?.rows ?? [])].at(-1)?.cells ?? [];
  if (heads.length < fewest || heads.length > most || table.matches(".saved-list")) return;
  table.classList.add("as-cards");
  for (const body of [...table.tBodies, table.tFoot]) {
    for (const row of body?.rows ?? []) {
      let column = 0;
      for (const cell of row.cells) {
        if (cell.colSpan === 1 && column > 0 && heads[column]) cell.dataset.label = heads[column].textContent.trim();
        cell.classList.toggle("whole-line", cell.textContent.trim().length > 40);
        column += cell.colSpan;
      }
    }
  }
}

const labelAll = () => document.querySelectorAll("main table.table").forEach(label);

document.body.addEventListener("htmx:afterSwap", labelAll);
labelAll();
