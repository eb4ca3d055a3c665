// A page of cells, by work or by aspect: every tap becomes a mark on this tablet at once, and is called saved on the server only
// after the server said so.
import { apart, Cell } from "./cells.js";
import { Columns } from "./columns.js";
import { NoteDialog, NumberPad } from "./dialogs.js";
import { Photos } from "./photos.js";
import * as store from "./store.js";
import { Tablet } from "./tablet.js";

const data = JSON.parse(document.getElementById("sheet-data").textContent);
const words = data.words;
const cells = new Map();
const undoable = [];
let state = data.initial;
let current = null;
let columns = null; // a panel's tablet: each judge confirms a column
let readOnly = !window.isSecureContext; // a page from a plain network cannot keep or sign marks

const sheetOf = (card) => state.sheets[card.dataset.work] ?? { locked: true, aspects: {}, cells: {}, state: "open", state_text: "" };
const closed = (card) => readOnly || sheetOf(card).locked;
const keyOf = (work, cell) => `${work}|${cell}`; // `cell` is "aspect|seat or panel", as marks and states name it
const cards = [...document.querySelectorAll(".aspect")];
const light = document.getElementById("light");
const zone = { timeZone: "Asia/Shanghai", hour12: false };
const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", zone);

for (const card of cards) {
  for (const box of card.querySelectorAll("[data-cell]")) {
    const name = `${card.dataset.aspect}|${box.dataset.cell}`;
    cells.set(keyOf(card.dataset.work, name), new Cell({ card, box, name, seat: box.dataset.seat || null }));
  }
}
const of = (card) => [...cells.values()].filter((cell) => cell.card === card);
const keysOf = (card) => [...cells].filter(([, cell]) => cell.card === card);

const tablet = new Tablet(data, [...new Set(cards.map((card) => card.dataset.work))], { changed: showLight, answered, failed });

function spoken(card, value) {
  if (value === null) return words.cleared;
  if (value === "NA") return words.not_attempted;
  if (value === "NJ") return words.no_judge;
  if (card.dataset.method === "pass_fail") return value === "1" ? words.pass : words.fail;
  if (card.dataset.method === "choice") return card.querySelector(`[data-value="${value}"] strong`)?.textContent ?? value;
  return value;
}

function put(key, value, { undo = true } = {}) {
  const cell = cells.get(key);
  if (closed(cell.card) || cell.value === value) return;
  if (undo) undoable.push({ key, before: cell.value });
  const seen = sheetOf(cell.card).aspects[cell.card.dataset.aspect];
  if (undo && data.comment_changes && cell.seat && seen?.revealed && !seen.recorded && cell.value !== null && value !== null) cell.whyChanged = true;
  if (!undo) cell.whyChanged = false;
  cell.value = value;
  send(key, value === null ? "clear" : "set", value);
  document.getElementById("undo-text").textContent = `${cell.card.dataset.code} ${words.changed} ${spoken(cell.card, value)}`;
  document.getElementById("undo").hidden = undoable.length === 0;
  draw();
  if (undo && cell.owes(cell.card.dataset.reasonUpTo)) note.open(key, cell.note, true);
}

function send(key, kind, value) {
  const cell = cells.get(key);
  const { work, aspect } = cell.card.dataset;
  cell.given(tablet.give({ work_id: work, aspect_id: aspect, seat_id: cell.seat, kind, value, base_id: cell.base, scheme_id: data.scheme }, cell.name));
}

/** A mark is durable on this tablet (no error), or could not be kept: the value stays on the screen and is called not saved. */
function failed(work, name, error) {
  const cell = cells.get(keyOf(work, name));
  if (error) cell.failure = error.name === "QuotaExceededError" ? words.full : words.not_kept;
  else { cell.failure = ""; cell.keptAt = new Date().toISOString(); }
  draw();
}

function answered(mark, name, answer, serverTime) {
  cells.get(keyOf(mark.work_id, name))?.answered(mark, answer, serverTime);
  draw();
}

/** Show a state of the server, under the marks that were given here after it. */
function take(fresh, own = []) {
  state = fresh;
  if (columns && fresh.columns) columns.confirmed = fresh.columns;
  for (const cell of cells.values()) {
    const mine = own.filter((mark) => mark.cell === cell.name && mark.body.work_id === cell.card.dataset.work);
    cell.take(sheetOf(cell.card).cells[cell.name], mine, fresh.at);
  }
  draw();
}

function showLight() {
  const all = [...cells.values()];
  const lost = all.some((cell) => cell.failure);
  const sheets = Object.values(state.sheets);
  const confirmed = sheets.length > 0 && sheets.every((sheet) => sheet.confirmed);
  // "Saved on this tablet" is said of what is durable alone.
  const where = lost ? "unsaved" : tablet.unsaved.size ? "saving" : tablet.waiting ? "local" : confirmed ? "confirmed" : "saved";
  light.dataset.state = where;
  const text = where === "local" ? `${words.local} · ${words.queue} ${tablet.waiting}` : words[where];
  const said = document.getElementById("light-text");
  if (said.textContent !== text) said.textContent = text;
  document.getElementById("retry").hidden = !lost && !(tablet.waiting && tablet.failing);
  document.getElementById("light-note").textContent = tablet.pump.refused ? words.sign_in : tablet.waiting && tablet.failing ? words.offline : words.at_once;
  const filled = all.filter((cell) => cell.value !== null);
  const there = filled.filter((cell) => !cell.waiting && !cell.failure);
  const sealed = there.filter((cell) => sheetOf(cell.card).confirmed);
  const steps = [`${words.on_tablet} ${filled.filter((cell) => !cell.failure).length}`, `${words.on_server} ${there.length}`, `${words.are_confirmed} ${sealed.length}`];
  const until = tablet.ends ? new Date(tablet.ends).toLocaleString("zh-CN", { ...zone, month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }) : "";
  document.getElementById("light-steps").textContent = steps.join(" · ") + (until ? ` · ${words.until} ${until}` : "");
  draw();
  if (!tablet.waiting) refresh();
}

function draw() {
  columns?.draw();
  let filled = 0;
  for (const card of cards) filled += drawCard(card);
  document.getElementById("filled").textContent = filled;
  document.body.classList.toggle("locked", cards.length > 0 && cards.every(closed));
  const notice = document.getElementById("sheet-notice");
  notice.hidden = !document.body.classList.contains("locked");
  notice.querySelector("span").textContent = readOnly ? (window.isSecureContext ? words.other_tab : words.plain) : cards.length ? sheetOf(cards[0]).state_text : "";
  const next = document.getElementById("next");
  next.firstElementChild.textContent = current === cards[cards.length - 1] || filled === cards.length ? next.dataset.onward : next.dataset.next;
}

/** Draw one card; answers whether it is filled. */
function drawCard(card) {
  const { aspect, work } = card.dataset;
  const mine = of(card);
  const sheet = sheetOf(card);
  const done = mine.every((cell) => cell.value !== null);
  const failing = mine.some((cell) => cell.failure || (cell.problem && cell.tone === "wrong"));
  card.classList.toggle("unsaved", failing);
  card.classList.toggle("current", card === current);
  card.classList.toggle("closed", closed(card));
  for (const cell of mine) drawCell(cell);
  const seen = sheet.aspects[aspect] ?? { seats: [], message: "", revealed: false };
  const line = card.querySelector("[data-line]");
  const owing = !closed(card) && mine.some((cell) => cell.owes(card.dataset.reasonUpTo));
  const [tone, text] = lineOf(mine, sheet, done, owing);
  line.dataset.tone = tone;
  if (line.textContent !== text) line.textContent = text;
  const far = mine.length > 1 ? apart(mine.map((cell) => cell.value), card.dataset.method === "judgement_0_3" ? data.spread : Infinity) : "";
  const stale = mine.length > 1 && (far || mine.some((cell) => cell.waiting));
  const outcome = card.querySelector("[data-outcome]");
  const others = seen.seats.filter((seat) => seat.value !== null && !seen.revealed).length;
  const said = stale ? (far && words[far]) : seen.revealed || !seen.seats.length ? seen.message : others ? `${others} / ${seen.seats.length} ${words.waiting}` : "";
  const notes = mine.map((cell) => cell.note).filter(Boolean).join(" · ");
  const whole = [said, notes].filter(Boolean).join(" · ");
  if (outcome.textContent !== whole) outcome.textContent = whole;
  const discuss = stale ? Boolean(far) : Boolean(seen.discuss);
  outcome.classList.toggle("discuss", discuss);
  const waits = discuss || mine.some((cell) => cell.conflict);
  document.querySelector(`[data-dot="${work}|${aspect}"]`).className = failing ? "bad" : waits ? "wait" : done ? "done" : card === current ? "now" : "";
  return done ? 1 : 0;
}

/** Where the marks of a card are: [tone, words]. */
function lineOf(mine, sheet, done, owing) {
  const failure = mine.map((cell) => cell.failure).find(Boolean);
  if (failure) return ["wrong", failure];
  const kept = mine.map((cell) => cell.keptAt).filter(Boolean).sort().pop();
  if (mine.some((cell) => cell.waiting)) return ["wait", kept ? `${words.local} ${clock(kept)}` : words.local];
  const problem = mine.find((cell) => cell.problem);
  if (problem) return [problem.tone, problem.problem];
  if (mine.some((cell) => cell.conflict)) return ["wait", words.conflict];
  if (done && sheet.confirmed) return ["saved", words.confirmed];
  if (owing) return ["wait", words.reason_owed];
  const saved = mine.map((cell) => cell.savedAt).filter(Boolean).sort().pop();
  return saved ? ["saved", `${words.saved} ${clock(saved)}`] : done ? ["saved", words.saved] : ["", ""];
}

function drawCell(cell) {
  for (const button of cell.box.querySelectorAll("[data-value]")) button.setAttribute("aria-pressed", String(cell.value === button.dataset.value));
  const given = cell.value !== null && cell.value !== "NA" && cell.value !== "NJ";
  const output = cell.box.querySelector("[data-shown]");
  const text = !given ? "—" : cell.card.dataset.unit ? `${cell.value} ${cell.card.dataset.unit}` : cell.value;
  if (output && output.textContent !== text) output.textContent = text;
  cell.box.querySelector("[data-pad]")?.classList.toggle("filled", given);
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
    await store.keepSheet({ sheet: data.page, state: fresh });
  } catch { /* the light speaks when a mark cannot be sent */ }
}

// --- hands -----------------------------------------------------------------------------------------------------------

function choose(card, { scroll = false } = {}) {
  current = card;
  document.getElementById("other-view").href = card.dataset.other;
  if (scroll) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    card.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    card.focus({ preventScroll: true });
  }
  draw();
}

const pad = new NumberPad(words, put);
const note = new NoteDialog((key, text) => {
  const cell = cells.get(key);
  if (closed(cell.card)) return;
  cell.note = text;
  if (text) cell.whyChanged = false;
  send(key, "note", text);
  draw();
});

for (const card of cards) {
  card.addEventListener("pointerdown", () => choose(card));
  card.addEventListener("focusin", () => { if (current !== card) choose(card); });
  card.addEventListener("click", (tap) => {
    const button = tap.target.closest("button");
    if (!button) return;
    const box = button.closest("[data-cell]");
    const key = box && keyOf(card.dataset.work, `${card.dataset.aspect}|${box.dataset.cell}`);
    if (button.dataset.value !== undefined) put(key, cells.get(key).value === button.dataset.value ? null : button.dataset.value);
    else if (button.dataset.step !== undefined) step(key, Number(button.dataset.step));
    else if (button.dataset.pad !== undefined) { if (!closed(card)) pad.open(key, card, cells.get(key).value); }
    else if (button.dataset.note !== undefined) { const all = keysOf(card); const [one, cell] = all.find(([, mine]) => mine.owes(card.dataset.reasonUpTo)) ?? all[0]; note.open(one, cell.note); }
    else if (button.dataset.photo !== undefined) { pictured = card; if (photos && !closed(card)) camera.click(); }
    else if (button.dataset.call !== undefined) callChief(card, button);
  });
}

// --- photos and drawings ---------------------------------------------------------------------------------------------

const photos = window.isSecureContext && data.urls.photos ? new Photos(data.urls.photos, {
  headers: async () => {
    const who = await store.identity(`${data.person}:${data.event}`);
    return who && !who.refused ? { Authorization: `Bearer ${who.token}` } : { "X-Laurel": "1" };
  },
  quiet: async () => (await store.marksIn("queued")).length === 0,
  changed: countPhotos,
}) : null;
const camera = document.getElementById("photo-file");
let pictured = null;

camera.addEventListener("change", async () => {
  const [file] = camera.files;
  const card = pictured;
  camera.value = "";
  if (!file || !card) return;
  const { work, aspect } = card.dataset;
  try {
    await photos.take(file, { sheet: tablet.sheetOf(work), panel_id: data.panel, work_id: work, aspect_id: aspect });
  } catch {
    const line = card.querySelector("[data-photos]");
    line.hidden = false;
    line.textContent = words.photo_failed;
  }
});

async function countPhotos() {
  for (const sheet of tablet.sheets) {
    const taken = await photos.of(sheet).catch(() => []);
    for (const card of cards.filter((one) => tablet.sheetOf(one.dataset.work) === sheet)) {
      const mine = taken.filter((photo) => photo.aspect_id === card.dataset.aspect);
      const waiting = mine.filter((photo) => !photo.sent).length;
      const line = card.querySelector("[data-photos]");
      line.hidden = !mine.length;
      line.textContent = `${words.photos} ${mine.length} · ${waiting ? `${words.local} · ${words.queue} ${waiting}` : words.saved}`;
    }
  }
}

document.addEventListener("click", (tap) => {
  const button = tap.target.closest("[data-drawing]");
  if (!button) return;
  const dialog = document.getElementById("drawing");
  document.getElementById("drawing-title").textContent = button.dataset.name;
  Object.assign(dialog.querySelector("img"), { src: button.dataset.drawing, alt: button.dataset.name });
  dialog.showModal();
});

function step(key, by) {
  const number = Number(cells.get(key).value);
  put(key, String(Math.max(0, (Number.isInteger(number) ? number : 0) + by)));
}

async function callChief(card, button) {
  const line = card.querySelector("[data-line]");
  button.disabled = true;
  try {
    const answer = await tablet.post(data.urls.calls, { panel_id: data.panel, work_id: card.dataset.work, aspect_id: card.dataset.aspect });
    line.dataset.tone = answer.ok ? "saved" : "wrong";
    line.textContent = answer.ok ? words.called : words.call_failed;
  } catch {
    line.dataset.tone = "wrong";
    line.textContent = words.call_failed;
  }
  button.disabled = false;
}

/** Leave the page when what was tapped is on disk: a quick hand must not outrun the write. What cannot be kept asks first. */
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
document.getElementById("none")?.addEventListener("click", () => {
  if (window.confirm(words.all_not_attempted)) for (const key of cells.keys()) put(key, "NA");
});
document.getElementById("next").addEventListener("click", (tap) => {
  const open = cards.filter((card) => of(card).some((cell) => cell.value === null));
  const after = open.find((card) => cards.indexOf(card) > cards.indexOf(current)) ?? (cards.indexOf(current) < cards.length - 1 && open[0]);
  if (after) choose(after, { scroll: true });
  else leave(tap.currentTarget.dataset.href);
});

document.addEventListener("keydown", (press) => {
  if (press.ctrlKey || press.metaKey || press.altKey || document.querySelector("dialog[open]") || /^(input|textarea)$/i.test(press.target.tagName)) return;
  const index = cards.indexOf(current);
  if (press.key === "ArrowDown" || press.key === "ArrowUp") {
    press.preventDefault();
    choose(cards[Math.min(cards.length - 1, Math.max(0, index + (press.key === "ArrowDown" ? 1 : -1)))], { scroll: true });
    return;
  }
  if (!current) return;
  const open = keysOf(current);
  const [key, cell] = open.find(([, one]) => one.value === null) ?? open[0];
  if (/^[0-9-]$/.test(press.key)) {
    if (cell.box.querySelector("[data-pad]")) { press.preventDefault(); if (!closed(current)) pad.open(key, current, null, press.key); }
    else if (cell.box.querySelector(`[data-step], [data-value="${press.key}"]`) && press.key !== "-") put(key, press.key);
  } else if (press.key.toLowerCase() === "n") {
    for (const [one] of open) put(one, "NA");
  } else if (press.key.toLowerCase() === "j" && current.dataset.noJudge !== undefined) put(key, "NJ");
});

window.addEventListener("beforeunload", (leaving) => { if (tablet.unsaved.size) leaving.preventDefault(); });
document.addEventListener("visibilitychange", refresh);
window.setInterval(refresh, 5000);

/** One tab writes a sub-criterion; a second one shows it, and takes over when the first is closed. */
async function claim() {
  const name = `laurel-sheet:${data.panel}|${data.sub}|${data.person}`;
  const forever = () => new Promise(() => {});
  const free = await new Promise((resolve) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => { resolve(Boolean(lock)); return lock ? forever() : undefined; });
  });
  readOnly = !free;
  if (!free) navigator.locks.request(name, () => { window.location.reload(); return forever(); });
}

columns = data.envelope && window.isSecureContext ? new Columns(data, {
  values: (seat) => {
    const mine = [...cells.values()].filter((cell) => cell.seat === seat);
    return mine.some((cell) => cell.value === null) ? null : mine.map((cell) => [cell.card.dataset.aspect, cell.value]);
  },
  quiet: async () => (await store.marksIn("queued")).length === 0,
}) : null;
take(data.initial);
if (window.isSecureContext) {
  await claim();
  const kept = await store.sheetState(data.page).catch(() => null);
  const own = await tablet.begin().catch(() => []);
  take(kept && kept.state.at >= data.initial.at ? kept.state : data.initial, own);
}
if (photos) { countPhotos(); photos.send(); }
document.body.dataset.ready = "yes";
if (cards.length) choose(cards.find((card) => of(card).some((cell) => cell.value === null)) ?? cards[0]);
showLight();
