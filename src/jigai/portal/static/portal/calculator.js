// Printing: everything that is folded is opened first, so that the paper holds the whole trace.
window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll(".jg-calc-trace")) part.open = true;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print-page]")) window.print();
});
