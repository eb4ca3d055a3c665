// The terminal self-test: each check answers "ok", "warned" or "failed". The result goes to the server for every identity kept here.
import * as store from "./store.js";

const words = JSON.parse(document.getElementById("check-data").textContent);
const LEAST_SPACE = 200 * 1024 * 1024;
const MOST_OFFSET = 120000;
let offset = 0;

const late = (promise, patience) => Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("late")), patience))]);

const checks = {
  secure: async () => (window.isSecureContext ? "ok" : "failed"),
  worker: async () => {
    await navigator.serviceWorker.register("/service-worker.js");
    await late(navigator.serviceWorker.ready, 15000);
    return "ok";
  },
  keys: async () => {
    const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.privateKey, new Uint8Array(32));
    return keys.privateKey.extractable || !navigator.locks ? "failed" : "ok";
  },
  database: async () => {
    const probe = { sheet: "self-test", state: { at: String(Math.random()) } };
    await store.keepSheet(probe);
    return (await store.sheetState("self-test")).state.at === probe.state.at ? "ok" : "failed";
  },
  persisted: async () => ((await navigator.storage.persisted()) || (await navigator.storage.persist()) ? "ok" : "warned"),
  space: async () => {
    const { quota, usage } = await navigator.storage.estimate();
    return quota - usage >= LEAST_SPACE ? "ok" : "failed";
  },
  clock: async () => {
    const before = Date.now();
    const answer = await late(fetch("/tablet/time", { cache: "no-store" }), 8000);
    const { server_time: server } = await answer.json();
    offset = Math.round((before + Date.now()) / 2 - Date.parse(server));
    return Math.abs(offset) <= MOST_OFFSET ? "ok" : "failed";
  },
  camera: async () => ((await navigator.mediaDevices.enumerateDevices()).some((one) => one.kind === "videoinput") ? "ok" : "warned"),
  browser: async () => (/MicroMessenger|QQ\/|DingTalk|Weibo|AlipayClient|; wv\)/i.test(navigator.userAgent) ? "failed" : "ok"),
};

async function one(box) {
  let state = "failed";
  try { state = await checks[box.dataset.check](); } catch { if (box.dataset.check === "camera") state = "warned"; }
  box.dataset.state = state;
  box.querySelector(".check-word").textContent = words[state];
}

async function run() {
  const boxes = [...document.querySelectorAll("[data-check]")];
  for (const box of boxes) { box.dataset.state = "running"; await one(box); }
  const codes = (state) => boxes.filter((box) => box.dataset.state === state).map((box) => box.dataset.check);
  const [failed, warned] = [codes("failed"), codes("warned")];
  document.getElementById("sum").textContent = failed.length ? words.none : warned.length ? words.some : words.all;
  for (const who of await store.identities().catch(() => [])) {
    await fetch("/api/tablet/check", {
      method: "POST", headers: { "Content-Type": "application/json", Authorization: `Bearer ${who.token}` },
      body: JSON.stringify({ failed, warned, clock_offset: offset }),
    }).catch(() => null);
  }
  document.body.dataset.checked = failed.length ? "failed" : "ok";
}

document.getElementById("again").addEventListener("click", run);
run();
