// The headings of a list: a click with Shift orders by one more; their edges make columns wider, by mouse or arrows.
import { key } from "./keys.js";

const STEP = 16;
key("Shift Enter", "also", "table", () => false);
key("Alt ArrowLeft", "narrower", "table", () => false);
key("Alt ArrowRight", "wider", "table", () => false);

document.addEventListener("click", (event) => {
  const heading = event.target.closest("[data-also]");
  if (!heading || !event.shiftKey) return;
  event.preventDefault();
  location.assign(heading.dataset.also);
});

const table = document.querySelector("[data-arrange]");
const grips = [...(table?.querySelectorAll(".grip") ?? [])];
const column = (grip) => table.querySelectorAll("col")[grip.closest("th").cellIndex];
// what was said goes before what is measured: a browser may lay columns out only with the next picture
const width = (grip) => Number(column(grip).getAttribute("width")) || grip.closest("th").offsetWidth;
const tell = (grip) => grip.setAttribute("aria-valuenow", width(grip));

function fix() {
  if (table.classList.contains("sized")) return;
  const now = grips.map(width);
  grips.forEach((grip, i) => column(grip).setAttribute("width", clamped(grip, now[i])));
  table.classList.add("sized");
}
const clamped = (grip, pixels) => Math.round(Math.min(Math.max(pixels, grip.ariaValueMin), grip.ariaValueMax));
function set(grip, pixels) {
  fix();
  column(grip).setAttribute("width", clamped(grip, pixels));
  tell(grip);
}

// the address and all that carries it along say the widths; without a view they are the person's own
function keep() {
  const said = grips.map((grip) => `${grip.closest("th").dataset.column}:${column(grip).getAttribute("width")}`).join(",");
  const here = new URL(location);
  here.searchParams.set("widths", said);
  history.replaceState(history.state, "", here);
  for (const link of document.querySelectorAll(".shapes a, .sheet a")) {
    const to = new URL(link.href);
    if (to.pathname !== here.pathname) continue;
    to.searchParams.set("widths", said);
    link.href = to;
    if (link.dataset.also) link.dataset.also = link.dataset.also.replace(/(&widths=[^&]*|$)/, `&widths=${said}`);
  }
  for (const form of document.querySelectorAll(".shapes form, #save-view form, .sheet .bar form")) {
    form.querySelector("[type=hidden][name=widths]")?.remove();
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "widths", value: said }));
  }
  if (!["", "none"].includes(here.searchParams.get("view") ?? "")) return;
  fetch(table.dataset.arrange, { method: "POST", body: new URLSearchParams({ widths: said }), headers: { "X-CSRFToken": document.body.dataset.csrf } });
}

let later;
for (const grip of grips) {
  tell(grip);
  grip.addEventListener("focus", () => tell(grip));
  grip.addEventListener("pointerdown", (event) => {
    const from = event.clientX, before = width(grip);
    const drag = (moved) => set(grip, before + moved.clientX - from);
    event.preventDefault();
    grip.focus();
    grip.setPointerCapture(event.pointerId);
    grip.addEventListener("pointermove", drag);
    grip.addEventListener("lostpointercapture", () => { grip.removeEventListener("pointermove", drag); if (width(grip) !== before) keep(); }, { once: true });
  });
  grip.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    set(grip, width(grip) + step);
    clearTimeout(later);
    later = setTimeout(keep, 300);
  });
}
