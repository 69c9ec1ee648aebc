// Asks before something that cannot be taken back, in a dialog of the page: data-confirm on a
// button, link or form, and hx-confirm. window.confirm would block and cannot be styled or tested.

const dialog = document.getElementById("jg-confirm");

export function ask(text) {
  return new Promise((resolve) => {
    if (!dialog) return resolve(true);
    dialog.querySelector("#jg-confirm-text").textContent = text;
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
    dialog.querySelector("[value=no]").focus();
  });
}

const agreed = new WeakSet();

async function guard(event, element, goOn) {
  if (agreed.has(element)) {
    agreed.delete(element);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await ask(element.dataset.confirm)) {
    agreed.add(element);
    goOn();
  }
}

// In the capture phase, before the guard against double sending sees the event.
document.addEventListener("click", (event) => {
  const element = event.target.closest("a[data-confirm], button[data-confirm]");
  if (element) guard(event, element, () => element.click());
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-confirm]");
  if (form) guard(event, form, () => form.requestSubmit(event.submitter ?? undefined));
}, true);

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question).then((yes) => yes && event.detail.issueRequest(true));
});
