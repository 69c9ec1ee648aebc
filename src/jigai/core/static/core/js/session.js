// When a part of a page cannot be fetched, say what happened and keep the page as it is.
import { toast } from "./ready.js";

const lost = document.getElementById("jg-lost");
const polls = (element) => element.matches?.("[hx-trigger^='every']") ?? false;

export function showLost() {
  if (lost) lost.hidden = false;
}

// A panel that asks for itself must not ask for ever once nobody is signed in.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (lost && !lost.hidden && polls(event.detail.elt)) event.preventDefault();
});

// Nor say every two seconds that the network is away.
let toldAt = 0;
function tell(text, element) {
  if (polls(element) && Date.now() - toldAt < 60000) return;
  toldAt = Date.now();
  toast(text, "error");
}

document.addEventListener("htmx:responseError", (event) => {
  const { status, responseText } = event.detail.xhr;
  if (status === 401) {
    showLost();
    return;
  }
  const type = event.detail.xhr.getResponseHeader("Content-Type") ?? "";
  const own = type.startsWith("text/plain") && responseText.length < 300 ? responseText : "";
  tell(own || words(status, type, responseText), event.detail.elt);
});

function words(status, type, text) {
  if (type.startsWith("text/html") && text.length < 4000) {
    const part = new DOMParser().parseFromString(text, "text/html").querySelector("[data-problem]");
    if (part) return part.textContent.trim();
  }
  if (status === 403) return "您没有这项操作的权限，需要时请联系本单位的平台管理员。";
  if (status === 404) return "内容不存在，或不在您可以查看的范围内。";
  if (status === 409) return "这条记录刚被别人改过，请刷新后再试。";
  if (status === 413) return "文件太大，平台没有接收。";
  if (status === 429) return "操作太频繁，请稍等一会儿再试。";
  return "平台没有处理成功，您填写的内容还在。请稍后重试。";
}

document.addEventListener("htmx:sendError", (event) => {
  tell("连接不上平台，请检查网络。您填写的内容还在。", event.detail.elt);
});

document.querySelector("[data-close-lost]")?.addEventListener("click", () => { lost.hidden = true; });
