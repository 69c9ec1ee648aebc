// 展开 / 收起 of the query form.
import { each } from "./ready.js";

each("[data-query-fold]", (button) => {
  const form = button.closest(".jg-query");
  button.addEventListener("click", () => {
    const open = form.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
    button.querySelector("span").textContent = open ? "收起" : "展开";
  });
});
