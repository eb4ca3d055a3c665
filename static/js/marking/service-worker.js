// Keeps the judge's pages and the door's list on the device. A new version waits until a page says that no mark waits and no sheet is open.
const VERSION = self.LAUREL_VERSION;
const ASSETS = `laurel-assets-${VERSION}`;
const PAGES = "laurel-pages";
const PATIENCE = 2500;

self.addEventListener("install", (installing) => installing.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll(self.LAUREL_ASSETS))));

self.addEventListener("activate", (activating) => activating.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("laurel-assets-") && name !== ASSETS) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener("message", (said) => {
  if (said.data === "update") self.skipWaiting();
  if (said.data === "forget") said.waitUntil(caches.delete(PAGES));
  if (Array.isArray(said.data?.keep)) said.waitUntil(keep(said.data.keep));
});

// Two at a time: thirty tablets must not ask a hall's server for everything at once.
async function keep(addresses) {
  const cache = await caches.open(PAGES);
  const wanted = [];
  for (const address of addresses) if (!(await cache.match(address))) wanted.push(address);
  const work = async () => {
    for (let address = wanted.shift(); address; address = wanted.shift()) {
      try {
        const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
        if (answer.ok) await cache.put(address, answer);
      } catch { return; }
    }
  };
  await Promise.all([work(), work()]);
  for (const client of await self.clients.matchAll()) client.postMessage({ kept: true });
}

const offline = (path) => /^\/(marking(\/panels\/[^/]+(\/works\/[^/]+\/[^/]+|\/aspects\/[^/]+)?|\/lists\/[^/]+)?|tablet\/(check|hand-over)|events\/[^/]+\/(door|floor(\/[^/]+)?))$/.test(path);
const list = (path) => /^\/events\/[^/]+\/door\/list\.json$/.test(path);
const photo = (path) => /^\/(events\/[^/]+\/door\/photos|marking\/drawings)\//.test(path);

async function page(asked) {
  const cache = await caches.open(PAGES);
  const address = new URL(asked.url).pathname;
  const fresh = fetch(asked).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put(address, answer.clone());
    return answer;
  });
  const kept = await cache.match(address);
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  // A server that fails, or asks an expired session to sign in, must not take the sheet from the judge's hand.
  return Promise.race([fresh.then((answer) => (answer.status >= 500 || answer.redirected || answer.type === "opaqueredirect" ? kept : answer), () => kept), late]);
}

self.addEventListener("fetch", (asking) => {
  const { request } = asking;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if ((request.mode === "navigate" && offline(address.pathname)) || list(address.pathname)) asking.respondWith(page(request));
  else if (photo(address.pathname)) asking.respondWith(caches.open(PAGES).then(async (cache) => (await cache.match(address.pathname)) ?? fetch(request)));
  else if (/\/static\//.test(address.pathname)) {
    asking.respondWith(caches.open(ASSETS).then(async (cache) => (await cache.match(address.pathname)) ?? fetch(request)));
  }
});
