// The page of a person or a company: the composer's kinds, files chosen, the link, printing.
import { toast } from "./toasts.js";

document.addEventListener("click", (event) => {
  const kind = event.target.closest(".composer .kinds label");
  if (kind && event.target.tagName !== "INPUT") {
    // at once, not when the browser gets to it: whoever presses a letter goes on typing
    const form = kind.closest("form"), radio = kind.querySelector("input"), subject = form.querySelector(".subject");
    event.preventDefault();
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    (subject.offsetParent && !subject.value ? subject : form.querySelector("textarea")).focus();
  }
  if (event.target.closest("[data-print]")) window.print();
  const link = event.target.closest("[data-copy-link]");
  if (link) navigator.clipboard.writeText(location.origin + location.pathname).then(() => toast({ text: link.dataset.copied }));
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file") return;
  const label = input.closest(".file"), said = label?.querySelector("[data-none]");
  if (said) {
    said.textContent = input.files.length ? [...input.files].map((file) => file.name).join(", ") : said.dataset.none;
    label.classList.toggle("some", input.files.length > 0);
  }
  if ("send" in input.dataset && input.files.length) input.form.requestSubmit();
});
document.addEventListener("drop", (event) => {
  const form = event.target.closest(".composer, .attach"), input = form?.querySelector("[type=file]");
  if (!input || !event.dataTransfer.files.length) return;
  event.preventDefault();
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
document.addEventListener("dragover", (event) => { if (event.target.closest(".composer, .attach")) event.preventDefault(); });

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest?.(".composer")) event.target.blur();
});

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  if (!add) return;
  event.preventDefault();
  const rows = add.parentElement.querySelector("[data-rows]"), fresh = rows.lastElementChild.cloneNode(true);
  fresh.classList.remove("spare");
  for (const field of fresh.querySelectorAll("input")) {
    field.removeAttribute("aria-invalid");
    if (field.type === "radio") { field.value = rows.children.length; field.checked = false; } else { field.value = ""; field.defaultValue = ""; }
  }
  rows.append(fresh);
  fresh.querySelector("input").focus();
});

document.addEventListener("paste", (event) => {
  const field = event.target, form = field.form;
  const text = event.clipboardData?.getData("text").trim() ?? "";
  if (field.name !== "given_name" || field.value || form.first_surname.value || !/\s/.test(text)) return;
  event.preventDefault();
  const body = new FormData();
  body.set("name", text);
  fetch("/parties/split-name", { method: "POST", body, headers: { "X-CSRFToken": document.body.dataset.csrf } })
    .then((answer) => answer.json())
    .then((parts) => {
      for (const [name, value] of Object.entries(parts)) if (value && form[name]) form[name].value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    })
    .catch(() => { field.value = text; });
});
