// Sliders of the policy sandbox: the slider writes the typed text, the typed text moves the slider.
// What is sent is the text alone, so the page works without this.
const each = (selector, setUp) => document.querySelectorAll(selector).forEach(setUp);
const NUMBER = /-?\d+(?:\.\d+)?/;

each("[data-lever]", (row) => {
  const range = row.querySelector("input[type=range]");
  const text = row.querySelector("input[type=text]");
  if (!range || !text) return;
  const mark = () => row.classList.toggle("jg-mock-changed", text.value.trim() !== row.dataset.before);
  range.addEventListener("input", () => {
    text.value = `${row.dataset.head}${range.value}${row.dataset.tail}`;
    mark();
  });
  text.addEventListener("input", () => {
    const found = text.value.match(NUMBER);
    if (found) range.value = found[0];
    mark();
  });
  mark();
});

each("[data-lever-reset]", (button) => {
  button.addEventListener("click", () => {
    for (const row of document.querySelectorAll("[data-lever]")) {
      const text = row.querySelector("input[type=text]");
      text.value = row.dataset.before;
      text.dispatchEvent(new Event("input"));
    }
  });
});

// Files are asked for only where the population comes from files.
each("[data-population]", (select) => {
  const show = () => {
    for (const box of document.querySelectorAll("[data-for-population]")) {
      box.hidden = box.dataset.forPopulation !== select.value;
    }
  };
  select.addEventListener("change", show);
  show();
});
