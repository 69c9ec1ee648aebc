// Help for whoever writes a pack: names of the pack while a formula is typed, the line in a text.
const MOST = 12;
const WORD = /[\p{L}\p{N}_]+$/u;
const data = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "[]");

// What may be written: names of the pack first, then functions.
function known() {
  const names = data("pack-names").map(([word, kind, note]) => ({ word, put: word, kind, note }));
  const functions = data("pack-functions").map(([put, word, note]) => ({ word, put, kind: "写法", note }));
  return [...names, ...functions];
}

function matching(all, typed) {
  const starts = all.filter((one) => one.word.startsWith(typed));
  const holds = all.filter((one) => !one.word.startsWith(typed) && one.word.includes(typed));
  return [...starts, ...holds].slice(0, MOST);
}

function suggest(field) {
  const all = known();
  if (!all.length) return;
  const box = document.createElement("div");
  box.className = "jg-suggest";
  box.hidden = true;
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", "可用的词");
  field.parentElement.classList.add("jg-suggest-box");
  field.after(box);
  let chosen = 0;

  const close = () => { box.hidden = true; };
  const typed = () => WORD.exec(field.value.slice(0, field.selectionStart))?.[0] ?? "";

  function put(one) {
    const place = field.selectionStart;
    const begin = place - typed().length;
    field.setRangeText(one.put, begin, place, "end");
    close();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function draw() {
    const word = typed();
    const found = word ? matching(all, word).filter((one) => one.put !== word) : [];
    box.replaceChildren();
    chosen = 0;
    for (const [index, one] of found.entries()) {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("role", "option");
      button.setAttribute("aria-selected", String(index === chosen));
      const name = document.createElement("strong");
      name.textContent = one.word;
      const note = document.createElement("span");
      note.textContent = [one.kind, one.note].filter(Boolean).join("　");
      button.append(name, note);
      button.addEventListener("mousedown", (event) => { event.preventDefault(); put(one); });
      box.append(button);
    }
    box.hidden = found.length === 0;
  }

  function move(step) {
    const buttons = [...box.children];
    chosen = (chosen + step + buttons.length) % buttons.length;
    buttons.forEach((button, index) => button.setAttribute("aria-selected", String(index === chosen)));
    buttons[chosen].scrollIntoView({ block: "nearest" });
  }

  field.addEventListener("input", draw);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (box.hidden) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" || event.key === "Tab") {
      box.children[chosen].dispatchEvent(new MouseEvent("mousedown", { cancelable: true }));
    } else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}

// The line the cursor is in, and a jump to the line a finding named.
function text(field) {
  const place = document.querySelector("[data-yaml-place]");
  const tell = () => {
    const before = field.value.slice(0, field.selectionStart);
    const line = before.split("\n").length;
    if (place) place.textContent = `第 ${line} 行，第 ${before.length - before.lastIndexOf("\n")} 列`;
  };
  for (const event of ["keyup", "click", "focus"]) field.addEventListener(event, tell);
  const line = Number(field.dataset.line);
  if (line > 0) {
    const lines = field.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
    field.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(field).lineHeight));
    tell();
  }
}

document.querySelectorAll("[data-formula]").forEach(suggest);
document.querySelectorAll("[data-yaml]").forEach(text);

// A form on its way needs no more checking; what is asked then would only be cut off.
let leaving = false;
document.addEventListener("submit", () => { leaving = true; });
document.addEventListener("htmx:beforeRequest", (event) => {
  if (leaving && event.target.matches("#entry-side, #findings")) event.preventDefault();
});
