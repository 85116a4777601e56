// <live-region topic="party:abc" hx-get="…" hx-trigger="refresh">: asks anew when its topic changed, never while
// somebody writes in it or an answer to it is on its way, whose message would be lost. A window that nobody looks at
// lets its connection go: browsers allow six for a site. Who (re)connects says how long ago all was known.
let source = null, topics = "", leaving = 0;
let seen = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.fetchStart ?? 0);
const regions = () => [...document.querySelectorAll("live-region")];

function connect() {
  if (document.hidden) return;
  const wanted = [...new Set(regions().map((el) => el.getAttribute("topic")))].sort().map((t) => `topic=${encodeURIComponent(t)}`).join("&");
  if (wanted === topics) return;
  topics = wanted;
  source?.close();
  source = null;
  if (!wanted) return;
  source = new EventSource(`${document.body.dataset.live}?${wanted}&ago=${Math.max(0, Math.round(Date.now() - seen))}`);
  source.addEventListener("changed", (event) => heard(event.data));
  source.addEventListener("now", () => { seen = Date.now(); });
}
function heard(topic) {
  seen = Date.now();
  for (const region of regions()) if (region.getAttribute("topic") === topic) region.refresh();
}
const busy = (region) => region.querySelector(".editing, dialog[open], .htmx-request") || (region.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"));

customElements.define("live-region", class extends HTMLElement {
  connectedCallback() {
    queueMicrotask(connect);
    this.addEventListener("htmx:beforeSwap", (event) => { if (event.target === this && busy(this)) { event.preventDefault(); this.refresh(); } });
  }
  disconnectedCallback() { clearTimeout(this.waits); queueMicrotask(connect); }
  refresh() {
    clearTimeout(this.waits);
    if (busy(this)) this.waits = setTimeout(() => this.refresh(), 200);
    else htmx.trigger(this, "refresh");
  }
});
function leave() { source?.close(); source = null; topics = ""; }
function comeBack() { if (!source) connect(); }
document.addEventListener("visibilitychange", () => {
  clearTimeout(leaving);
  if (document.hidden) leaving = setTimeout(leave, 5000); else comeBack();
});
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => { if (event.persisted) comeBack(); });
