// The door: find somebody by camera, scanner or search, note who came. Every note goes into the outbox at once, with the time of
// the tap, and from there to the server when there is a network.
import { Outbox, freshId } from "../outbox.js";
import { DoorList } from "./door_list.js";
import { Scanner } from "./scanner.js";

const data = JSON.parse(document.getElementById("door-data").textContent);
const { words } = data;
const KEPT = `laurel-door:${data.event}`; // states only: ids and attendance, nobody's name
const at = (id) => document.getElementById(id);
const list = new DoorList([], JSON.parse(localStorage.getItem(KEPT) ?? "{}"));
let filter = "";
let open = null;
let heard = true;

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((one) => one !== null));
  return node;
}

const say = (text, tone = "wrong") => { at("said").dataset.tone = tone; at("said").textContent = text; };

function light(waiting, trouble) {
  const state = trouble === "session" ? "session" : waiting ? "kept" : heard ? "sent" : "offline";
  const text = { session: words.session, kept: `${words.kept} ${waiting}`, sent: words.all_sent, offline: words.offline }[state];
  if (at("light").dataset.state !== state || at("light").textContent !== text) { at("light").dataset.state = state; at("light").textContent = text; }
}

const outbox = new Outbox(`check-in:${data.person}`, data.send, {
  async changed(waiting, trouble) { await gather(); light(waiting, trouble); show(); },
  answered(item, answer) {
    if (answer.state) { list.states.set(item.body.entry_id, answer.state); remember(); }
    list.queued = list.queued.filter((one) => one.id !== item.id);
    if (answer.message) say(`${title(list.byId.get(item.body.entry_id))}: ${answer.message}`);
  },
});

const writing = new Map(); // notes on their way to the disk

async function gather() {
  const kept = await outbox.waiting();
  const known = new Set(kept.map((one) => one.id));
  list.queued = [...kept, ...[...writing.values()].filter((one) => !known.has(one.id))];
}

const remember = () => localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(list.states)));
const title = (entry) => (entry ? `${entry.pass_number || entry.number} ${entry.members.map((one) => one.name).join("、")}` : "");

async function note(entry, step, reason = "") {
  const missing = [...at("card").querySelectorAll("input[name=missing]:checked")].map((one) => Number(one.value));
  const told = { entry_id: entry.id, step, base_id: list.state(entry.id).head, client_at: new Date().toISOString(), reason };
  const body = ["present", "late"].includes(step) ? { ...told, missing } : told;
  const id = freshId();
  writing.set(id, { id, body });
  list.queued.push({ id, body });
  light(list.queued.length, "");
  close(); // at once: the next pass may be under the scanner already
  try {
    await outbox.put(body, id);
    say(`${title(entry)} · ${step === "undo" ? words.undo : step === "mismatch" ? words.mismatch : data.attendance[step]} · ${words.noted}`, "done");
  } catch { say(`${title(entry)}: ${words.not_kept}`); }
  writing.delete(id);
  await gather();
  show();
}

function pill(state) {
  const doubt = state.identity_open || state.waiting;
  const text = state.identity_open ? words.identity_open : state.waiting ? words.held : data.attendance[state.attendance];
  return make("span", { class: "door-pill", "data-state": doubt ? "open" : state.attendance }, text, state.queued ? make("span", { class: "queued", "aria-hidden": "true" }, "↑") : null);
}

function row(entry) {
  const state = list.state(entry.id);
  const who = make("span", { class: "who" }, make("b", {}, entry.members.map((one) => one.name).join("、")), make("span", {}, entry.members[0]?.unit || entry.delegation));
  return make("li", {}, make("button", { type: "button", class: "door-row", "data-entry": entry.id, "data-state": state.attendance, "data-open": state.identity_open || state.waiting ? "yes" : null, onclick: () => choose(entry) },
    make("span", { class: "no" }, entry.pass_number || String(entry.number)), who, pill(state)));
}

function show() {
  const counts = list.counts();
  for (const box of document.querySelectorAll("[data-count]")) box.textContent = counts[box.dataset.count];
  at("bases").textContent = [...list.bases()].map(([name, count]) => `${name} ${count}`).join(" · ") || "–";
  const rows = list.fitting(at("q").value, filter);
  at("list").replaceChildren(...(rows.length ? rows.map(row) : [make("li", { class: "muted" }, words.empty)]));
}

function member(entry, one, state) {
  const photo = one.photo ? make("img", { src: `${data.photos}${one.id}.jpg`, alt: one.name, width: 110, height: 154 }) : make("div", { class: "door-no-photo" }, words.no_photo);
  const absent = entry.members.length > 1
    ? make("label", {}, Object.assign(make("input", { type: "checkbox", name: "missing", value: one.position, class: "form-check-input" }), { checked: state.missing.includes(one.position) }), words.not_came)
    : null;
  return make("div", { class: "door-member" }, photo, make("div", {}, make("h2", {}, one.name), make("p", {}, one.unit),
    one.last4 ? make("p", { class: "last4" }, `${words.last4} `, make("strong", {}, one.last4)) : null, absent));
}

function choose(entry, asked = "") {
  const state = list.state(entry.id);
  open = { id: entry.id, asked, seen: JSON.stringify(state) };
  const act = (step, label, kind, why) => make("button", { type: "button", class: `btn btn-${kind}`, "data-step": step, onclick: () => (why ? choose(entry, step) : note(entry, step)) }, label);
  const fresh = state.attendance === "expected" && !state.identity_open;
  const acts = fresh
    ? [act("present", words.present, "primary"), act("late", words.late, "outline-secondary"), act("absent", words.absent, "outline-secondary"), act("mismatch", words.mismatch, "outline-secondary", true)]
    : ["present", "late", "absent"].filter((step) => step !== state.attendance).map((step) => act(step, words[step], "outline-secondary", true))
      .concat(state.attendance === "expected" ? [] : [act("undo", words.undo, "outline-secondary", true)], [act("mismatch", words.mismatch, "outline-secondary", true)]);
  const away = make("button", { type: "button", class: "btn btn-outline-secondary", id: "card-close", onclick: close }, words.close);
  at("card").replaceChildren(make("p", { class: "door-no" }, entry.pass_number || String(entry.number), " ", pill(state)),
    ...entry.members.map((one) => member(entry, one, state)),
    state.identity_open && !asked ? make("p", { class: "notice notice-danger" }, words.identity_open) : asked ? why(entry, asked) : make("div", { class: "door-acts" }, ...acts), away);
  at("card").hidden = false;
  at("card").scrollIntoView({ block: "start" });
  if (asked) at("why").focus();
  else ready(); // a scanner's next line must not press a button of this card
}

function why(entry, step) {
  const field = make("input", { class: "form-control", id: "why", maxlength: 300, autocomplete: "off" });
  const reasons = (step === "mismatch" ? words.reasons_mismatch : words.reasons_change).split("|");
  const done = (text) => { if (text.trim()) note(entry, step, text.trim()); else say(words.reason_missing); };
  return make("form", { class: "door-why", onsubmit: (sending) => { sending.preventDefault(); done(field.value); } },
    make("label", { for: "why", class: "form-label" }, step === "mismatch" ? words.why_mismatch : words.why),
    make("div", { class: "door-chips" }, ...reasons.map((reason) => make("button", { type: "button", class: "btn btn-outline-secondary", onclick: () => done(reason) }, reason))),
    field, make("button", { class: "btn btn-primary" }, words.save));
}

function close() {
  open = null;
  at("card").hidden = true;
  at("q").value = "";
  show();
  ready();
}

/** The field for the scanner; a phone's keyboard stays down. */
function ready() { if (!matchMedia("(pointer: coarse)").matches) at("q").focus(); }

/** A scanned code, a scanner's line or a typed search: one entry opens its card. */
function find(text) {
  say("");
  const exact = list.named(text);
  const fits = exact ? [exact] : list.fitting(text, "");
  if (fits.length === 1) choose(fits[0]);
  else say(fits.length ? words.several : words.unknown);
  return fits.length === 1;
}

at("find").addEventListener("submit", (sending) => {
  sending.preventDefault();
  if (at("q").value.trim()) { if (find(at("q").value)) { at("q").value = ""; show(); } }
  else if (open && !open.asked) at("card").querySelector("[data-step=present].btn-primary")?.click(); // Enter: present
});
at("q").addEventListener("input", show);
for (const box of document.querySelectorAll("[data-filter]")) {
  box.addEventListener("click", () => {
    filter = filter === box.dataset.filter ? "" : box.dataset.filter;
    for (const one of document.querySelectorAll("[data-filter]")) one.setAttribute("aria-pressed", String(one.dataset.filter === filter));
    show();
  });
}

const scanner = new Scanner(at("video"), data.read, {
  found(text) { shut(); find(text); },
  said(kind) { at("viewer-said").textContent = words[kind]; },
});
function shut() { scanner.stop(); at("viewer").hidden = true; }
at("camera").addEventListener("click", async () => {
  close();
  at("viewer").hidden = false;
  if (!(await scanner.start())) { at("viewer").hidden = true; say(words.no_camera); }
});
at("camera-off").addEventListener("click", shut);

async function look() {
  try {
    const answer = await fetch(data.states, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000) });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const told = await answer.json();
    list.states = new Map(Object.entries(told.states));
    remember();
    heard = true;
  } catch { heard = false; }
  await gather();
  light(list.queued.length, "");
  show();
  if (open && !open.asked && list.byId.has(open.id) && open.seen !== JSON.stringify(list.state(open.id))) choose(list.byId.get(open.id));
}

async function keep() {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) { at("kept").textContent = words.impossible; return; }
  await navigator.serviceWorker.register("/service-worker.js");
  const ready = await navigator.serviceWorker.ready;
  await navigator.storage?.persist?.();
  navigator.serviceWorker.addEventListener("message", ({ data: told }) => { if (told.kept) { at("kept").textContent = words.ready; document.body.dataset.kept = "yes"; } });
  const photos = list.entries.flatMap((entry) => entry.members.filter((one) => one.photo).map((one) => `${data.photos}${one.id}.jpg`));
  ready.active.postMessage({ keep: [window.location.pathname, data.list, ...photos] });
}

// Who signs out leaves nobody's name on the device.
for (const form of document.querySelectorAll("form[action$='sign-out']")) {
  form.addEventListener("submit", (sending) => {
    if (list.queued.length) { sending.preventDefault(); say(`${words.kept} ${list.queued.length}`); return; }
    localStorage.removeItem(KEPT);
    navigator.serviceWorker?.controller?.postMessage("forget");
  });
}

const answer = await fetch(data.list, { headers: { Accept: "application/json" } }).catch(() => null);
if (answer?.ok && !answer.redirected) {
  list.entries = (await answer.json()).entries;
  list.byId = new Map(list.entries.map((one) => [one.id, one]));
}
await look();
outbox.pump();
document.body.dataset.ready = "yes";
keep().catch(() => { at("kept").textContent = words.impossible; });
window.setInterval(look, 5000);
window.addEventListener("online", look);
