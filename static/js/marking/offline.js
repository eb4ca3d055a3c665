// On judges' pages: join the service worker, keep this panel's sheets for the day, make the tablet's identity, ask for lasting storage.
import { Pump, identityFor } from "./tablet.js";
import * as store from "./store.js";

const data = document.getElementById("offline-data") && JSON.parse(document.getElementById("offline-data").textContent);
const shown = document.querySelector("[data-offline]");

async function quiet() {
  return !document.body.classList.contains("marking") && (await store.marksIn("queued")).length === 0;
}

async function join() {
  const joined = await navigator.serviceWorker.register("/service-worker.js");
  const offer = async () => { if (joined.waiting && (await quiet())) joined.waiting?.postMessage("update"); };
  joined.addEventListener("updatefound", () => joined.installing?.addEventListener("statechange", offer));
  offer();
  const ready = await navigator.serviceWorker.ready;
  await navigator.storage?.persist?.();
  return ready;
}

function say(state) {
  if (!shown) return;
  shown.dataset.state = state;
  shown.querySelector("span").textContent = shown.dataset[state];
}

if (!window.isSecureContext || !("serviceWorker" in navigator)) say("impossible");
else {
  try {
    const ready = await join();
    if (data) {
      navigator.serviceWorker.addEventListener("message", ({ data: said }) => { if (said.kept) say("ready"); });
      for (const event of data.events) await identityFor(data.person, event, data.devices);
      ready.active.postMessage({ keep: [window.location.pathname, ...data.pages] });
      new Pump(data.marks, async () => {
        const waiting = (await store.marksIn("queued")).length;
        const box = document.querySelector("[data-waiting]");
        if (box) { box.hidden = !waiting; box.querySelector("b").textContent = waiting; }
      }).run();
    }
  } catch { say("off"); }
}
if ("wakeLock" in navigator) {
  const awake = async () => { try { if (!document.hidden) await navigator.wakeLock.request("screen"); } catch { /* the battery decides */ } };
  document.addEventListener("visibilitychange", awake);
  awake();
}
