// The page of a person or a company: the composer's kinds, files chosen, the link, printing.
import { toast } from "./toasts.js";

document.addEventListener("click", (event) => {
  const kind = event.target.closest(".composer .kinds label");
  if (kind && event.target.tagName !== "INPUT") {
    const form = kind.closest("form");
    setTimeout(() => {
      const subject = form.querySelector(".subject");
      (subject.offsetParent && !subject.value ? subject : form.querySelector("textarea")).focus();
    });
  }
  if (event.target.closest("[data-print]")) window.print();
  const link = event.target.closest("[data-copy-link]");
  if (link) navigator.clipboard.writeText(location.origin + location.pathname).then(() => toast({ text: link.dataset.copied }));
});

// files: their names on the button, sent at once where nothing else is to be said
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

// Esc leaves the composer, so that the single letters work again
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest?.(".composer")) event.target.blur();
});
