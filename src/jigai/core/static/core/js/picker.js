// Searchable choices: name, pinyin or initials. Tom Select is fetched only where one is on the page;
// until then, and without scripts, it is an ordinary <select>.
import { each, loadScript } from "./ready.js";

const plain = (text) => (text ?? "").toLowerCase().replaceAll(" ", "");

function settings(select) {
  const url = select.dataset.pickerUrl;
  const shared = {
    maxOptions: 200,
    maxItems: select.multiple ? null : 1,
    allowEmptyOption: false,
    searchField: ["text", "find"],
    placeholder: select.options[0]?.value === "" ? select.options[0].text : "",
    hideSelected: select.multiple,
    // Pinyin is matched from its start or from a syllable's; names anywhere.
    score(search) {
      const wanted = plain(search);
      return (item) => scoreOf(item, wanted);
    },
    render: {
      option: (item, escape) =>
        `<div>${escape(item.text)}${item.note ? `<span class="jg-option-note">${escape(item.note)}</span>` : ""}</div>`,
      no_results: () => '<div class="no-results">没有找到，请换个写法</div>',
      loading: () => '<div class="no-results">正在查找…</div>',
      not_loading: () => "",
    },
  };
  return url ? { ...shared, load: loader(url), preload: "focus" } : shared;
}

function scoreOf(item, wanted) {
  if (!wanted) return 1;
  if (plain(item.text).startsWith(wanted)) return 4;
  if (plain(item.text).includes(wanted)) return 3;
  const words = (item.find ?? "").toLowerCase().split(/\s+/);
  if (words.some((word) => word.startsWith(wanted))) return 2;
  return plain(item.find).includes(wanted) ? 1 : 0;
}

function loader(url) {
  return async (query, done) => {
    try {
      const answer = await fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(query)}`, {
        headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      });
      const { results } = await answer.json();
      done(results.map((row) => ({
        value: row.code,
        text: row.name,
        note: row.note ?? "",
        find: `${row.pinyin ?? ""} ${row.initials ?? ""} ${row.code}`,
      })));
    } catch {
      done();
    }
  };
}

// Tom Select hides the <select> and makes an input; it must carry the same label and notes.
function label(control, select, words) {
  const input = control.control_input;
  for (const part of words ? [input, select] : []) part.setAttribute("aria-label", words);
  const notes = select.getAttribute("aria-describedby");
  if (notes) input.setAttribute("aria-describedby", notes);
}

each("select[data-picker]", async (select) => {
  for (const option of select.options) {
    option.dataset.data = JSON.stringify({
      value: option.value, text: option.text, find: option.dataset.find ?? "",
    });
  }
  await loadScript(document.documentElement.dataset.tomSelect);
  // Read first: Tom Select leads the <label> to its own input.
  const words = select.labels?.[0]?.textContent.replace("*", "").trim();
  label(new window.TomSelect(select, settings(select)), select, words);
});
