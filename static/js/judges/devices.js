// The token of this tablet: asked for once with the session's cookie, kept for one judge and one event, sent as
// `Authorization: Bearer` with every mark. The marking room imports `deviceFor`.

const KEY = "laurel.device";

function kept() {
  try { return JSON.parse(window.localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
}

/** The kept pairing of a duty ({token, device_id, event_id, duty_id}), or null. */
export function keptDevice(dutyId) {
  return kept()[dutyId] ?? null;
}

/** The kept pairing of an event, or null: for pages that know the event alone. */
export function deviceFor(eventId) {
  return Object.values(kept()).find((device) => device.event_id === eventId) ?? null;
}

/** Pair this tablet for a duty of the person signed in; answers the kept pairing when there is one. */
export async function pair(dutyId, csrf) {
  const known = keptDevice(dutyId);
  if (known) return known;
  const answer = await fetch("/api/judge/devices", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ duty_id: dutyId, label: navigator.userAgent.slice(0, 60) }),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const device = await answer.json();
  window.localStorage.setItem(KEY, JSON.stringify({ ...kept(), [dutyId]: device }));
  return device;
}

/** Forget every pairing: another judge takes the tablet. */
export function forget() {
  window.localStorage.removeItem(KEY);
}
