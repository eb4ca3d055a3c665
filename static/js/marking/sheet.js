// The sheet: every tap becomes a mark on this tablet at once, and is called saved on the server only after the server said so.
import { shown } from "./decisions.js";
import * as store from "./store.js";
import { Tablet } from "./tablet.js";

const data = JSON.parse(document.getElementById("sheet-data").textContent);
const words = data.words;
const cells = new Map();
const undoable = [];
let state = data.initial;
let current = null;
let readOnly = !window.isSecureContext; // a page from a plain network cannot keep or sign marks

const closed = () => state.locked || readOnly;

const keyOf = (aspect, cell) => `${aspect}|${cell}`;
const aspects = [...document.querySelectorAll(".aspect")];
const light = document.getElementById("light");
const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });

for (const card of aspects) {
  for (const box of card.querySelectorAll("[data-cell]")) {
    cells.set(keyOf(card.dataset.aspect, box.dataset.cell), {
      card, box, seat: box.dataset.seat || null, value: null, base: null, acked: null, note: "", waiting: 0, problem: "", savedAt: "", keptAt: "", failure: "",
    });
  }
}

const tablet = new Tablet(data, { changed: showLight, answered, failed });

function spoken(card, value) {
  if (value === null) return words.cleared;
  if (value === "NA") return words.not_attempted;
  if (card.dataset.method === "pass_fail") return value === "1" ? words.pass : words.fail;
  return value;
}

function put(key, value, { undo = true } = {}) {
  const cell = cells.get(key);
  if (closed() || cell.value === value) return;
  if (undo) undoable.push({ key, before: cell.value });
  cell.value = value;
  send(key, value === null ? "clear" : "set", value);
  const text = document.getElementById("undo-text");
  text.textContent = `${cell.card.dataset.code} ${words.changed} ${spoken(cell.card, value)}`;
  document.getElementById("undo").hidden = undoable.length === 0;
  draw();
}

function send(key, kind, value) {
  const cell = cells.get(key);
  const mark = tablet.give({
    work_id: data.work, aspect_id: cell.card.dataset.aspect, seat_id: cell.seat, kind, value, base_id: cell.base, scheme_id: data.scheme,
  }, key);
  cell.waiting += 1;
  cell.problem = "";
  if (kind !== "note") cell.base = mark.id;
}

/** A mark is durable on this tablet (no error), or could not be kept: the value stays on the screen and is called not saved. */
function failed(key, error) {
  const cell = cells.get(key);
  if (error) cell.failure = error.name === "QuotaExceededError" ? words.full : words.not_kept;
  else { cell.failure = ""; cell.keptAt = new Date().toISOString(); }
  draw();
}

function answered(mark, key, answer, serverTime) {
  const cell = cells.get(key);
  if (!cell) return;
  cell.waiting = Math.max(0, cell.waiting - 1);
  const first = answer.status === "duplicate" ? (answer.code ? "held" : "received") : answer.status;
  if (first === "received" || answer.status === "conflict") {
    cell.savedAt = serverTime;
    if (mark.kind !== "note") cell.acked = mark.id;
    cell.problem = answer.status === "conflict" ? answer.message : "";
    cell.tone = "wait";
  } else {
    cell.problem = answer.message;
    cell.tone = first === "held" ? "wait" : "wrong";
    if (cell.base === mark.id) cell.base = cell.acked;
  }
  draw();
}

/** Show a state of the server, under the marks that were given here after it. */
function take(fresh, own = []) {
  state = fresh;
  for (const [key, cell] of cells) {
    if (cell.waiting) continue;
    const stored = fresh.cells[key];
    if (cell.problem && cell.tone === "wrong") continue; // what was refused stays on screen
    const given = own.filter((mark) => mark.cell === key);
    const now = shown(stored, given.filter((mark) => mark.state === "queued" || mark.sent_at >= fresh.at));
    cell.waiting = given.filter((mark) => mark.state === "queued").length;
    cell.value = now ? now.value : null;
    cell.base = now ? now.base : null;
    cell.acked = stored ? stored.base : null;
    cell.note = stored ? stored.note : "";
    cell.conflict = stored ? stored.conflict : false;
  }
  draw();
}

function showLight() {
  const lost = [...cells.values()].some((cell) => cell.failure);
  light.dataset.state = lost ? "unsaved" : tablet.waiting ? "local" : "saved";
  const text = lost ? words.unsaved : tablet.waiting ? `${words.local} · ${words.queue} ${tablet.waiting}` : state.state === "confirmed" ? words.confirmed : words.saved;
  const said = document.getElementById("light-text");
  if (said.textContent !== text) said.textContent = text;
  document.getElementById("retry").hidden = !lost && !(tablet.waiting && tablet.failing);
  document.getElementById("light-note").textContent = tablet.pump.refused ? words.sign_in : tablet.waiting && tablet.failing ? words.offline : words.at_once;
  draw();
  if (!tablet.waiting) refresh();
}

function draw() {
  let filled = 0;
  for (const card of aspects) {
    const id = card.dataset.aspect;
    const mine = [...cells].filter(([key]) => key.startsWith(`${id}|`)).map(([, cell]) => cell);
    const done = mine.every((cell) => cell.value !== null);
    filled += done;
    const failing = mine.some((cell) => cell.failure || (cell.problem && cell.tone === "wrong"));
    card.classList.toggle("unsaved", failing);
    card.classList.toggle("current", card === current);
    for (const cell of mine) drawCell(cell);
    const seen = state.aspects[id] ?? { seats: [], message: "" };
    const line = card.querySelector("[data-line]");
    const waiting = mine.some((cell) => cell.waiting);
    const problem = mine.find((cell) => cell.problem);
    const conflict = mine.some((cell) => cell.conflict);
    const saved = mine.map((cell) => cell.savedAt).filter(Boolean).sort().pop();
    const failure = mine.map((cell) => cell.failure).find(Boolean);
    const kept = mine.map((cell) => cell.keptAt).filter(Boolean).sort().pop();
    const [tone, text] = failure ? ["wrong", failure] : waiting ? ["wait", kept ? `${words.local} ${clock(kept)}` : words.local]
      : problem ? [problem.tone, problem.problem] : conflict ? ["wait", words.conflict]
      : saved ? ["saved", `${words.saved} ${clock(saved)}`] : done ? ["saved", words.saved] : ["", ""];
    line.dataset.tone = tone;
    if (line.textContent !== text) line.textContent = text;
    const outcome = card.querySelector("[data-outcome]");
    const others = seen.seats.filter((seat) => seat.value !== null && !seen.revealed).length;
    const said = seen.revealed || !seen.seats.length ? seen.message : others ? `${others} / ${seen.seats.length} ${words.waiting}` : "";
    outcome.textContent = said || mine.map((cell) => cell.note).filter(Boolean).join(" · ");
    outcome.classList.toggle("discuss", Boolean(seen.discuss));
    const dot = document.querySelector(`[data-dot="${id}"]`);
    dot.className = failing ? "bad" : conflict || seen.discuss ? "wait" : done ? "done" : card === current ? "now" : "";
  }
  document.getElementById("filled").textContent = filled;
  document.body.classList.toggle("locked", closed());
  const notice = document.getElementById("sheet-notice");
  notice.hidden = !closed();
  notice.querySelector("span").textContent = readOnly ? (window.isSecureContext ? words.other_tab : words.plain) : state.state_text;
  const last = current === aspects[aspects.length - 1] || filled === aspects.length;
  const next = document.getElementById("next");
  next.firstElementChild.textContent = last ? next.dataset.work : next.dataset.next;
}

function drawCell(cell) {
  for (const button of cell.box.querySelectorAll("[data-value]")) button.setAttribute("aria-pressed", String(cell.value === button.dataset.value));
  const shown = cell.box.querySelector("[data-shown]");
  if (shown) {
    const unit = cell.card.dataset.unit;
    shown.textContent = cell.value === null || cell.value === "NA" ? "—" : unit ? `${cell.value} ${unit}` : cell.value;
  }
  cell.box.querySelector("[data-pad]")?.classList.toggle("filled", cell.value !== null && cell.value !== "NA");
}

async function refresh() {
  if (tablet.waiting || document.hidden) return;
  try {
    const who = await store.identity(`${data.person}:${data.event}`); // the tablet's own token outlives the session
    const proof = who && !who.refused ? { Authorization: `Bearer ${who.token}` } : {};
    const answer = await fetch(data.urls.state, { headers: { Accept: "application/json", ...proof }, redirect: "error" });
    if (!answer.ok) return;
    const fresh = await answer.json();
    if (tablet.waiting) return;
    take(fresh);
    await store.keepSheet({ sheet: tablet.sheet, state: fresh });
  } catch { /* the light speaks when a mark cannot be sent */ }
}

// --- hands -----------------------------------------------------------------------------------------------------------

function choose(card, { scroll = false } = {}) {
  current = card;
  if (scroll) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    card.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    card.focus({ preventScroll: true });
  }
  draw();
}

for (const card of aspects) {
  card.addEventListener("pointerdown", () => choose(card));
  card.addEventListener("focusin", () => { if (current !== card) choose(card); });
  card.addEventListener("click", (tap) => {
    const button = tap.target.closest("button");
    if (!button) return;
    const box = button.closest("[data-cell]");
    const key = box && keyOf(card.dataset.aspect, box.dataset.cell);
    if (button.dataset.value !== undefined) put(key, cells.get(key).value === button.dataset.value ? null : button.dataset.value);
    else if (button.dataset.step !== undefined) step(key, Number(button.dataset.step));
    else if (button.dataset.pad !== undefined) openPad(key);
    else if (button.dataset.note !== undefined) openNote(card);
    else if (button.dataset.call !== undefined) callChief(card, button);
  });
}

function step(key, by) {
  const { value } = cells.get(key);
  const from = value === null || value === "NA" ? 0 : Number(value);
  put(key, String(Math.max(0, from + by)));
}

const pad = document.getElementById("pad");
const padValue = document.getElementById("pad-value");
let padKey = null;

function openPad(key) {
  const cell = cells.get(key);
  if (closed()) return;
  const { code, max, places, unit } = cell.card.dataset;
  padKey = key;
  document.getElementById("pad-title").textContent = `${code} ${cell.card.querySelector("h3").textContent}`;
  const exact = cell.card.dataset.method === "count" ? words.whole : `${places} ${words.places}`;
  document.getElementById("pad-limits").textContent = max ? `${words.most} ${Number(max)} · ${exact}` : exact;
  document.getElementById("pad-unit").textContent = unit;
  document.getElementById("pad-wrong").textContent = "";
  padValue.value = cell.value === null || cell.value === "NA" ? "" : cell.value;
  pad.showModal();
  padValue.select();
}

function fits(text) {
  const { max, places, method } = cells.get(padKey).card.dataset;
  if (!/^\d{1,9}(\.\d+)?$/.test(text)) return document.getElementById("pad-limits").textContent;
  if (max && Number(text) > Number(max)) return `${words.most} ${Number(max)}`;
  const decimals = (text.split(".")[1] ?? "").length;
  if (method === "count" && decimals) return words.whole;
  return decimals > Number(places) ? `${places} ${words.places}` : "";
}

pad.addEventListener("click", (tap) => {
  const digit = tap.target.closest("[data-key]")?.dataset.key;
  if (!digit) return;
  const selected = padValue.selectionStart !== padValue.selectionEnd;
  const before = selected ? "" : padValue.value;
  padValue.value = digit === "back" ? before.slice(0, -1) : before + digit;
  padValue.setSelectionRange(padValue.value.length, padValue.value.length);
});

pad.querySelector("form").addEventListener("submit", (sending) => {
  const text = padValue.value.trim().replace("，", ".").replace(",", ".");
  const wrong = fits(text);
  if (wrong) { sending.preventDefault(); sending.stopPropagation(); document.getElementById("pad-wrong").textContent = wrong; return; }
  put(padKey, text);
});

const note = document.getElementById("note");
let noteKey = null;

function openNote(card) {
  noteKey = [...cells].find(([, cell]) => cell.card === card)[0];
  document.getElementById("note-text").value = cells.get(noteKey).note;
  note.showModal();
}

note.querySelector("form").addEventListener("submit", () => {
  const text = document.getElementById("note-text").value.trim();
  if (!closed() && text !== cells.get(noteKey).note) { cells.get(noteKey).note = text; send(noteKey, "note", text); draw(); }
});

for (const dialog of [pad, note]) dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

async function callChief(card, button) {
  const line = card.querySelector("[data-line]");
  button.disabled = true;
  try {
    const answer = await tablet.post(data.urls.calls, { panel_id: data.panel, work_id: data.work, aspect_id: card.dataset.aspect });
    line.dataset.tone = answer.ok ? "saved" : "wrong";
    line.textContent = answer.ok ? words.called : words.call_failed;
  } catch {
    line.dataset.tone = "wrong";
    line.textContent = words.call_failed;
  }
  button.disabled = false;
}

/** Leave the sheet when what was tapped is on disk: a quick hand must not outrun the write. What cannot be kept asks first. */
async function leave(address) {
  await tablet.writing;
  window.location.href = address;
}

document.addEventListener("click", (tap) => {
  const link = tap.target.closest("a[href]");
  if (!link || !tablet.unsaved.size || link.target || tap.ctrlKey || tap.metaKey) return;
  tap.preventDefault();
  leave(link.href);
});

document.getElementById("undo").addEventListener("click", () => {
  const last = undoable.pop();
  if (last) put(last.key, last.before, { undo: false });
});
document.getElementById("retry").addEventListener("click", () => tablet.again());
document.getElementById("none").addEventListener("click", () => {
  if (window.confirm(words.all_not_attempted)) for (const key of cells.keys()) put(key, "NA");
});
document.getElementById("next").addEventListener("click", (tap) => {
  const open = aspects.filter((card) => [...cells.values()].some((cell) => cell.card === card && cell.value === null));
  const after = open.find((card) => aspects.indexOf(card) > aspects.indexOf(current)) ?? (aspects.indexOf(current) < aspects.length - 1 && open[0]);
  if (after) choose(after, { scroll: true });
  else leave(tap.currentTarget.dataset.href);
});

document.addEventListener("keydown", (press) => {
  if (press.ctrlKey || press.metaKey || press.altKey || document.querySelector("dialog[open]") || /^(input|textarea)$/i.test(press.target.tagName)) return;
  const index = aspects.indexOf(current);
  if (press.key === "ArrowDown" || press.key === "ArrowUp") {
    press.preventDefault();
    const to = aspects[Math.min(aspects.length - 1, Math.max(0, index + (press.key === "ArrowDown" ? 1 : -1)))];
    choose(to, { scroll: true });
  } else if (current && /^[0-9]$/.test(press.key)) {
    const open = [...cells].filter(([, cell]) => cell.card === current);
    const [key, cell] = open.find(([, one]) => one.value === null) ?? open[0];
    if (cell.box.querySelector("[data-pad]")) { press.preventDefault(); openPad(key); padValue.value = press.key; }
    else if (cell.box.querySelector("[data-step]") || cell.box.querySelector(`[data-value="${press.key}"]`)) put(key, press.key);
  } else if (current && press.key.toLowerCase() === "n") {
    for (const [key, cell] of cells) if (cell.card === current) put(key, "NA");
  }
});

window.addEventListener("beforeunload", (leaving) => { if (tablet.unsaved.size) leaving.preventDefault(); });
document.addEventListener("visibilitychange", refresh);
window.setInterval(refresh, 5000);

/** One tab writes a sheet; a second one shows it, and takes over when the first is closed. */
async function claim() {
  const name = `laurel-sheet:${tablet.sheet}`;
  const forever = () => new Promise(() => {});
  const free = await new Promise((resolve) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => { resolve(Boolean(lock)); return lock ? forever() : undefined; });
  });
  readOnly = !free;
  if (!free) navigator.locks.request(name, () => { window.location.reload(); return forever(); });
}

take(data.initial);
if (window.isSecureContext) {
  await claim();
  const kept = await store.sheetState(tablet.sheet).catch(() => null);
  const own = await tablet.begin().catch(() => []);
  take(kept && kept.state.at >= data.initial.at ? kept.state : data.initial, own);
}
document.body.dataset.ready = "yes";
choose(aspects.find((card) => [...cells.values()].some((cell) => cell.card === card && cell.value === null)) ?? aspects[0]);
showLight();
