// The table: rows by keyboard, ticking, editing in place, peeking. Without this script it is links and a form.
import { key } from "./keys.js";
import { say } from "./toasts.js";

const sheet = () => document.activeElement?.closest?.(".sheet") || document.querySelector(".sheet");
const rows = (of = sheet()) => [...(of?.querySelectorAll("tbody tr") ?? [])];
const link = (row) => row?.querySelector("tbody th a, th a");
const current = () => document.activeElement?.closest?.("tbody tr") || sheet()?.querySelector("tr[aria-current]");
const peek = (of = sheet()) => of?.querySelector(".peek");

// moving
function move(step) {
  const all = rows(), at = all.indexOf(current()), next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  if (!next) return false;
  link(next)?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (peek()?.childElementCount) look(next);
}
const inside = (event) => event.target.closest?.(".table") && event.target.tagName !== "INPUT";
key("j", "next", "table", () => move(1));
key("k", "previous", "table", () => move(-1));
key("ArrowDown", "next", "table", (event) => (inside(event) ? move(1) : false));
key("ArrowUp", "previous", "table", (event) => (inside(event) ? move(-1) : false));
key("Enter", "open", "table", (event) => {
  const cell = event.target.closest?.("[data-edit]");
  if (cell) return void edit(cell);
  return false;
});

// peeking: the panel follows the row, the address follows the panel
function address(id) {
  const url = new URL(location);
  if (id) url.searchParams.set("peek", id); else url.searchParams.delete("peek");
  history.replaceState(history.state, "", url);
}
function look(row) {
  const url = link(row)?.dataset.peek, panel = peek(row.closest(".sheet"));
  if (!url || !panel) return false;
  row.closest("table").querySelectorAll("[aria-current]").forEach((el) => el.removeAttribute("aria-current"));
  row.setAttribute("aria-current", "true");
  address(row.dataset.id);
  htmx.ajax("GET", url, { target: panel, swap: "innerHTML" }).then(() => say(link(row).textContent.trim()));
}
function closePeek() {
  const panel = peek(), row = sheet()?.querySelector("tr[aria-current]");
  if (!panel?.childElementCount) return false;
  panel.replaceChildren();
  row?.removeAttribute("aria-current");
  address("");
  link(row)?.focus();
}
key("Space", "peek", "table", (event) => {
  if (event.target.closest?.("button, input, summary, .peek")) return false;
  const row = current();
  return row ? look(row) : false;
});
key("Escape", "close", "table", () => {
  if (closePeek() !== false) return;
  const ticked = sheet()?.querySelectorAll(".pick:checked");
  if (!ticked?.length) return false;
  ticked.forEach((box) => (box.checked = false));
  count(sheet());
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-peek]")) { event.preventDefault(); closePeek(); }
  const button = event.target.closest("[data-look]");
  if (button) { event.preventDefault(); look(button.closest("tr")); }
});

// ticking
let last = null;
function count(of) {
  const boxes = [...of.querySelectorAll(".pick")], ticked = boxes.filter((box) => box.checked).length, out = of.querySelector(".bulk output"), all = of.querySelector(".pick-all"), every = of.querySelector("[name=every]");
  if (all) { all.checked = ticked > 0 && ticked === boxes.length; all.indeterminate = ticked > 0 && ticked < boxes.length; }
  if (every) { every.closest("label").hidden = ticked !== boxes.length; if (ticked !== boxes.length) every.checked = false; }
  if (out) out.textContent = every?.checked ? out.dataset.every : (ticked === 1 ? out.dataset.one : out.dataset.many.replace("%s", ticked));
}
document.addEventListener("click", (event) => {
  const box = event.target.closest(".pick");
  if (!box) return;
  const all = [...box.closest("table").querySelectorAll(".pick")];
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    all.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
  }
  last = box;
});
document.addEventListener("change", (event) => {
  const of = event.target.closest(".sheet");
  if (!of) return;
  if (event.target.matches(".pick-all")) of.querySelectorAll(".pick").forEach((box) => (box.checked = event.target.checked));
  if (event.target.matches(".pick, .pick-all, [name=every]")) count(of);
});
key("x", "tick", "table", () => current()?.querySelector(".pick")?.click() ?? false);
document.querySelectorAll(".sheet").forEach(count);

// editing in place
let kept = null, after = null;
const editables = (cell) => [...cell.closest("table").querySelectorAll("[data-edit]")];
function edit(cell) {
  if (kept) return;
  kept = cell.cloneNode(true);
  htmx.ajax("GET", cell.dataset.edit, { target: cell, swap: "outerHTML" });
}
function restore(cell) {
  const old = kept;
  kept = null;
  cell.replaceWith(old);
  old.focus();
}
const editing = () => document.querySelector("td.editing");
key("e", "edit", "table", () => {
  const cell = document.activeElement?.closest?.("[data-edit]") || current()?.querySelector("[data-edit]");
  if (!cell) return false;
  edit(cell);
});
document.addEventListener("dblclick", (event) => {
  const cell = event.target.closest(".table [data-edit]");
  if (cell && !event.target.closest("a")) edit(cell);
});
document.addEventListener("htmx:afterSettle", () => {
  const cell = editing();
  if (cell) {
    const field = cell.querySelector("input:not([type=hidden]), select, textarea");
    field?.focus();
    field?.select?.();
    return;
  }
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const cell = event.detail.target?.closest?.("td.editing");
  if (!cell || event.detail.xhr.status >= 400) return;
  const at = { row: cell.parentElement.dataset.id, index: cell.cellIndex, table: cell.closest("table") };
  kept = null;
  setTimeout(() => {
    const fresh = [...at.table.querySelectorAll("tbody tr")].find((row) => row.dataset.id === at.row)?.cells[at.index];
    fresh?.classList.add("saved");
    const next = after && fresh ? editables(fresh)[editables(fresh).indexOf(fresh) + after] : null;
    after = null;
    if (next) edit(next); else fresh?.focus();
  }, 30);
});
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("td.editing");
  if (cell && event.key === "Escape") { event.preventDefault(); event.stopPropagation(); restore(cell); }
  if (cell && event.key === "Tab") { event.preventDefault(); after = event.shiftKey ? -1 : 1; cell.querySelector("form").requestSubmit(); }
  const here = event.target.closest?.(".table tbody :is(td[data-edit], th a)");
  if (!here || cell || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const row = here.closest("tr"), stops = [link(row), ...row.querySelectorAll("[data-edit]")], next = stops[stops.indexOf(here) + (event.key === "ArrowRight" ? 1 : -1)];
  if (next) { event.preventDefault(); next.focus(); }
}, true);
document.addEventListener("focusout", (event) => {
  const cell = event.target.closest?.("td.editing");
  if (!cell || cell.contains(event.relatedTarget)) return;
  const field = event.target;
  setTimeout(() => {
    if (!cell.isConnected || cell.contains(document.activeElement)) return;
    if (field.value === (field.defaultValue ?? field.querySelector?.("[selected]")?.value)) restore(cell);
    else cell.querySelector("form").requestSubmit();
  }, 60);
});

// choosing and ordering columns
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-shift]");
  if (!button) return;
  const item = button.closest("li");
  if (button.dataset.shift === "up") item.previousElementSibling?.before(item); else item.nextElementSibling?.after(item);
  button.focus();
});

const wanted = new URL(location).searchParams.get("peek"), row = wanted && rows().find((one) => one.dataset.id === wanted);
if (row && !peek()?.childElementCount) look(row);
