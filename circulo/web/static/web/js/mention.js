// "@" in a text names a colleague: a list under the field offers those who are called so, chosen with the arrows and
// Enter, or by a tap. Whoever types the whole name needs none of this: it is read when the text is saved.
import { say } from "./toasts.js";

const BEGUN = /(?:^|[^\p{L}\p{N}_@.+/-])@((?:\p{L}[\p{L}\p{M}'’.-]*(?: [\p{L}\p{M}'’.-]*){0,3})?)$/u;
let list = null, field = null, begin = 0, asked = 0, told = "";

const options = () => [...(list?.children ?? [])];
const chosen = () => options().find((el) => el.ariaSelected === "true");

function close() {
  asked++;
  list?.remove();
  list = null;
  for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) field?.removeAttribute(name);
}
function mark(option) {
  options().forEach((el) => (el.ariaSelected = el === option ? "true" : "false"));
  option?.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option.id);
}
function show(people) {
  if (!people.length) return close();
  if (!list) {
    list = document.createElement("ul");
    Object.assign(list, { id: "mentions", className: "mentions", role: "listbox", ariaLabel: field.dataset.colleagues });
    field.after(list);
  }
  list.replaceChildren(...people.map(({ name, team }, at) => {
    const el = Object.assign(document.createElement("li"), { id: `mention-${at}`, role: "option" });
    el.dataset.name = name;
    el.append(Object.assign(document.createElement("span"), { textContent: name }));
    if (team) el.append(" ", Object.assign(document.createElement("small"), { textContent: team }));
    return el;
  }));
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-autocomplete", "list");
  mark(list.firstElementChild);
  const names = people.map((one) => one.name).join(", ");
  if (names !== told) say((told = names));
}
// until the answer comes, only those stay who still fit what was typed: Enter never chooses somebody else
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
function narrow(words) {
  const fits = (name) => ` ${plain(name)}`.includes(` ${plain(words)}`);
  for (const el of options()) if (!fits(el.dataset.name)) el.remove();
  if (list && !options().length) close();
  else if (list && !chosen()) mark(list.firstElementChild);
}
async function look(target) {
  const found = target.value.slice(0, target.selectionStart).match(BEGUN);
  if (!found) return close();
  if (field !== target) close();
  field = target;
  begin = target.selectionStart - found[1].length;
  narrow(found[1]);
  const mine = ++asked;
  try {
    const answer = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(found[1])}`, { headers: { "HX-Request": "true" } });
    const { people } = answer.ok && !answer.redirected ? await answer.json() : { people: [] };
    if (mine === asked && document.activeElement === field) show(people.some((one) => one.name === found[1].trim()) ? [] : people);
  } catch { if (mine === asked) close(); }
}
function choose(option) {
  field.setRangeText(`${option.dataset.name} `, begin, field.selectionStart, "end");
  const there = field;
  close();
  there.dispatchEvent(new Event("input", { bubbles: true }));
  there.focus();
}

document.addEventListener("input", (event) => { if (event.target.matches("[data-mentions]")) look(event.target); });
document.addEventListener("keydown", (event) => {
  if (!list || event.target !== field || event.isComposing) return;
  const all = options(), step = { ArrowDown: 1, ArrowUp: -1 }[event.key], plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (step) mark(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
  else if ((event.key === "Enter" || event.key === "Tab") && plain) choose(chosen());
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".mentions [role=option]");
  if (!option) return;
  event.preventDefault();
  choose(option);
});
document.addEventListener("focusout", (event) => { if (event.target === field) close(); });
if (document.activeElement?.matches("[data-mentions]")) look(document.activeElement);
