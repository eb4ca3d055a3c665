// What the tablet keeps: identities (key pair, token, sequence), marks, the last known state of sheets. A write counts when its
// transaction is complete with strict durability, never before.

// A rehearsal keeps its marks apart: nothing of it is ever sent where marks count.
const NAME = document.body.classList.contains("rehearsal") ? "laurel-rehearsal" : "laurel";
let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      const db = asked.result;
      db.createObjectStore("identities", { keyPath: "key" });
      const marks = db.createObjectStore("marks", { keyPath: "id" });
      marks.createIndex("state", "state");
      marks.createIndex("sheet", "sheet");
      db.createObjectStore("sheets", { keyPath: "sheet" });
    };
    asked.onsuccess = () => {
      const db = asked.result;
      // iPadOS closes the connection under memory pressure, another tab may need a newer version: open again at the next use.
      db.onclose = () => { opening = null; };
      db.onversionchange = () => { db.close(); opening = null; };
      resolve(db);
    };
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  }).catch((error) => { opening = null; throw error; });
  return opening;
}

async function run(stores, mode, work) {
  for (let again = 0; ; again += 1) {
    const db = await open();
    let transaction;
    try {
      transaction = db.transaction(stores, mode, { durability: mode === "readwrite" ? "strict" : "default" });
    } catch (error) {
      opening = null; // the connection is gone
      if (again) throw error;
      continue;
    }
    return new Promise((resolve, reject) => {
      let found;
      transaction.oncomplete = () => resolve(found);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
      work(transaction, (value) => { found = value; });
    });
  }
}

const all = (store, index, query) => run([store], "readonly", (transaction, give) => {
  const source = index ? transaction.objectStore(store).index(index) : transaction.objectStore(store);
  const asked = source.getAll(query);
  asked.onsuccess = () => give(asked.result);
});

const one = (store, key) => run([store], "readonly", (transaction, give) => {
  const asked = transaction.objectStore(store).get(key);
  asked.onsuccess = () => give(asked.result ?? null);
});

export const identities = () => all("identities");
export const identity = (key) => one("identities", key);
export const marksOf = (sheet) => all("marks", "sheet", sheet);
export const marksIn = (state) => all("marks", "state", state);
export const sheetState = (sheet) => one("sheets", sheet);

/** Keep what an identity is now. */
export const keepIdentity = (row) => run(["identities"], "readwrite", (transaction) => { transaction.objectStore("identities").put(row); });

/** Keep a fresh identity; one of another tablet number steps aside under a name of its own, with what it has not sent yet. */
export const takeIdentity = (row) => run(["identities", "marks"], "readwrite", (transaction) => {
  const rows = transaction.objectStore("identities");
  const marks = transaction.objectStore("marks");
  const asked = rows.get(row.key);
  asked.onsuccess = () => {
    const before = asked.result;
    rows.put(row);
    if (!before || before.device_id === row.device_id) return;
    const aside = `${row.key}#${before.device_id}`;
    rows.put({ ...before, key: aside, refused: false });
    const queued = marks.index("state").getAll("queued");
    queued.onsuccess = () => { for (const mark of queued.result) if (mark.identity === row.key) marks.put({ ...mark, identity: aside }); };
  };
});

/** Keep the last state a sheet had on the server. */
export const keepSheet = (row) => run(["sheets"], "readwrite", (transaction) => { transaction.objectStore("sheets").put(row); });

/** Keep a fresh mark and count its number in one transaction: a number is never used twice and never skipped. */
export const keepMark = (mark, key) => run(["identities", "marks"], "readwrite", (transaction) => {
  const asked = transaction.objectStore("identities").get(key);
  asked.onsuccess = () => {
    const row = asked.result;
    if (!row || row.sequence + 1 !== mark.device_sequence) { transaction.abort(); return; }
    transaction.objectStore("identities").put({ ...row, sequence: mark.device_sequence });
    transaction.objectStore("marks").add(mark);
  };
});

/** Take marks of another tablet into the queue; one that is already here stays as it is. */
export const carryMarks = (marks) => run(["marks"], "readwrite", (transaction) => {
  const rows = transaction.objectStore("marks");
  for (const mark of marks) {
    const asked = rows.get(mark.id);
    asked.onsuccess = () => { if (!asked.result) rows.put(mark); };
  }
});

/** Note what became of marks, and how far the server's stream is. */
export const settle = (marks, key, head) => run(["identities", "marks"], "readwrite", (transaction) => {
  for (const mark of marks) transaction.objectStore("marks").put(mark);
  const asked = transaction.objectStore("identities").get(key);
  asked.onsuccess = () => { if (asked.result && head) transaction.objectStore("identities").put({ ...asked.result, head: head.sequence }); };
});

/** Forget marks that are old and sent. */
export const forgetMarks = (ids) => run(["marks"], "readwrite", (transaction) => { for (const id of ids) transaction.objectStore("marks").delete(id); });
