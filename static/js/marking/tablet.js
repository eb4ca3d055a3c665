// The tablet: its identity, its gapless numbers, and the queue of marks on disk. A mark is "saved on this tablet" after its
// transaction is durable, and "saved on the server" after the server answered, which it does after COMMIT alone.
import { signature } from "./canonical.js";
import { nameOf } from "./device.js";
import { BATCH, fate, mayForget, pause, wentBack } from "./decisions.js";
import * as store from "./store.js";

const channel = "BroadcastChannel" in window ? new BroadcastChannel("laurel-marks") : null;

const REPORT = 60000;

/** The identity of a judge in an event on this tablet; made when the network is there, with a key that no page can export. */
export async function identityFor(person, event, url) {
  const key = `${person}:${event}`;
  return navigator.locks.request(`laurel-identity:${key}`, async () => {
    const known = await store.identity(key);
    if (known && !known.refused) return known;
    const ask = async (keys) => fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json", "X-Laurel": "1" },
      body: JSON.stringify({ event_id: event, public_key: await publicOf(keys), label: nameOf(navigator.userAgent, navigator.maxTouchPoints) }),
    });
    let keys = known?.keys ?? (await freshKeys());
    let answer = await ask(keys);
    if (answer.status === 409) { // this key was reported lost: what it signed is handed in under it, new marks get a new key
      keys = await freshKeys();
      answer = await ask(keys);
    }
    if (!answer.ok) throw new Error(`register ${answer.status}`);
    return taken(await answer.json(), { person, event, keys, known });
  });
}

const freshKeys = () => crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);

async function publicOf(keys) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", keys.publicKey);
  return { kty, crv, x, y };
}

async function taken(made, { person, event, keys, known }) {
  const same = known && known.device_id === made.device_id;
  const row = {
    key: `${person}:${event}`, person, event, keys, device_id: made.device_id, token: made.token, head: same ? known.head : 0,
    sequence: Math.max(same ? known.sequence : 0, made.last_sequence ?? 0), refused: false, ends_at: made.ends_at,
  };
  await store.takeIdentity(row);
  return row;
}

/** Pair this tablet with the one-time code on the organizer's screen. Answers the identity; throws the server's sentence. */
export async function pairWithCode(code) {
  const keys = await freshKeys();
  const answer = await fetch("/api/marking/pairing", {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code, public_key: await publicOf(keys), label: nameOf(navigator.userAgent, navigator.maxTouchPoints) }),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message ?? said.error ?? String(answer.status));
  const known = await store.identity(`${said.person_id}:${said.event_id}`);
  return taken(said, { person: said.person_id, event: said.event_id, keys, known });
}

/** Sends what waits on this tablet, whoever marked it. One tab at a time does. */
export class Pump {
  constructor(url, changed) {
    this.url = url;
    this.changed = changed;
    this.failing = false;
    this.refused = false;
    this.tries = 0;
    this.busy = false;
    for (const name of ["online", "focus"]) window.addEventListener(name, () => this.run());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.run(); });
    channel?.addEventListener("message", ({ data }) => { if (data.answered) this.changed(data.answered); else this.run(); });
  }

  async run() {
    if (this.busy) { this.again = true; return; }
    this.busy = true;
    window.clearTimeout(this.timer);
    try {
      await navigator.locks.request("laurel-pump", { ifAvailable: true }, async (lock) => { if (lock) await this.drain(); });
      this.failing = false;
      this.tries = 0;
    } catch {
      this.failing = true;
      this.tries += 1;
    }
    this.busy = false;
    this.timer = window.setTimeout(() => this.run(), this.again ? 0 : this.failing ? pause(this.tries) : 5000);
    this.again = false;
    this.changed([]);
  }

  async drain() {
    for (const who of await store.identities()) {
      if (who.refused) { this.refused = (await store.marksIn("queued")).some((mark) => mark.identity === who.key); continue; }
      for (;;) {
        const queued = (await store.marksIn("queued")).filter((mark) => mark.identity === who.key);
        if (!queued.length) { await this.report(who); break; }
        queued.sort((a, b) => a.device_sequence - b.device_sequence);
        if (!(await this.send(who, queued.slice(0, BATCH)))) break;
      }
    }
    const at = Date.now();
    const old = (await store.marksIn("sent")).filter((mark) => mayForget(mark, at));
    if (old.length) await store.forgetMarks(old.map((mark) => mark.id));
  }

  /** What the tablet says of itself, so that the server sees a gap before anybody signs. */
  async told(who) {
    const waiting = (await store.marksIn("queued")).filter((mark) => mark.identity === who.key && !mark.carried).length;
    return { last_sequence: (await store.identity(who.key)).sequence, waiting, client_at: new Date().toISOString() };
  }

  async report(who) {
    if (Date.now() - (this.reported ?? 0) < REPORT) return;
    this.reported = Date.now();
    const answer = await fetch(this.url.replace(/marks$/, "marking/report"), {
      method: "POST", headers: { "Content-Type": "application/json", Authorization: `Bearer ${who.token}` },
      body: JSON.stringify({ tablet: await this.told(who) }), signal: AbortSignal.timeout(20000),
    });
    if (!answer.ok) return;
    // A restored or second server has not what was sent to the first: it goes into the queue again.
    const missing = new Set((await answer.json()).missing ?? []);
    const again = missing.size ? (await store.marksIn("sent")).filter((mark) => mark.identity === who.key && missing.has(mark.device_sequence)) : [];
    if (again.length) await store.settle(again.map((mark) => ({ ...mark, state: "queued" })), who.key, null);
  }

  async send(who, batch) {
    const answer = await fetch(this.url, {
      method: "POST", headers: { "Content-Type": "application/json", Authorization: `Bearer ${who.token}` },
      body: JSON.stringify({ marks: batch.map((mark) => mark.body), tablet: await this.told(who) }), signal: AbortSignal.timeout(20000),
    });
    if (answer.status === 401 || answer.status === 403) { // everything is kept; the next sign-in registers anew
      await store.keepIdentity({ ...(await store.identity(who.key)), refused: true });
      this.refused = true;
      return false;
    }
    if (!answer.ok) throw new Error(`marks ${answer.status}`);
    const { answers, server_time: serverTime, head: told } = await answer.json();
    const head = batch.some((mark) => mark.carried) ? null : told; // of another tablet's event, perhaps
    const byId = new Map(answers.map((one) => [one.id, one]));
    const settled = batch.filter((mark) => byId.has(mark.id))
      .map((mark) => ({ ...mark, state: fate(byId.get(mark.id)), answer: byId.get(mark.id), sent_at: serverTime }));
    if (!settled.length) throw new Error("no answer to any mark");
    const again = wentBack((await store.identity(who.key)).head, head)
      ? (await store.marksIn("sent")).filter((mark) => mark.identity === who.key).map((mark) => ({ ...mark, state: "queued" })) : [];
    await store.settle([...again, ...settled], who.key, head);
    this.refused = false;
    channel?.postMessage({ answered: settled });
    this.changed(settled);
    return true;
  }
}

export class Tablet {
  constructor(data, works, { changed, answered, failed }) {
    this.data = data;
    this.sheets = new Set(works.map((work) => this.sheetOf(work)));
    this.writing = Promise.resolve();
    this.unsaved = new Map(); // given here, not durable yet or not at all
    this.queued = 0;
    this.failed = failed;
    this.changed = changed;
    this.pump = new Pump(data.urls.marks, async (settled) => {
      for (const mark of settled) if (this.sheets.has(mark.sheet)) answered(mark.body, mark.cell, mark.answer, mark.sent_at);
      if (this.unsaved.size) this.keepAgain();
      await this.count();
    });
    window.addEventListener("online", () => this.keepAgain());
  }

  /** A sheet is a panel's, of one work and sub-criterion; both views of it keep its marks under this name. */
  sheetOf(work) { return `${this.data.panel}|${work}|${this.data.sub}|${this.data.person}`; }

  get waiting() { return this.queued + this.unsaved.size; }

  get failing() { return this.pump.failing; }

  async count() {
    try {
      this.queued = (await store.marksIn("queued")).length;
      // Until when the server knows this tablet without a new sign-in.
      this.ends = (await store.identity(`${this.data.person}:${this.data.event}`))?.ends_at ?? null;
    } catch { /* the store says so when something is written */ }
    this.changed();
  }

  async begin() {
    const own = (await Promise.all([...this.sheets].map((sheet) => store.marksOf(sheet)))).flat();
    await this.count();
    this.pump.run();
    return own;
  }

  /** Take a mark from the judge's hand: it gets its id now, its number and signature when it is written. */
  give(mark, key) {
    const whole = { id: crypto.randomUUID(), ...mark, client_at: new Date().toISOString(), reason: "" };
    this.unsaved.set(whole.id, { mark: whole, key });
    this.writing = this.writing.then(() => this.write(whole, key));
    this.changed();
    return whole;
  }

  /** Try again to keep what could not be kept, and to send what waits: the judge asked. */
  again() {
    this.keepAgain();
    this.pump.run();
  }

  /** Try again to keep what could not be kept; every few seconds by itself. */
  keepAgain() {
    for (const { mark, key } of this.unsaved.values()) this.writing = this.writing.then(() => this.write(mark, key));
  }

  async write(mark, key) {
    if (!this.unsaved.has(mark.id)) return;
    try {
      const who = await identityFor(this.data.person, this.data.event, this.data.urls.devices);
      await navigator.locks.request(`laurel-number:${who.key}`, async () => {
        const { sequence, device_id: device } = await store.identity(who.key);
        const body = { ...mark, device_id: device, device_sequence: sequence + 1 };
        body.device_signature = await signature(body, who.keys.privateKey);
        await store.keepMark({ id: body.id, body, kind: body.kind, value: body.value, device_sequence: body.device_sequence,
          identity: who.key, sheet: this.sheetOf(mark.work_id), cell: key, state: "queued" }, who.key);
      });
      this.unsaved.delete(mark.id);
      this.failed(mark.work_id, key, null);
      await this.count();
      this.pump.run();
      channel?.postMessage({ given: true });
    } catch (error) {
      this.failed(mark.work_id, key, error);
      this.changed();
    }
  }

  async post(url, body) {
    const who = await identityFor(this.data.person, this.data.event, this.data.urls.devices);
    return fetch(url, { method: "POST", headers: { "Content-Type": "application/json", Authorization: `Bearer ${who.token}` }, body: JSON.stringify(body) });
  }
}
