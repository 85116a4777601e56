// Pages without a user: a form is sent once, and a password can be looked at.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.busy) return event.preventDefault();
  event.target.dataset.busy = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach((form) => {
  delete form.dataset.busy;
  form.querySelectorAll("[aria-busy]").forEach((el) => el.removeAttribute("aria-busy"));
}));
document.addEventListener("click", (event) => {
  const eye = event.target.closest("[data-reveal]");
  if (!eye) return;
  const field = document.getElementById(eye.dataset.reveal), shown = field.type === "text";
  field.type = shown ? "password" : "text";
  eye.setAttribute("aria-pressed", !shown);
});
