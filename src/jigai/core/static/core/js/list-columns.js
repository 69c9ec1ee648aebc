// The column chooser: a column is moved up or down; the form then sends the columns in that order.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-column-up], [data-column-down]");
  if (!button) return;
  const line = button.closest("li");
  const up = button.matches("[data-column-up]");
  const other = up ? line.previousElementSibling : line.nextElementSibling;
  if (!other) return;
  if (up) other.before(line);
  else other.after(line);
  button.focus();
});
