// One file in pieces of 1 MB. The platform says how much it has, so a cut, a reload or another
// browser goes on from there: it knows the unfinished file by name, size and content.
import { showLost } from "./session.js";
import { Sha256 } from "./upload-sha256.js";

export const PIECE = 1024 * 1024;
const PAUSES = [1000, 3000, 8000, 15000];

export class Refused extends Error {}

export async function hashOf(file, told = () => {}) {
  const sum = new Sha256();
  for (let at = 0; at < file.size; at += PIECE) {
    sum.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
    told(Math.min(1, (at + PIECE) / file.size));
  }
  return sum.hex();
}

const wait = (time) => new Promise((done) => { setTimeout(done, time); });

// A cut line is tried again a few times; an answer of the platform is final.
async function ask(url, options, token) {
  const headers = { "X-CSRFToken": token, "X-Requested-With": "fetch" };
  for (let turn = 0; ; turn += 1) {
    let response;
    try {
      response = await fetch(url, { credentials: "same-origin", headers, ...options });
    } catch {
      if (turn >= PAUSES.length) throw new Refused("网络中断，重新选择同一个文件即可续传");
      await wait(PAUSES[turn]);
      continue;
    }
    if (response.status === 401) {
      showLost();
      throw new Refused("登录已失效，登录后重新选择同一个文件即可续传");
    }
    if (response.status >= 500 && turn < PAUSES.length) {
      await wait(PAUSES[turn]);
      continue;
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok || response.status === 409) return answer;
    throw new Refused([answer.message, answer.hint].filter(Boolean).join("。") || "平台没有接收");
  }
}

function form(values) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.append(name, value);
  return body;
}

// Sends what the platform does not have yet and has it check the whole; resolves to its number.
export async function sendFile(file, { url, token, region, told }) {
  told("核对", 0);
  const sha256 = await hashOf(file, (share) => told("核对", share));
  const begun = { name: file.name, size: file.size, sha256 };
  let state = await ask(url, { method: "POST", body: form(begun) }, token);
  const own = `${url}${state.id}/`;
  while (!state.done && state.received < file.size) {
    const at = state.received;
    told(at ? "续传" : "上传", at / file.size);
    const body = await file.slice(at, at + PIECE).arrayBuffer();
    const answer = await ask(`${own}?offset=${at}`, { method: "PUT", body }, token);
    state = { ...state, ...answer };
  }
  told("检查", 1);
  const kept = await ask(`${own}finish/`, { method: "POST", body: form({ region }) }, token);
  return kept.id;
}
