// On a panel's tablet each judge confirms their column with their PIN. The PIN is sealed for the server the moment it is typed: what
// waits for the network on this tablet, nobody here can read. It is sent when no mark waits, and holds while the values stand.
import { Outbox } from "../outbox.js";
import { canonical } from "./canonical.js";

const encoder = new TextEncoder();
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A value as the server stores it: no superfluous zeros. */
export function plain(value) {
  if (!/^-?\d/.test(value)) return value;
  const short = value.replace(/^(-?)0+(?=\d)/, "$1").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  return short === "-0" ? "0" : short;
}

/** The hash of what stands in a judge's column; `values` is a list of [aspect, value]. */
export async function columnHash(work, sub, seat, values) {
  const fields = ["laurel.column", "1", work, sub, seat];
  for (const [aspect, value] of [...values].sort(([a], [b]) => (a < b ? -1 : 1))) fields.push(aspect, plain(value));
  return hex(await crypto.subtle.digest("SHA-256", canonical(fields)));
}

/** Seal a text for this installation: ephemeral P-256, HKDF-SHA-256, AES-256-GCM; base64 of point, nonce, ciphertext. */
export async function sealed(text, jwk) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("jwk", jwk, curve, false, []);
  const mine = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const derive = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: encoder.encode("laurel envelope") };
  const key = await crypto.subtle.deriveKey(derive, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const parts = [await crypto.subtle.exportKey("raw", mine.publicKey), iv, await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, encoder.encode(text))];
  return btoa(parts.flatMap((part) => [...new Uint8Array(part)]).map((byte) => String.fromCharCode(byte)).join(""));
}

class QuietOutbox extends Outbox {
  async pump() {
    window.clearTimeout(this.later);
    if (await this.quiet()) await super.pump();
    else this.later = window.setTimeout(() => this.pump(), 2000);
  }
}

export class Columns {
  // `values(seat)` is the column as [aspect, value]; null while a cell of it is empty. `quiet()` says that no mark waits.
  constructor(data, { values, quiet }) {
    Object.assign(this, { data, values, confirmed: data.initial.columns ?? {}, waiting: [], trouble: "" });
    this.box = new QuietOutbox(`columns:${data.person}`, data.urls.confirmations, {
      changed: () => { this.draw(); },
      answered: (item, answer) => {
        const { seat_id: seat, values_hash: hash, work_id: work } = item.body;
        if (answer.status === "refused") this.trouble = answer.message;
        else if (work === data.work) this.confirmed = { ...this.confirmed, [seat]: [...(this.confirmed[seat] ?? []), hash] };
      },
    });
    this.box.quiet = quiet;
    this.dialog = document.getElementById("pin");
    this.dialog.querySelector("[data-close]").addEventListener("click", () => this.dialog.close());
    this.dialog.querySelector("form").addEventListener("submit", (sending) => { if (sending.submitter?.value === "ok") this.give(); });
    for (const button of document.querySelectorAll("[data-confirm]")) button.addEventListener("click", () => this.ask(button.dataset.confirm));
    this.box.pump();
  }

  ask(seat) {
    const values = this.values(seat);
    if (!values) return;
    Object.assign(this, { seat, trouble: "" });
    const line = document.querySelector(`[data-column="${seat}"]`);
    document.getElementById("pin-title").textContent = line.dataset.name;
    document.getElementById("pin-values").replaceChildren(...values.map(([aspect, value]) => {
      const item = document.createElement("li");
      item.textContent = `${document.querySelector(`[data-aspect="${aspect}"]`).dataset.title}：${value === "NA" ? this.data.words.not_attempted : value === "NJ" ? this.data.words.no_judge : value}`;
      return item;
    }));
    document.getElementById("pin-value").value = "";
    this.dialog.showModal();
  }

  async give() {
    const { work, sub, panel } = this.data;
    const pin = document.getElementById("pin-value").value.trim();
    document.getElementById("pin-value").value = "";
    if (!pin) return;
    const hash = await columnHash(work, sub, this.seat, this.values(this.seat));
    await this.box.put({
      panel_id: panel, work_id: work, sub_criterion_id: sub, seat_id: this.seat, values_hash: hash, pin: await sealed(pin, this.data.envelope),
      client_at: new Date().toISOString(),
    });
    this.draw();
  }

  /** Draw the lines; while one drawing is under way the next waits for it. */
  async draw() {
    if (this.drawing) { this.again = true; return; }
    this.drawing = true;
    await this.lines().catch(() => {});
    this.drawing = false;
    if (this.again) { this.again = false; this.draw(); }
  }

  async lines() {
    const waiting = (await this.box.waiting()).filter((row) => row.body.work_id === this.data.work && row.body.sub_criterion_id === this.data.sub);
    const { words } = this.data;
    for (const line of document.querySelectorAll("[data-column]")) {
      const seat = line.dataset.column;
      const values = this.values(seat);
      const hash = values && (await columnHash(this.data.work, this.data.sub, seat, values));
      const done = Boolean(hash) && (this.confirmed[seat] ?? []).includes(hash);
      const kept = Boolean(hash) && waiting.some((row) => row.body.seat_id === seat && row.body.values_hash === hash);
      line.dataset.state = done ? "done" : kept ? "kept" : values ? "open" : "empty";
      line.querySelector("[data-said]").textContent = done ? words.column_done : kept ? words.local : values ? words.column_open : words.column_empty;
      line.querySelector("[data-confirm]").hidden = done || kept || !values;
    }
    document.getElementById("columns-said").textContent = this.trouble;
  }
}
