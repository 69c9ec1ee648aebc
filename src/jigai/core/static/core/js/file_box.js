// Drag and drop, names and sizes before sending, and progress while sending.
// Without scripts it is a plain file input in a form. The chunked upload of imports listens to
// "jg:files" on the box (detail.files) and may call preventDefault to take over.
import { each, sizeText } from "./ready.js";
import { showLost } from "./session.js";

function line(file, limit) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.className = "jg-file-name";
  name.textContent = file.name;
  const note = document.createElement("span");
  note.className = "jg-file-note";
  const tooBig = file.size > limit;
  note.textContent = sizeText(file.size) + (tooBig ? "，超过上限" : file.size === 0 ? "，空文件" : "");
  if (tooBig || file.size === 0) item.classList.add("is-bad");
  item.append(name, note);
  return item;
}

each("[data-file-box]", (box) => {
  const input = box.querySelector("input[type=file]");
  const drop = box.querySelector(".jg-drop");
  const list = box.querySelector(".jg-file-list");
  const limit = Number(box.dataset.maxBytes) || Infinity;
  box.classList.add("is-ready");

  const show = () => {
    const lines = [...input.files].map((file) => line(file, limit));
    list.replaceChildren(...lines);
    const bad = lines.some((item) => item.classList.contains("is-bad"));
    input.setCustomValidity(bad ? "有文件不能上传，请换一个" : "");
    box.dispatchEvent(new CustomEvent("jg:files", { detail: { files: [...input.files] }, cancelable: true }));
  };
  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, () => drop.classList.add("is-over"));
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("is-over"));

  if (input.form?.hasAttribute("data-upload")) input.form.addEventListener("submit", (e) => send(e, box));
});

// <form data-upload>: sent by XMLHttpRequest, the only way a browser tells how much has gone.
function send(event, box) {
  if (event.defaultPrevented) return;
  event.preventDefault();
  const form = event.target;
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  const bar = box.querySelector("progress");
  const request = new XMLHttpRequest();
  const body = new FormData(form, event.submitter);
  bar.hidden = false;
  request.upload.addEventListener("progress", (e) => { bar.value = (100 * e.loaded) / e.total; });
  request.addEventListener("load", () => {
    if (request.status === 401) return stop(box, "登录已失效，请重新登录后再传", showLost);
    if (request.status >= 400) return stop(box, "平台没有接收，请重试");
    window.location.assign(request.responseURL);
  });
  request.addEventListener("error", () => stop(box, "上传中断，请重试"));
  request.open("POST", form.action);
  request.setRequestHeader("X-Requested-With", "fetch");
  request.send(body);
}

function stop(box, words, then) {
  const form = box.closest("form");
  delete form.dataset.sending;
  box.querySelector("progress").hidden = true;
  for (const note of box.querySelectorAll(".jg-file-note")) note.textContent = words;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  then?.();
}
