// What the pump decides; nothing here touches the network, the clock or the store.

export const BATCH = 50;
export const KEEP_DAYS = 14;

/** Milliseconds until the next try: doubled each time up to a minute, spread so that a hall does not come back at once. */
export function pause(tries, random = Math.random()) {
  return Math.min(60000, 1000 * 2 ** Math.min(tries, 10)) * (0.5 + random / 2);
}

/** What becomes of a queued mark after its answer. Only what the server says it stored leaves the queue as sent. */
export function fate(answer) {
  if (!answer) return "queued";
  if (["received", "duplicate", "conflict", "held"].includes(answer.status)) return "sent";
  return answer.status === "invalid" ? "refused" : "queued";
}

/** Did the server go back behind what it once acknowledged (a restored back-up, a second server)? Then sent marks are offered again. */
export function wentBack(seen, head) {
  return Boolean(head) && head.sequence < seen;
}

/** May a sent mark be forgotten? */
export function mayForget(mark, at) {
  return mark.state === "sent" && at - Date.parse(mark.sent_at) > KEEP_DAYS * 86400000;
}

/** The cell's value from the server's last word and the marks given here after it. */
export function shown(stored, own) {
  const later = own.filter((mark) => mark.kind !== "note" && mark.state !== "refused").sort((a, b) => a.device_sequence - b.device_sequence).pop();
  return later ? { value: later.value, base: later.id } : stored;
}
