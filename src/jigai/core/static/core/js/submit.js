// A form is sent once. The server knows by the nonce; here the button only says so and rests.

const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  // getAttribute: a field named "method" would hide the property of the form.
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  const button = event.submitter ?? form.querySelector("[type=submit]");
  // After this turn: a disabled button would not be part of what is sent.
  setTimeout(() => button?.setAttribute("aria-busy", "true"), 0);
  // A download does not leave the page; the button must not rest for ever.
  setTimeout(() => release(form), form.hasAttribute("data-download") ? 1500 : 20000);
});

function release(form) {
  sent.delete(form);
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// Back button: the page comes from the browser's memory as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) release(form);
});

// The same for forms htmx sends.
for (const [name, value] of [["htmx:beforeRequest", "true"], ["htmx:afterRequest", null]]) {
  document.addEventListener(name, (event) => {
    const form = event.detail.elt.closest("form[hx-post]");
    const button = form?.querySelector("[type=submit]");
    if (!button) return;
    if (value) button.setAttribute("aria-busy", value);
    else button.removeAttribute("aria-busy");
  });
}
