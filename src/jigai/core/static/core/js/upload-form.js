// <form data-pieces="…">: files travel in pieces as soon as they are chosen; the form then sends
// their numbers. Without this script the form sends the files themselves.
import { each, sizeText } from "./ready.js";
import { sendFile } from "./upload-pieces.js";

const MOST = 10;
const TOGETHER = 2;

each("form[data-pieces]", (form) => {
  const box = form.querySelector("[data-file-box]");
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector(".jg-file-list");
  const note = form.querySelector("[data-pieces-note]");
  const button = form.querySelector("[type=submit]");
  const limit = Number(box.dataset.maxBytes) || Infinity;
  const items = new Map();
  let running = 0;
  let wanted = false;

  const key = (file) => `${file.name}|${file.size}|${file.lastModified}`;
  const value = (name) => form.elements[name]?.value ?? "";

  function draw(item) {
    if (!item.line) {
      item.line = document.createElement("li");
      const name = document.createElement("span");
      name.className = "jg-file-name";
      name.textContent = item.file.name;
      item.note = document.createElement("span");
      item.note.className = "jg-file-note";
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "btn btn-sm btn-ghost-secondary";
      drop.textContent = "移除";
      drop.addEventListener("click", () => {
        items.delete(key(item.file));
        refresh();
      });
      item.line.append(name, item.note, drop);
    }
    const size = sizeText(item.file.size);
    item.note.textContent = item.error ? item.error : item.id ? `${size}，已上传` : `${size}${item.words}`;
    item.line.classList.toggle("is-bad", Boolean(item.error));
  }

  function refresh() {
    for (const item of items.values()) draw(item);
    list.replaceChildren(...[...items.values()].map((item) => item.line));
    const all = [...items.values()];
    const done = all.filter((item) => item.id).length;
    const open = all.filter((item) => !item.id && !item.error).length;
    input.required = all.length === 0;
    note.textContent = open ? `正在上传，已完成 ${done} / ${all.length}` : done ? `${done} 个文件已上传` : "";
    if (wanted && !open) {
      wanted = false;
      button.removeAttribute("aria-busy");
      // A form does not send itself while it is still being told to.
      if (done) setTimeout(leave, 0);
    }
  }

  async function start(item) {
    running += 1;
    try {
      item.id = await sendFile(item.file, {
        url: form.dataset.pieces,
        token: value("csrfmiddlewaretoken"),
        region: value("region"),
        told: (words, share) => {
          item.words = `，${words} ${Math.floor(share * 100)}%`;
          draw(item);
        },
      });
    } catch (problem) {
      item.error = problem.message || "没有传成，请重新选择";
    }
    running -= 1;
    next();
    refresh();
  }

  function next() {
    for (const item of items.values()) {
      if (running >= TOGETHER) return;
      if (item.waiting) {
        item.waiting = false;
        start(item);
      }
    }
  }

  function leave() {
    for (const old of form.querySelectorAll("input[name=upload]")) old.remove();
    for (const item of items.values()) {
      if (!item.id) continue;
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "upload";
      field.value = item.id;
      form.append(field);
    }
    input.disabled = true;
    form.requestSubmit(button);
  }

  box.addEventListener("jg:files", (event) => {
    event.preventDefault();
    for (const file of event.detail.files) {
      if (items.has(key(file)) && !items.get(key(file)).error) continue;
      const item = { file, words: "，等待上传", waiting: true };
      if (file.size > limit) Object.assign(item, { waiting: false, error: "超过大小上限，请拆成几个文件" });
      else if (file.size === 0) Object.assign(item, { waiting: false, error: "空文件，请重新导出" });
      else if (items.size >= MOST) Object.assign(item, { waiting: false, error: `一次最多 ${MOST} 个文件` });
      items.set(key(file), item);
    }
    input.value = "";
    input.setCustomValidity("");
    next();
    refresh();
  });

  // Before the house's own handler, which lets a form go only once.
  form.addEventListener("submit", (event) => {
    if (input.disabled || items.size === 0) return;
    event.preventDefault();
    event.stopPropagation();
    wanted = true;
    button.setAttribute("aria-busy", "true");
    refresh();
  });
});
