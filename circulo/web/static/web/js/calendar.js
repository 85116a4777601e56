// Moving what stands in the calendar: dragged with a mouse, or with Alt and an arrow. Without this script
// every entry has a page from which it is moved by a form.
import { say } from "./toasts.js";

const place = document.getElementById("calendar");
let dragged = null;
const pad = (number) => String(number).padStart(2, "0");
const shown = (day) => `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`;

async function send(item, day, time) {
  const { move, instance } = item.dataset, title = item.querySelector("span")?.textContent || "";
  // not by the calendar, whose next question would take its place
  await htmx.ajax("POST", move, { source: item, swap: "none", values: { day, time, instance } });
  await htmx.ajax("GET", place.getAttribute("hx-get"), { source: place, target: place, swap: "innerHTML", select: "#calendar > *" });
  say(`${title.trim()}: ${day} ${time}`);
  document.getElementById(item.querySelector("a").id)?.focus();
}
function halfHour(slots, y) {
  const box = slots.getBoundingClientRect(), { first, last } = slots.closest(".hours").dataset;
  const at = Math.min(47, Math.max(0, +first + Math.floor(((y - box.top) / box.height) * (last - first))));
  return `${pad(Math.floor(at / 2))}:${at % 2 ? "30" : "00"}`;
}

place.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-move]");
  if (dragged) event.dataTransfer.effectAllowed = "move";
});
place.addEventListener("dragend", () => { dragged = null; clear(); });
const clear = () => place.querySelectorAll(".over-day").forEach((el) => el.classList.remove("over-day"));
place.addEventListener("dragover", (event) => {
  const day = event.target.closest("[data-day]");
  if (!dragged || !day) return;
  event.preventDefault();
  clear();
  day.classList.add("over-day");
});
place.addEventListener("drop", (event) => {
  const day = event.target.closest("[data-day]"), slots = event.target.closest("[data-slots]");
  if (!dragged || !day) return;
  event.preventDefault();
  send(dragged, day.dataset.day, slots ? halfHour(slots, event.clientY) : dragged.dataset.at);
});

place.addEventListener("keydown", (event) => {
  const item = event.target.closest("[data-move]");
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!item || !step || !event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  const [year, month, day] = item.dataset.from.split("-").map(Number), inHours = item.closest("[data-slots]");
  const [hours, minutes] = (item.dataset.at || "0:0").split(":").map(Number);
  const to = new Date(year, month - 1, day + step[0] + (inHours ? 0 : 7 * step[1]), hours, minutes + (inHours ? 30 * step[1] : 0));
  send(item, shown(to), item.dataset.at && `${pad(to.getHours())}:${pad(to.getMinutes())}`);
});

place.addEventListener("dblclick", (event) => {
  const day = event.target.closest("[data-day]"), slots = event.target.closest("[data-slots]");
  if (!day || event.target.closest(".item, a") || !place.dataset.new) return;
  location.href = `${place.dataset.new}?day=${day.dataset.day}${slots ? `&time=${halfHour(slots, event.clientY)}` : ""}`;
});
