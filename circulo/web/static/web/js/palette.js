// Ctrl-K: records (from the server), pages and acts (from this page) in one list.
import { acts } from "./keys.js";

const dialog = document.getElementById("palette"), input = dialog.querySelector("input"), list = document.getElementById("palette-list"), words = dialog.dataset;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let before = null, asked = 0, timer = 0, cancel = null;

export function open() {
  if (dialog.open) return;
  before = document.activeElement;
  input.value = "";
  show("");
  dialog.showModal();
  input.focus();
}
dialog.addEventListener("close", () => { cancel?.abort(); before?.focus?.(); });
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) return dialog.close();
  const option = event.target.closest("[role=option]");
  if (option) choose(option, event.ctrlKey || event.metaKey);
});

function option({ text, note, icon, url, run }) {
  const el = document.createElement("div");
  el.setAttribute("role", "option");
  if (icon) el.append(icon.cloneNode(true));
  const span = el.appendChild(document.createElement("span"));
  span.className = "grow";
  span.textContent = text;
  if (note) span.append(" ", Object.assign(document.createElement("small"), { textContent: note }));
  if (url) el.dataset.url = url;
  el.run = run;
  return el;
}
function group(title, options) {
  if (!options.length) return [];
  const box = document.createElement("div"), head = box.appendChild(document.createElement("h3"));
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", title);
  head.textContent = title;
  head.ariaHidden = "true";
  box.append(...options);
  return [box];
}
const words_of = (el) => (el.querySelector("span:not(.count)")?.textContent || el.getAttribute("aria-label") || [...el.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent).join("")).trim();

function own(query) {
  const wanted = plain(query), fits = (text) => plain(text).includes(wanted);
  const from = (nodes) => [...nodes].map((el) => ({ el, text: words_of(el) })).filter(({ text }) => text && fits(text));
  const recent = JSON.parse(localStorage.getItem(`recent:${document.body.dataset.user}`) || "[]").filter((one) => fits(one.text) && one.url !== location.pathname);
  const clock = document.querySelector(".find svg");
  const here = from([...acts(), ...document.querySelectorAll("#new a")]).map(({ el, text }) => option({ text, icon: el.querySelector("svg"), url: el.href, run: el.href ? null : () => el.click() }));
  const pages = from(document.querySelectorAll(".nav a, #me a")).map(({ el, text }) => option({ text, icon: el.querySelector("svg"), url: el.href }));
  return [
    ...group(words.recent, query ? [] : recent.map((one) => option({ ...one, icon: clock }))),
    ...group(words.acts, here.slice(0, query ? 6 : 5)),
    ...group(words.pages, pages.slice(0, query ? 6 : 20)),
  ];
}

function show(query, found = "") {
  list.replaceChildren(...own(query));
  if (found.trim()) {
    const records = document.createElement("div");
    records.innerHTML = found;
    list.prepend(...records.children);
  }
  const options = all();
  if (!options.length) {
    const none = list.appendChild(document.createElement("p"));
    none.className = "none";
    none.textContent = words.none;
  }
  options.forEach((el, i) => (el.id = `palette-${i}`));
  mark(options[0]);
}
const all = () => [...list.querySelectorAll("[role=option]")];
function mark(option) {
  list.querySelectorAll("[aria-selected=true]").forEach((el) => el.setAttribute("aria-selected", "false"));
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}
function choose(option, apart) {
  if (!option) { if (input.value.trim()) location.href = `${document.body.dataset.search}?q=${encodeURIComponent(input.value)}`; return; }
  if (apart && option.dataset.url) return window.open(option.dataset.url, "_blank", "noopener");
  dialog.close();
  if (option.run) option.run();
  else location.href = option.dataset.url;
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  const query = input.value.trim();
  if (query.length < 2) return show(query);
  timer = setTimeout(() => search(query), 60);
});
async function search(query) {
  const mine = ++asked;
  cancel?.abort();
  cancel = new AbortController();
  let found = "";
  try {
    const answer = await fetch(`${document.body.dataset.search}?palette=1&q=${encodeURIComponent(query)}`, { signal: cancel.signal, headers: { "HX-Request": "true" } });
    if (answer.ok && !answer.redirected) found = await answer.text();
  } catch (error) { if (error.name === "AbortError") return; }
  if (mine === asked && input.value.trim() === query) show(query, found);
}
input.addEventListener("keydown", (event) => {
  const options = all(), at = options.findIndex((el) => el.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) { event.preventDefault(); mark(options[(at + step + options.length) % options.length]); }
  if (event.key === "Escape") { event.preventDefault(); dialog.close(); }
  if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); choose(options[at], event.ctrlKey || event.metaKey); }
});
