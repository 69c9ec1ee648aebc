// The frame: menu width, folded groups, row height, the search shortcut, closing of messages.
import { each, remember } from "./ready.js";

const root = document.documentElement;

each("[data-menu-toggle]", (button) => {
  const show = () => button.setAttribute("aria-pressed", String(root.dataset.menu === "narrow"));
  show();
  button.addEventListener("click", () => {
    root.dataset.menu = root.dataset.menu === "narrow" ? "wide" : "narrow";
    remember("jg_menu", root.dataset.menu);
    show();
    window.dispatchEvent(new Event("resize"));
  });
});

each("[data-density-set]", (button) => {
  button.addEventListener("click", () => {
    root.dataset.density = button.dataset.densitySet;
    remember("jg_density", root.dataset.density);
  });
});

each("[data-menu-group]", (group) => {
  const key = `jg-menu:${group.dataset.menuGroup}`;
  const holdsCurrent = group.querySelector("[aria-current]") !== null;
  if (localStorage.getItem(key) === "closed" && !holdsCurrent) group.open = false;
  group.addEventListener("toggle", () => {
    localStorage.setItem(key, group.open ? "open" : "closed");
  });
});

// After a form came back with errors the keyboard starts at their list.
each("[data-focus-me]", (element) => {
  if (!element.closest("[data-no-focus]")) element.focus();
});

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-dismiss]");
  if (close) close.closest(".jg-alert")?.remove();
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (target) {
    event.preventDefault();
    target.focus();
  }
});

// The thin line at the top stands for every request of htmx.
let waiting = 0;
const busy = document.querySelector(".jg-busy");
const count = (step) => {
  waiting = Math.max(0, waiting + step);
  busy?.classList.toggle("is-on", waiting > 0);
};
// A panel that asks for itself every two seconds is not somebody waiting.
const counts = (event) => !event.detail.elt.matches("[hx-trigger^='every']");
document.addEventListener("htmx:beforeRequest", (event) => counts(event) && count(1));
document.addEventListener("htmx:afterRequest", (event) => counts(event) && count(-1));
