// One registry of shortcuts: what is not in it does not exist, and the sheet (?) shows all of it.
// A key is "k", a sequence "g c", or a chord "Ctrl K" (Cmd on a Mac). Links and buttons join by data-keys.
const registry = new Map();
let begun = "", timer = 0;

export function key(keys, name, group, run) {
  registry.set(keys, { keys, name, group, run });
}

export const typing = (el) => !!el?.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]");
const dialogOpen = () => document.querySelector("dialog[open]");
const shown = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", ...(/Mac|iP/.test(navigator.platform) && { Ctrl: "⌘" }) };

function fromPage(keys) {
  return [...document.querySelectorAll("[data-keys]")].find((el) => el.dataset.keys === keys);
}

function run(keys, event) {
  const element = fromPage(keys), known = registry.get(keys);
  if (known && !element?.closest("main")) return known.run(event) !== false;
  element?.click();
  if (element?.matches("summary, input")) element.focus();
  return !!element;
}

const begins = (keys) => [...registry.keys()].some((k) => k.startsWith(keys + " ")) || [...document.querySelectorAll("[data-keys]")].some((el) => el.dataset.keys.startsWith(keys + " "));

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  if (event.ctrlKey || event.metaKey) {
    const chord = "Ctrl " + (event.key.length === 1 ? event.key.toUpperCase() : event.key);
    if (registry.has(chord) && run(chord, event)) event.preventDefault();
    return;
  }
  const leaves = event.key === "Escape" && fromPage("Escape"); // a page that Esc leaves is left while typing too
  if ((typing(event.target) && !leaves) || dialogOpen()) return;
  const single = event.key.length === 1 && event.key !== " ";
  if (single && !("shortcuts" in document.body.dataset) && event.key !== "?") return;
  const pressed = begun ? `${begun} ${event.key}` : event.key === " " ? "Space" : event.key;
  clearTimeout(timer);
  begun = "";
  if (run(pressed, event)) return event.preventDefault();
  if (single && begins(pressed)) {
    begun = pressed;
    timer = setTimeout(() => (begun = ""), 1200);
    if (registry.get(pressed + " ")) registry.get(pressed + " ").run();
  }
});

export function acts() {
  return [...document.querySelectorAll("main [data-keys], main [data-act]")].filter((el) => el.offsetParent);
}

export function sheet() {
  const dialog = document.getElementById("keys"), words = dialog.dataset, groups = new Map();
  const put = (group, keys, name) => {
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push([keys, name]);
  };
  for (const { keys, name, group } of registry.values()) if (!fromPage(keys)?.closest("main")) put(words[group], keys, words[name]);
  for (const el of document.querySelectorAll("[data-keys]")) {
    const group = el.closest(".nav") ? words.go : el.closest("#new") ? words.new : words.page;
    put(group, el.dataset.keys, el.querySelector("span:not(.count)")?.textContent || el.getAttribute("aria-label") || el.firstChild?.nextSibling?.textContent || el.textContent);
  }
  const place = dialog.querySelector(".keys");
  place.replaceChildren(...[...groups].map(([group, entries]) => {
    const section = document.createElement("section"), list = document.createElement("dl");
    const title = section.appendChild(document.createElement("h3"));
    title.textContent = group;
    for (const [name, all] of Map.groupBy(entries, ([, name]) => name.trim())) {
      const row = list.appendChild(document.createElement("div"));
      row.appendChild(document.createElement("dt")).textContent = name;
      const dd = row.appendChild(document.createElement("dd"));
      all.forEach(([keys], i) => {
        if (i) dd.append("·");
        for (const one of keys.split(" ").filter(Boolean)) dd.appendChild(document.createElement("kbd")).textContent = shown[one] ?? one;
      });
    }
    section.append(list);
    return section;
  }));
  dialog.showModal();
}

key("?", "sheet", "house", sheet);
