// The cells of a page: what stands in each, what it is built upon, and where it is kept. No DOM, no network, no store.
import { shown } from "./decisions.js";

export class Cell {
  constructor(facts) {
    Object.assign(this, facts, { value: null, base: null, acked: null, note: "", waiting: 0, problem: "", tone: "", savedAt: "", keptAt: "", failure: "", conflict: false, whyChanged: false });
  }

  /** Does the mark need a reason that is not written? `limit` is the greatest mark that needs one, "" for none. */
  owes(limit) {
    if (this.whyChanged) return true;
    return limit !== "" && /^-?[0-9]/.test(this.value ?? "") && Number(this.value) <= Number(limit) && !this.note.trim();
  }

  /** A mark was given here; a note builds on nothing. */
  given(mark) {
    this.waiting += 1;
    this.problem = "";
    if (mark.kind !== "note") this.base = mark.id;
  }

  answered(mark, answer, serverTime) {
    this.waiting = Math.max(0, this.waiting - 1);
    const first = answer.status === "duplicate" ? (answer.code ? "held" : "received") : answer.status;
    if (first === "received" || answer.status === "conflict") {
      this.savedAt = serverTime;
      if (mark.kind !== "note") this.acked = mark.id;
      this.problem = answer.status === "conflict" ? answer.message : "";
      this.tone = "wait";
    } else {
      this.problem = answer.message;
      this.tone = first === "held" ? "wait" : "wrong";
      if (this.base === mark.id) this.base = this.acked;
    }
  }

  /** The server's state, under the marks given here after it; what was refused stays on the screen. */
  take(stored, given, at) {
    if (this.waiting || (this.problem && this.tone === "wrong")) return;
    const later = given.filter((mark) => mark.state === "queued" || mark.sent_at >= at);
    const now = shown(stored, later);
    this.waiting = given.filter((mark) => mark.state === "queued").length;
    this.value = now ? now.value : null;
    this.base = now ? now.base : null;
    this.acked = stored ? stored.base : null;
    const note = later.filter((mark) => mark.kind === "note").sort((a, b) => a.device_sequence - b.device_sequence).pop();
    this.note = note ? note.value : stored ? stored.note : "";
    this.conflict = stored ? stored.conflict : false;
  }
}

/** Do the marks of a panel entered on one tablet lie too far apart? "" when not or not all in, otherwise what to say. */
export function apart(values, spread) {
  if (values.length < 2 || values.some((value) => value === null)) return "";
  const given = values.filter((value) => value !== "NJ");
  const absent = given.filter((value) => value === "NA").length;
  if (absent) return absent === given.length ? "" : "mixed";
  const numbers = given.map(Number);
  return numbers.length && Math.max(...numbers) - Math.min(...numbers) > spread ? "spread" : "";
}

/** What is wrong with a typed mark, as a name of a word and a limit; null when it fits. Exact: digits are shifted, never rounded. */
export function misfit(text, { method, max, least, grid, places }) {
  if (!/^-?\d{1,9}(\.\d+)?$/.test(text)) return ["not_number", ""];
  if (least !== "" && Number(text) < Number(least)) return ["least", least];
  if (max && Number(text) > Number(max)) return ["most", max];
  const decimals = (text.split(".")[1] ?? "").length;
  if (decimals > Number(places)) return method === "count" || places === "0" ? ["whole", ""] : ["places", places];
  if (grid) {
    const fine = Math.max(decimals, (grid.split(".")[1] ?? "").length);
    const shifted = (number) => BigInt(number.replace("-", "").replace(/^(\d+)\.?(\d*)$/, (_, whole, part) => whole + part.padEnd(fine, "0")));
    if (shifted(text) % shifted(grid) !== 0n) return ["grid", grid];
  }
  return null;
}
