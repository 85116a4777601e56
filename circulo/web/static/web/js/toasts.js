// What has just happened, and ten seconds to take it back.
import { key, typing } from "./keys.js";

const place = document.getElementById("toasts");

export function say(text) {
  const said = document.getElementById("said");
  said.textContent = "";
  requestAnimationFrame(() => (said.textContent = text));
}

export function toast({ text, undo = "", tone = "" }) {
  const fresh = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  fresh.querySelector("p").textContent = text;
  if (tone) fresh.classList.add(tone);
  const form = fresh.querySelector("form");
  if (undo) { form.action = undo; fresh.dataset.undo = undo; } else form.remove();
  place.append(fresh);
  live(fresh);
}

function live(element) {
  let left = element.dataset.undo ? 10000 : 6000, since, timer;
  const hold = () => { clearTimeout(timer); left -= Date.now() - since; };
  const go = () => { since = Date.now(); timer = setTimeout(() => element.remove(), Math.max(left, 800)); };
  go();
  element.addEventListener("pointerenter", hold);
  element.addEventListener("pointerleave", go);
  element.addEventListener("focusin", hold);
  element.addEventListener("focusout", go);
  element.querySelector("[data-close]")?.addEventListener("click", () => element.remove());
}

for (const element of place.children) live(element);
document.addEventListener("toast", (event) => event.detail.toasts.forEach(toast));

key("Ctrl Z", "undo", "house", (event) => {
  if (typing(event.target)) return false;
  const last = [...place.querySelectorAll("[data-undo] form")].pop();
  last ? last.requestSubmit() : htmx.ajax("GET", "/changes/last", { swap: "none" });
});
