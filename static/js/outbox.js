// The outbox: things that must reach the server and may wait for the network, each under an id of its own.
// Kept in IndexedDB; a thing leaves it only when the server's answer names its id. One tab sends at a time.

const NAME = "laurel-outbox";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("items", { keyPath: "id" }).createIndex("box", "box");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function inStore(mode, work) {
  const db = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const moved = db.transaction("items", mode, { durability: "strict" });
      const asked = work(moved.objectStore("items"));
      moved.oncomplete = () => resolve(asked.result);
      moved.onerror = moved.onabort = () => reject(moved.error);
    });
  } finally { db.close(); }
}

export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // plain http has no randomUUID
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Outbox {
  // `box` names whose outbox it is; `changed(waiting, trouble)` and `answered(item, answer)` tell the page.
  constructor(box, url, { changed, answered }) {
    Object.assign(this, { box, url, changed, answered, trouble: "", tries: 0 });
    window.addEventListener("online", () => this.pump());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.pump(); });
  }

  waiting() {
    return inStore("readonly", (store) => store.index("box").getAll(this.box)).then((rows) => rows.sort((a, b) => a.order - b.order));
  }

  // Resolves when the thing is safe on this tablet.
  async put(body, id = freshId()) {
    const item = { id, box: this.box, order: Date.now(), body };
    await inStore("readwrite", (store) => store.put(item));
    this.changed((await this.waiting()).length, "");
    this.pump();
    return item;
  }

  async pump() {
    if (navigator.locks) await navigator.locks.request(`${NAME}:${this.box}`, { ifAvailable: true }, (lock) => (lock ? this.send() : null));
    else await this.send();
  }

  async send() {
    window.clearTimeout(this.timer);
    try {
      let rows = await this.waiting();
      while (rows.length) {
        const batch = rows.slice(0, 20);
        const answer = await fetch(this.url, {
          method: "POST", headers: { "Content-Type": "application/json", "X-Laurel": "1" },
          body: JSON.stringify({ items: batch.map((row) => ({ id: row.id, ...row.body })) }),
        });
        if (!answer.ok) { this.trouble = [401, 403].includes(answer.status) ? "session" : "network"; throw new Error(String(answer.status)); }
        const told = new Map((await answer.json()).answers.map((one) => [one.id, one]));
        for (const row of batch) {
          if (!told.has(row.id)) continue;
          await inStore("readwrite", (store) => store.delete(row.id));
          this.answered(row, told.get(row.id));
        }
        if (!batch.some((row) => told.has(row.id))) throw new Error("no answer");
        rows = await this.waiting();
      }
      this.trouble = "";
      this.tries = 0;
    } catch {
      this.trouble ||= "network";
      this.tries += 1;
      this.timer = window.setTimeout(() => this.pump(), Math.min(30000, 1000 * 2 ** this.tries));
    }
    this.changed((await this.waiting()).length, this.trouble);
    this.trouble = "";
  }
}
