// Copy buttons: <button data-copy="text"><span aria-live="polite"></span></button>.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const word = button.querySelector("[aria-live]");
  const ok = await put(button.dataset.copy);
  if (word) word.textContent = ok ? "已复制" : "请手动复制";
  setTimeout(() => { if (word) word.textContent = ""; }, 2000);
});

async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return putByHand(text);
  }
}

// Inside an office network the platform often runs without TLS, where the clipboard is closed.
function putByHand(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  const ok = document.execCommand("copy");
  field.remove();
  return ok;
}
