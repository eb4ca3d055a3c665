// The canonical form of a mark, byte for byte what competitions/marking computes: it is hashed, and the tablet signs the hash.

const encoder = new TextEncoder();

/** Fields as bytes that cannot be read in two ways: each preceded by its length in bytes and a colon. */
export function canonical(fields) {
  const parts = fields.flatMap((text) => { const data = encoder.encode(text); return [encoder.encode(`${data.length}:`), data]; });
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

/** A moment in UTC (`…Z` or `…+00:00`) with six decimals, as the server writes it. */
export function moment(text) {
  const [, whole, decimals = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|\+00:00)$/.exec(text);
  return `${whole}.${decimals.padEnd(6, "0")}+00:00`;
}

const optional = (value) => (value === null || value === undefined ? "" : `=${value}`);

/** SHA-256 over the canonical body, in hex. */
export async function bodyHash(mark) {
  const body = canonical([
    "laurel.mark.body", "1", mark.id, mark.work_id, mark.aspect_id, optional(mark.seat_id), mark.kind, optional(mark.value),
    optional(mark.base_id), mark.scheme_id, mark.device_id, String(mark.device_sequence), moment(mark.client_at), mark.reason ?? "",
  ]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The signature of a mark: raw ECDSA P-256/SHA-256 over the text of its body hash, base64url. */
export async function signature(mark, privateKey) {
  const signed = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, encoder.encode(await bodyHash(mark)));
  return btoa(String.fromCharCode(...new Uint8Array(signed))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
