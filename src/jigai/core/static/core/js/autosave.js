// Nothing typed is lost: <form data-autosave="key"> keeps its fields in this browser until the
// server has taken them. Passwords, files and the hidden numbers of a form are never kept.
// The server's answer page names the form it has taken: <body … data-autosave-clear="key"> on any
// element. The key must hold the person and the record, so that two people do not share a draft.
import { each } from "./ready.js";

const PREFIX = "jg-draft:";
const MAX_AGE = 14 * 24 * 3600 * 1000;
const kept = (field) =>
  field.name && !["password", "file", "hidden", "submit", "button"].includes(field.type);

function read(form) {
  const values = [];
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      values.push([field.name, field.value, field.checked]);
    } else if (field.multiple) {
      values.push([field.name, [...field.selectedOptions].map((o) => o.value), true]);
    } else {
      values.push([field.name, field.value, true]);
    }
  }
  return values;
}

function write(form, values) {
  for (const [name, value, on] of values) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (!kept(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.value === value) field.checked = on;
      } else if (field.multiple) {
        for (const option of field.options) option.selected = value.includes(option.value);
      } else {
        field.value = value;
      }
      field.tomselect?.sync();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
}

function notice(form, at, restore, drop) {
  const box = document.createElement("div");
  box.className = "jg-alert jg-alert-info";
  box.setAttribute("role", "status");
  const words = document.createElement("div");
  words.textContent = `这里有 ${new Date(at).toLocaleString("zh-CN")} 没有提交的内容。`;
  for (const [label, act] of [["恢复", restore], ["不要了", drop]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm ms-2";
    button.textContent = label;
    button.addEventListener("click", () => { act(); box.remove(); });
    words.append(button);
  }
  box.append(words);
  form.prepend(box);
}

each("[data-autosave-clear]", (element) => {
  localStorage.removeItem(PREFIX + element.dataset.autosaveClear);
});

each("form[data-autosave]", (form) => {
  const key = PREFIX + form.dataset.autosave;
  const first = JSON.stringify(read(form));
  const mark = form.querySelector("[data-autosave-mark]");
  let timer;
  const save = () => {
    const values = read(form);
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
    if (mark) mark.textContent = `已暂存 ${new Date().toLocaleTimeString("zh-CN")}`;
  };
  const draft = JSON.parse(localStorage.getItem(key) ?? "null");
  if (draft && Date.now() - draft.at < MAX_AGE && JSON.stringify(draft.values) !== first) {
    notice(form, draft.at, () => write(form, draft.values), () => localStorage.removeItem(key));
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 600);
  });
  // A page left in a hurry still keeps its last words.
  window.addEventListener("pagehide", () => {
    if (JSON.stringify(read(form)) !== first) save();
  });
});

// A form sent after the session was lost: the answer is the sign-in page, and after it the empty
// form again. What was sent waits in this tab until then, for the same person and place only.
const SENT = "jg-sent";
const person = document.documentElement.dataset.person;
const forms = () => [...document.querySelectorAll("main form[method=post]:not([data-autosave])")];

document.addEventListener("submit", (event) => {
  const at = forms().indexOf(event.target);
  if (at < 0 || !person) return;
  const sent = { at, person, path: location.pathname, when: Date.now(), values: read(event.target) };
  sessionStorage.setItem(SENT, JSON.stringify(sent));
});

const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "null");
if (sent && !person) {
  sessionStorage.setItem(SENT, JSON.stringify({ ...sent, lost: true }));
} else if (sent) {
  sessionStorage.removeItem(SENT);
  const form = forms()[sent.at];
  if (sent.lost && form && sent.person === person && sent.path === location.pathname) {
    notice(form, sent.when, () => write(form, sent.values), () => {});
  }
}
