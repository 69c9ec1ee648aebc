// Tick boxes of a list and the bar that appears while some are ticked.
// [data-check-all] in the head, [data-check-row] in the rows, [data-bulk-bar] with
// [data-bulk-count]; all inside one .jg-list. Shift-click ticks a span.

const rowsOf = (list) => [...list.querySelectorAll("[data-check-row]")];

function show(list) {
  const rows = rowsOf(list);
  const chosen = rows.filter((box) => box.checked);
  for (const box of rows) box.closest("tr")?.classList.toggle("is-chosen", box.checked);
  const all = list.querySelector("[data-check-all]");
  if (all) {
    all.checked = rows.length > 0 && chosen.length === rows.length;
    all.indeterminate = chosen.length > 0 && chosen.length < rows.length;
  }
  const bar = list.querySelector("[data-bulk-bar]");
  if (bar) bar.hidden = chosen.length === 0;
  for (const count of list.querySelectorAll("[data-bulk-count]")) count.textContent = chosen.length;
}

let last = null;

document.addEventListener("click", (event) => {
  const list = event.target.closest(".jg-list");
  if (!list) return;
  if (event.target.matches("[data-check-all]")) {
    for (const box of rowsOf(list)) box.checked = event.target.checked;
    show(list);
  } else if (event.target.matches("[data-check-row]")) {
    const rows = rowsOf(list);
    if (event.shiftKey && last && rows.includes(last)) {
      const [from, to] = [rows.indexOf(last), rows.indexOf(event.target)].sort((a, b) => a - b);
      for (const box of rows.slice(from, to + 1)) box.checked = event.target.checked;
    }
    last = event.target;
    show(list);
  } else if (event.target.closest("[data-check-none]")) {
    for (const box of rowsOf(list)) box.checked = false;
    show(list);
  }
});

// After the back button boxes may still be ticked.
window.addEventListener("pageshow", () => document.querySelectorAll(".jg-list").forEach(show));
document.addEventListener("htmx:load", (event) => {
  const list = event.detail.elt.closest?.(".jg-list");
  if (list) show(list);
});
