// Lists of what is to be done: j and k move, d does, p puts off until tomorrow, o opens.
import { key } from "./keys.js";

const rows = () => [...document.querySelectorAll("[data-agenda] [data-entry]")].filter((row) => row.offsetParent);
const current = () => document.activeElement?.closest?.("[data-entry]");
const link = (row) => row?.querySelector("[data-open]");

function move(step) {
  const all = rows(), at = all.indexOf(current()), next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
  if (!next) return false;
  link(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}
function press(selector) {
  const button = current()?.querySelector(selector);
  if (!button) return false;
  button.click();
}
if (!document.querySelector(".sheet")) {
  key("j", "next", "due", () => move(1));
  key("k", "previous", "due", () => move(-1));
}
key("d", "done", "due", () => press("[data-done]"));
key("p", "later", "due", () => press("[data-later]"));
key("o", "open", "due", () => { const to = link(current()); if (!to) return false; to.click(); });
