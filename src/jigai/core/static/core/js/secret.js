// Shows and hides a typed password; and the back buttons of error pages.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-secret]");
  if (button) {
    const field = document.getElementById(button.dataset.secret);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    field.focus();
  }
  if (event.target.closest("[data-back]")) window.history.back();
});

// A password must never be left readable for the next person, nor be offered by the browser.
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll("[data-secret]")) {
    document.getElementById(button.dataset.secret).type = "password";
  }
});
