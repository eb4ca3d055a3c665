// Photos as evidence: kept in a store of their own, made small, sent in parts behind the marks; an upload goes on where it stopped.
const NAME = "laurel-photos";
const LONGEST_SIDE = 1600;

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "id" }).createIndex("sheet", "sheet");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function inStore(mode, work) {
  const db = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const moved = db.transaction("photos", mode, { durability: "strict" });
      const asked = work(moved.objectStore("photos"));
      moved.oncomplete = () => resolve(asked.result);
      moved.onerror = moved.onabort = () => reject(moved.error);
    });
  } finally { db.close(); }
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A picture from the camera as a JPEG of at most 1,600 pixels a side: a hall's network carries it, and the store keeps many. */
async function small(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.82); });
  return blob.arrayBuffer();
}

export class Photos {
  // `headers()` proves who sends; `quiet()` says that no mark waits; `changed()` is told when a count may have changed.
  constructor(url, { headers, quiet, changed }) {
    Object.assign(this, { url, headers, quiet, changed });
    window.addEventListener("online", () => this.send());
    window.setInterval(() => this.send(), 7000);
  }

  of(sheet) { return inStore("readonly", (rows) => rows.index("sheet").getAll(sheet)); }

  /** Resolves when the photo is safe on this tablet. */
  async take(file, facts) {
    const bytes = await small(file);
    const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
    await inStore("readwrite", (rows) => rows.put({ id: crypto.randomUUID(), ...facts, bytes, sha256, size: bytes.byteLength, taken_at: new Date().toISOString(), sent: false }));
    this.changed();
    this.send();
  }

  async send() {
    await navigator.locks.request(NAME, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      try {
        for (const row of await inStore("readonly", (rows) => rows.getAll())) {
          if (row.sent || !(await this.quiet())) continue;
          await this.upload(row);
          await inStore("readwrite", (rows) => rows.put({ ...row, bytes: null, sent: true }));
          this.changed();
        }
      } catch { /* they stay here and are offered again */ }
    });
  }

  async upload(row) {
    const headers = await this.headers();
    const { bytes, sent, sheet, ...item } = row;
    const answer = await fetch(this.url, {
      method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify({ items: [item] }), signal: AbortSignal.timeout(20000),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    let { received, part } = await answer.json();
    for (let tries = 0; received < row.size && tries < 500; tries += 1) {
      const taken = await fetch(`${this.url}/${row.id}/${received}`, {
        method: "PUT", headers: { ...headers, "Content-Type": "application/octet-stream" }, body: bytes.slice(received, received + part), signal: AbortSignal.timeout(30000),
      });
      if (!taken.ok) throw new Error(String(taken.status));
      ({ received } = await taken.json());
    }
    if (received < row.size) throw new Error("not whole");
  }
}
