// What every page does. The heavier parts (palette, table, live updates) come only where they are used.
import { key, sheet, typing } from "./keys.js";
import { say, toast } from "./toasts.js";
import "./forms.js";

const body = document.body;

let palette;
const openPalette = async () => (palette ??= await import("./palette.js")).open();
document.addEventListener("click", (event) => {
  const find = event.target.closest("[data-open-palette]");
  if (find && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); openPalette(); }
  if (event.target.closest("[data-open-keys]")) sheet();
  const dialog = event.target.closest("[data-dialog]");
  if (dialog) { event.preventDefault(); document.getElementById(dialog.dataset.dialog)?.showModal(); }
  const close = event.target.closest("[data-close-dialog]");
  if (close) { event.preventDefault(); close.closest("dialog").close(); }
  const copy = event.target.closest("[data-copy]");
  if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => toast({ text: copy.dataset.copied || copy.dataset.copy }));
});
key("Ctrl K", "palette", "house", openPalette);
key("/", "search", "house", openPalette);
if ("requestIdleCallback" in window) requestIdleCallback(() => import("./palette.js").then((module) => (palette = module)));
key("c ", "create", "house", () => document.querySelector('[popovertarget="new"]') && document.getElementById("new").showPopover());

function prefer(name, value) {
  const root = document.documentElement;
  if (name === "theme" || name === "density") root.dataset[name] = value;
  for (const button of document.querySelectorAll(`[data-preference] [name="${name}"]`)) button.setAttribute("aria-pressed", button.value === value);
  const data = new FormData();
  data.set(name, value);
  return fetch(body.dataset.preferences, { method: "POST", body: data, headers: { "X-CSRFToken": body.dataset.csrf, "HX-Request": "true" } });
}
document.addEventListener("submit", (event) => {
  const name = event.submitter?.name;
  if (event.target.matches("[data-preference]") && (name === "theme" || name === "density")) {
    event.preventDefault();
    prefer(name, event.submitter.value);
  }
});
key("t", "theme", "house", () => {
  if (!body.dataset.preferences) return false;
  const now = document.documentElement.dataset.theme, dark = now === "dark" || (now === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  prefer("theme", dark ? "light" : "dark");
});

if (document.querySelector(".sheet")) import("./table.js");
if (document.querySelector("[data-arrange]")) import("./columns.js");
if (document.querySelector("[data-agenda]")) import("./agenda.js");
if (document.querySelector("live-region")) import("./live.js");
document.addEventListener("focusin", (event) => { if (event.target.matches?.("[data-mentions]")) import("./mention.js"); });
if (document.activeElement?.matches("[data-mentions]")) import("./mention.js");
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.querySelector?.("live-region")) import("./live.js");
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (new URL(event.detail.xhr.responseURL || location.href).pathname.startsWith("/login")) { event.detail.shouldSwap = false; location.reload(); }
});
document.addEventListener("htmx:responseError", (event) => {
  const answer = new DOMParser().parseFromString(event.detail.xhr.response || "", "text/html");
  toast({ text: (answer.querySelector("h1")?.textContent || "") + ` (${event.detail.xhr.status})`, tone: "bad" });
});
document.addEventListener("htmx:targetError", () => toast({ text: document.getElementById("toasts").dataset.lost, tone: "bad" }));
const offline = document.getElementById("offline");
const connection = () => (offline.hidden = navigator.onLine);
addEventListener("online", connection);
addEventListener("offline", connection);
connection();
document.addEventListener("htmx:sendError", () => { offline.hidden = false; setTimeout(connection, 4000); });

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#side") location.hash = "#main";
});

const told = location.hash.match(/^#told-([0-9a-z]+)$/);
if (told) {
  history.replaceState(history.state, "", location.pathname + location.search);
  fetch(`/notifications/${told[1]}/open`, { method: "POST", headers: { "X-CSRFToken": body.dataset.csrf, "HX-Request": "true" } })
    .then(() => document.querySelector(".bell live-region")?.dispatchEvent(new Event("refresh"))); // this page may not be listening yet
}

const record = document.querySelector("[data-recent]");
if (record) {
  const place = `recent:${body.dataset.user}`, list = JSON.parse(localStorage.getItem(place) || "[]");
  const rest = list.filter((one) => one.url !== location.pathname);
  localStorage.setItem(place, JSON.stringify([{ url: location.pathname, text: record.dataset.recent, note: record.dataset.recentNote || "" }, ...rest].slice(0, 8)));
}
document.documentElement.dataset.ready = "";
export { say, typing };
