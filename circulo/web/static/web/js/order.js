// Lists that are put in order by dragging: the order is sent once something was dropped elsewhere; rows of a form go with it.
let dragged, before;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.draggable ? event.target.closest("[data-order] > [data-key]") : undefined;
  before = dragged && [...dragged.parentElement.children].indexOf(dragged);
  if (dragged) event.dataTransfer.setDragImage(dragged, 0, 0);
});
document.addEventListener("dragover", (event) => {
  const over = event.target.closest("[data-order] > [data-key]");
  if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  over[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
});
document.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
document.addEventListener("dragend", () => {
  const list = dragged?.closest("[data-order]");
  const moved = list && [...list.children].indexOf(dragged) !== before;
  dragged = undefined;
  if (!moved) return;
  if (!list.dataset.order) return list.closest("form").requestSubmit();
  const data = new FormData();
  for (const one of list.children) data.append("key", one.dataset.key);
  fetch(list.dataset.order, { method: "POST", body: data, headers: { "X-CSRFToken": document.body.dataset.csrf } });
});
document.addEventListener("input", ({ target }) => {
  const row = target.closest(".goods-rows > :last-child"), next = row?.cloneNode(true);
  if (!next || row.parentElement.children.length > 199) return;
  for (const one of next.querySelectorAll("input")) { one.value = ""; one.ariaLabel = one.ariaLabel?.replace(/\d+$/, (n) => +n + 1); }
  row.after(next);
  htmx.process(next);
});
