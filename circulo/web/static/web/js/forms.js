// Forms: sent once, asked about where it cannot be undone, their texts kept until they are safe.
import { key } from "./keys.js";

const user = document.body.dataset.user;
const keep = (form) => `draft:${user}:${form.dataset.draft}`;
const fields = (form) => [...form.elements].filter((el) => el.name && !["hidden", "password", "file", "submit"].includes(el.type));

// asking first
let sure = null;
function ask(form, submitter, event) {
  const asker = submitter?.dataset.confirm ? submitter : form.dataset.confirm ? form : null;
  if (!asker || sure === form) { sure = null; return false; }
  event.preventDefault();
  event.stopImmediatePropagation();
  const dialog = document.getElementById("confirm");
  dialog.querySelector("h2").textContent = asker.dataset.confirm;
  dialog.querySelector("p").textContent = asker.dataset.confirmWhy || "";
  dialog.querySelector("[value=yes]").textContent = asker.dataset.confirmAct || submitter?.textContent || "";
  dialog.returnValue = "";
  dialog.onclose = () => { if (dialog.returnValue === "yes") { sure = form; form.requestSubmit(submitter); } };
  dialog.showModal();
  return true;
}

// once only
function release(form) {
  delete form.dataset.busy;
  form.querySelectorAll("[aria-busy]").forEach((el) => el.removeAttribute("aria-busy"));
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || ask(form, event.submitter, event)) return;
  if (form.method !== "post") return;
  if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  setTimeout(() => {
    if (event.defaultPrevented && !form.matches("[hx-post], [data-hx-post]")) return;
    form.dataset.busy = "1";
    (event.submitter || form.querySelector("button"))?.setAttribute("aria-busy", "true");
  });
  if (form.dataset.draft) { clearTimeout(timers.get(form)); save(form); mark(form); }
}, true);
// the draft goes before the answer is swapped in, or the fresh form would find it again
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.elt.closest?.("form[data-draft]");
  if (form && event.detail.xhr.status < 400) localStorage.removeItem(keep(form));
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(release));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (!form) return;
  release(form);
  if (!event.detail.successful) return;
  const once = form.querySelector("[name=once]");
  if (once) once.value = crypto.randomUUID();
  if (form.dataset.draft && event.detail.xhr.status < 400) localStorage.removeItem(keep(form));
});

// drafts
const timers = new WeakMap();
function save(form) {
  const values = fields(form).filter((el) => (el.type === "checkbox" || el.type === "radio" ? el.checked !== el.defaultChecked : el.value !== (el.defaultValue ?? "")))
    .map((el) => [el.name, el.type === "checkbox" || el.type === "radio" ? [el.value, el.checked] : el.value, place(form, el)]);
  if (values.some(([, value]) => value.length)) localStorage.setItem(keep(form), JSON.stringify({ at: Date.now(), values }));
  else localStorage.removeItem(keep(form));
}
// several rows have fields of one name: each is known by its place among them
const place = (form, field) => fields(form).filter((el) => el.name === field.name).indexOf(field);
function mark(form) {
  const kept = JSON.parse(localStorage.getItem(keep(form)) || "null");
  if (kept) localStorage.setItem(keep(form), JSON.stringify({ ...kept, sent: 1 }));
}
function restore(form) {
  const kept = JSON.parse(localStorage.getItem(keep(form)) || "null");
  if (!kept || kept.sent) return;
  for (const [name, value, at] of kept.values) for (const el of fields(form)) {
    if (el.name !== name || (!Array.isArray(value) && place(form, el) !== (at ?? 0))) continue;
    if (Array.isArray(value)) { if (el.value === value[0]) el.checked = value[1]; } else if (!el.value || el.value === el.defaultValue) el.value = value;
  }
  const note = form.querySelector("[data-draft-note]");
  if (note) note.hidden = false;
  form.classList.add("open");
}
function sweep() {
  const fine = (performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200) < 400;
  for (const place of Object.keys(localStorage).filter((k) => k.startsWith("draft:"))) {
    const kept = JSON.parse(localStorage.getItem(place) || "null");
    if ((kept?.sent && fine) || Date.now() - (kept?.at ?? 0) > 30 * 864e5) localStorage.removeItem(place);
  }
}
sweep();
const begin = (root) => root.querySelectorAll?.("form[data-draft]").forEach(restore);
begin(document);
document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) begin(event.detail.elt.parentNode || document); });
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.draft) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), 300));
});
document.addEventListener("click", (event) => {
  const drop = event.target.closest("[data-draft-drop]");
  if (!drop) return;
  localStorage.removeItem(keep(drop.form));
  drop.form.reset();
  drop.closest("[data-draft-note]").hidden = true;
});

// who logs out leaves nothing of the customers on this machine
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-logout]")) return;
  for (const place of Object.keys(localStorage).filter((k) => k.startsWith("recent:"))) localStorage.removeItem(place);
  sessionStorage.clear();
});

// what is written while a part of the form is on its way stays written in its new fields
let written = [];
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  written = detail.requestConfig.verb !== "get" || !detail.target.closest("form") ? []
    : [...detail.target.querySelectorAll("input[id]")].filter((el) => el.value !== el.defaultValue).map((el) => [el.id, el.type, el.value]);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const [id, type, value] of written) {
    const el = document.getElementById(id);
    if (el?.type === type) el.value = value;
  }
  written = [];
});

// a refused form puts the reader where the first mistake is
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.xhr.status === 422) document.querySelector("[aria-invalid=true]")?.focus();
});

key("Ctrl Enter", "save", "house", (event) => {
  const form = event.target.form;
  if (!form || form.method !== "post") return false;
  form.requestSubmit();
});
