// Forms: sent once, asked about where it cannot be undone, their texts kept until they are safe.
import { key } from "./keys.js";

const user = document.body.dataset.user;
const keep = (form) => `draft:${user}:${form.dataset.draft}`;
const fields = (form) => [...form.elements].filter((el) => el.name && !["hidden", "password", "file", "submit"].includes(el.type));

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
  if (form.dataset.draft) { clearTimeout(timers.get(form)); save(form); if (!form.matches("[hx-post]")) mark(form, location.href.split("#")[0]); }
}, true);
// only what the form itself sent tells of it; the draft goes before a fresh form could find it again
function settle({ elt, xhr }) {
  if (elt.matches("form[data-draft]") && xhr.status < 400 && !new URL(xhr.responseURL || location.href).pathname.startsWith("/login")) drop(elt);
}
document.addEventListener("htmx:beforeSwap", (event) => settle(event.detail));
addEventListener("pageshow", (event) => {
  document.querySelectorAll("form[data-busy]").forEach(release);
  if (event.persisted) document.querySelectorAll("form[data-draft]").forEach((form) => mark(form));
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.elt.matches("form")) return;
  release(detail.elt);
  if (!detail.successful) return;
  const once = detail.elt.querySelector("[name=once]");
  if (once) once.value = crypto.randomUUID();
  settle(detail);
});

const timers = new WeakMap(), held = new WeakMap();
const isBox = (el) => el.type === "checkbox" || el.type === "radio";
const value = (el) => (isBox(el) ? [el.value, el.checked] : el.options ? [...el.selectedOptions].map((one) => one.value) : el.value);
function isAsBefore(el) {
  if (isBox(el)) return el.checked === el.defaultChecked;
  if (!el.options) return el.value === (el.defaultValue ?? "");
  return [...el.options].every((one) => one.selected === one.defaultSelected) || !(el.multiple || el.selectedIndex || el.querySelector("[selected]"));
}
// several rows have fields of one name: each is known by its place among them
const place = (form, field) => fields(form).filter((el) => el.name === field.name).indexOf(field);
const drop = (form) => localStorage.removeItem(keep(form));
const read = (form) => JSON.parse(localStorage.getItem(keep(form)) || "null");
const write = (form, kept) => localStorage.setItem(keep(form), JSON.stringify(kept));
// what came back stays in the draft: the form that was refused has it for its defaults
function save(form) {
  const values = fields(form).filter((el) => held.get(form)?.has(el) || !isAsBefore(el)).map((el) => [el.name, value(el), place(form, el)]);
  if (values.length) write(form, { at: Date.now(), values });
  else drop(form);
}
function mark(form, sent) {
  const kept = read(form);
  if (kept) write(form, { ...kept, sent });
}
function put(el, kept) {
  if (isBox(el)) { if (el.value === kept[0]) el.checked = kept[1]; } else if (el.value && !isAsBefore(el)) return;
  else if (el.options) for (const one of el.options) one.selected = kept.includes(one.value);
  else el.value = kept;
}
function restore(form) {
  const kept = read(form), back = new Set(), look = () => JSON.stringify(fields(form).map(value)), before = look();
  if (!kept) return;
  mark(form);
  for (const [name, was, at] of kept.values) for (const el of fields(form)) {
    if (el.name !== name || (!isBox(el) && place(form, el) !== (at ?? 0))) continue;
    put(el, was);
    back.add(el);
  }
  held.set(form, back);
  const note = form.querySelector("[data-draft-note]");
  if (note && look() !== before) note.hidden = false;
  form.classList.add("open");
}
// Taken is what led from the page that sent it on to another one: no login, no refusal, no page that never came.
function sweep() {
  const came = performance.getEntriesByType("navigation")[0];
  const isAnswer = came?.type === "navigate" && came.redirectCount && !(came.responseStatus >= 400);
  for (const place of Object.keys(localStorage).filter((k) => k.startsWith("draft:"))) {
    const kept = JSON.parse(localStorage.getItem(place) || "null");
    if ((isAnswer && kept?.sent === document.referrer && place.startsWith(`draft:${user}:`)) || Date.now() - (kept?.at ?? 0) > 30 * 864e5) localStorage.removeItem(place);
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
  const button = event.target.closest("[data-draft-drop]");
  if (!button) return;
  drop(button.form);
  held.delete(button.form);
  button.form.reset();
  button.closest("[data-draft-note]").hidden = true;
});

// who logs out leaves nothing of the customers on this machine but what they had begun to write, which only they are shown
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

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.xhr.status === 422) document.querySelector("[aria-invalid=true]")?.focus();
});

key("Ctrl Enter", "save", "house", (event) => {
  const form = event.target.form;
  if (!form || form.method !== "post") return false;
  form.requestSubmit();
});
