// What this tablet is called on the organizer's list: its make and browser, never the whole line a browser says of itself.

/** A short name from a user agent: "iPad · Safari", "SM-T733 · Chrome", "Windows · Edge". */
export function nameOf(agent, touch = 0) {
  const browser = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /(Chrome|CriOS)\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "";
  const model = /Android[^;]*;\s*(?:[a-z]{2}-[a-z]{2};\s*)?([^;)]+?)(?:\s+Build\/[^;)]*)?[;)]/i.exec(agent)?.[1];
  const make = /iPad/.test(agent) || (/Macintosh/.test(agent) && touch > 1) ? "iPad" : /iPhone/.test(agent) ? "iPhone"
    : /Android/.test(agent) ? (model && model !== "K" ? model : "Android") : /OpenHarmony|HarmonyOS/.test(agent) ? "HarmonyOS"
    : /Windows/.test(agent) ? "Windows" : /Macintosh/.test(agent) ? "Mac" : /Linux/.test(agent) ? "Linux" : "";
  return [make, browser].filter(Boolean).join(" · ").slice(0, 60);
}
