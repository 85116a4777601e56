// The board of deals: a card goes where it is put at once, and the house is told; what it says then is what stands.
import { toast } from "./toasts.js";

const board = document.getElementById("board"), menu = document.getElementById("move-to");
let dragged = null, chosen = null, waiting = 0, told = Promise.resolve();
const cards = (column) => [...column.querySelectorAll(":scope > .card")];
const clear = () => board.querySelectorAll(".over, .before").forEach((el) => el.classList.remove("over", "before"));

// what is put is told one after the other, not by the board, whose next question would take its place; the board is asked for anew when nothing waits any more
const tell = (url, values) => {
  waiting += 1;
  told = told.catch(() => {}).then(() => htmx.ajax("POST", url, { source: menu, swap: "none", values })).finally(() => { waiting -= 1; });
  return told;
};
async function put(card, column, next) {
  if (!card || !column) return;
  if (!card.draggable) return toast({ text: board.dataset.refused, tone: "bad" });
  const previous = next ? null : cards(column).filter((one) => one !== card).at(-1);
  const focused = card.contains(document.activeElement);
  if (next === card || (!next && card === cards(column).at(-1))) return;
  const from = card.parentElement, after = card.nextElementSibling;
  column.insertBefore(card, next || previous?.nextElementSibling || null);
  if (focused) card.querySelector("a").focus();
  const values = { by: "stage", value: column.dataset.stage, before: next?.dataset.id || "", after: previous?.dataset.id || "" };
  try {
    await tell(`/deals/${card.dataset.id}/card`, values);
  } catch {
    from.insertBefore(card, after?.parentElement === from ? after : null); // nobody heard of it: the page says that it is offline
  } finally {
    if (!waiting) refresh();
  }
}
const refresh = () => htmx.ajax("GET", board.getAttribute("hx-get"), { source: board, target: board, swap: "innerHTML", select: "#board > *" }).catch(() => {});
// what comes while something is moved would be older than what is seen; the focus stays with its card
let held = "", missed = false;
board.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== board) return;
  if (waiting || dragged) { event.detail.shouldSwap = false; missed = true; }
  held = document.activeElement.closest?.("#board .card")?.id || "";
});
board.addEventListener("htmx:afterSwap", () => { document.getElementById(held)?.querySelector("a").focus(); });
const nextAt = (column, y) => cards(column).find((one) => one !== dragged && y < one.getBoundingClientRect().top + one.offsetHeight / 2);

board.addEventListener("dragstart", (event) => {
  dragged = event.target.closest(".card");
  if (dragged) event.dataTransfer.effectAllowed = "move";
});
board.addEventListener("dragend", () => {
  dragged = null;
  clear();
  if (missed && !waiting) refresh();
  missed = false;
});
board.addEventListener("dragover", (event) => {
  const column = event.target.closest(".column");
  if (!dragged || !column) return;
  event.preventDefault();
  clear();
  column.classList.add("over");
  nextAt(column, event.clientY)?.classList.add("before");
});
board.addEventListener("drop", (event) => {
  const column = event.target.closest(".column");
  if (!dragged || !column) return;
  event.preventDefault();
  put(dragged, column, nextAt(column, event.clientY));
});

board.addEventListener("keydown", (event) => {
  const card = event.target.closest(".card"), column = card?.closest(".column"), at = column && cards(column).indexOf(card);
  const side = { ArrowLeft: "previousElementSibling", ArrowRight: "nextElementSibling" }[event.key];
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!card || (!side && !step) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  const other = side && column[side];
  if (side && !other) return;
  if (!event.altKey) return (side ? cards(other)[Math.min(at, cards(other).length - 1)] : cards(column)[at + step])?.querySelector("a").focus();
  if (side) return put(card, other, cards(other)[at]);
  if (step < 0 ? at > 0 : at < cards(column).length - 1) put(card, column, step < 0 ? cards(column)[at - 1] : cards(column)[at + 2]);
});

const show = () => board.querySelectorAll("[data-move]").forEach((button) => { button.hidden = false; });
board.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  chosen = button.closest(".card");
  const here = chosen.closest(".column").dataset.stage;
  menu.querySelectorAll("[data-to]").forEach((one) => { one.hidden = one.dataset.to === here; });
  menu.showPopover({ source: button });
  menu.querySelector("[data-to]:not([hidden])")?.focus();
});
menu.addEventListener("click", (event) => {
  const to = event.target.closest("[data-to]")?.dataset.to;
  if (!to) return;
  menu.hidePopover();
  put(chosen, board.querySelector(`[data-stage="${to}"]`));
});
board.addEventListener("htmx:afterSettle", show);
show();
