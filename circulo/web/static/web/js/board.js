// A board: cards are dragged to another column, or moved there by Alt and an arrow; the card's own form does it.
const board = document.querySelector("[data-board]");
let dragged;
const move = (card, column) => {
  const choice = card?.querySelector("select");
  if (!choice || !column || column.contains(card)) return;
  choice.value = column.dataset.value;
  sessionStorage.setItem("moved", card.id);
  choice.form.requestSubmit();
};
board.addEventListener("dragstart", (event) => { dragged = event.target.closest(".card"); });
board.addEventListener("dragover", (event) => {
  const over = event.target.closest(".column");
  if (dragged && over) event.preventDefault();
  for (const column of board.children) column.classList.toggle("over", column === over);
});
board.addEventListener("drop", (event) => { event.preventDefault(); move(dragged, event.target.closest(".column")); });
board.addEventListener("dragend", () => { for (const column of board.children) column.classList.remove("over"); });
board.addEventListener("keydown", (event) => {
  const column = event.target.closest(".column"), step = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
  if (!event.altKey || !step || !column) return;
  event.preventDefault();
  move(event.target.closest(".card"), column[step]);
});
document.getElementById(sessionStorage.getItem("moved"))?.querySelector("a").focus();
sessionStorage.removeItem("moved");
