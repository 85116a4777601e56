// Settings, Notifications: lets this browser be told something while no page of ours is open. The form holds what the
// browser's push service says, and is sent like any other.
const form = document.querySelector("[data-push]"), button = form?.querySelector("button"), said = form?.querySelector("[role=status]");

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return form.dataset.denied;
  await navigator.serviceWorker.register(form.dataset.worker);
  const { pushManager } = await navigator.serviceWorker.ready;
  const before = await pushManager.getSubscription();
  await before?.unsubscribe();
  const fresh = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) });
  form.endpoint.value = fresh.endpoint;
  form.p256dh.value = words(fresh.getKey("p256dh"));
  form.auth.value = words(fresh.getKey("auth"));
  form.submit();
}

if (form) {
  const may = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  button.disabled = !may;
  if (!may) said.textContent = form.dataset.unable;
  form.addEventListener("submit", (event) => {
    if (form.endpoint.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    said.textContent = "";
    subscribe().then((why) => { if (why) said.textContent = why; }, () => (said.textContent = form.dataset.failed));
  }, true);
}
