// Hand-over at the end of a day without a network: the marks that wait here, sealed into a file that another tablet carries to the
// server. They are signed by the tablet that made them: whoever carries them can neither read the file without its code nor alter a mark.
import { BATCH } from "./decisions.js";
import * as store from "./store.js";
import { Pump } from "./tablet.js";

const words = JSON.parse(document.getElementById("handover-data").textContent);
const ROUNDS = 600000;
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"; // 32 signs, none that is mistaken for another
const said = document.getElementById("handover-said");
const encoder = new TextEncoder();

const text = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
const bytes = (written) => Uint8Array.from(atob(written), (sign) => sign.charCodeAt(0));
const plain = (code) => code.toUpperCase().replace(/[^0-9A-Z]/g, "");

function say(tone, sentence) {
  said.dataset.tone = tone;
  said.textContent = sentence;
}

async function keyOf(code, salt) {
  const base = await crypto.subtle.importKey("raw", encoder.encode(plain(code)), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", salt, iterations: ROUNDS, hash: "SHA-256" }, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Sixteen signs: eighty bits, written down beside the file, never in it. */
function freshCode() {
  const drawn = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => ALPHABET[byte % 32]).join("");
  return drawn.replace(/(.{4})(?=.)/g, "$1-");
}

async function waiting() { return (await store.marksIn("queued")).sort((a, b) => a.device_sequence - b.device_sequence); }

async function write() {
  const marks = await waiting();
  if (!marks.length) { say("saved", words.nothing); return; }
  const code = freshCode();
  const [salt, iv] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
  const kept = marks.map(({ body, sheet, cell }) => ({ body, sheet, cell }));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(code, salt), encoder.encode(JSON.stringify({ marks: kept })));
  const file = { laurel: "hand-over", version: 1, rounds: ROUNDS, salt: text(salt), iv: text(iv), sealed: text(sealed) };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
  link.download = `laurel-${new Date().toISOString().slice(0, 16).replaceAll(":", "")}.json`;
  link.click();
  document.getElementById("handover-code").textContent = code;
  document.getElementById("handover-made").hidden = false;
  say("saved", `${words.written} ${marks.length}`);
}

async function opened(file, code) {
  const found = JSON.parse(await file.text());
  if (found.laurel !== "hand-over" || found.version !== 1 || found.rounds !== ROUNDS) throw new Error("form");
  const key = await keyOf(code, bytes(found.salt));
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(found.iv) }, key, bytes(found.sealed)))).marks;
}

/** Take the marks of a file into this tablet's own queue; one that is already here stays as it is. */
async function take(marks) {
  const who = (await store.identities()).find((one) => !one.refused);
  if (!who) return false;
  await store.carryMarks(marks.map(({ body, sheet, cell }) => ({
    id: body.id, body, kind: body.kind, value: body.value, device_sequence: body.device_sequence, identity: who.key, sheet, cell, state: "queued", carried: true,
  })));
  return true;
}

/** Without a tablet of its own (an office computer) the file is sent with the session, and nothing is kept here. */
async function send(marks) {
  for (let start = 0; start < marks.length; start += BATCH) {
    const answer = await fetch(words.marks, {
      method: "POST", headers: { "Content-Type": "application/json", "X-Laurel": "1" },
      body: JSON.stringify({ marks: marks.slice(start, start + BATCH).map((one) => one.body) }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
  }
}

async function read(form) {
  let marks;
  try { marks = await opened(form.elements.file.files[0], form.elements.code.value); } catch { say("wrong", words.unreadable); return; }
  try {
    if (await take(marks)) { say("wait", `${words.taken} ${marks.length}`); pump.run(); } else { await send(marks); say("saved", `${words.sent} ${marks.length}`); }
    form.reset();
  } catch { say("wrong", words.not_sent); }
}

const pump = new Pump(words.marks, async () => {
  const left = (await waiting()).length;
  document.getElementById("handover-count").textContent = left;
  if (!left && said.dataset.tone === "wait") say("saved", words.arrived);
});
document.getElementById("handover-write").addEventListener("click", () => write().catch(() => say("wrong", words.not_written)));
document.getElementById("handover-read").addEventListener("submit", (sending) => { sending.preventDefault(); read(sending.target); });
if (window.isSecureContext) pump.run(); else say("wrong", words.plain);
