// What the door knows: the list kept on the device, the last known states, and the notes still in the outbox on top of them.
// Nothing here touches the page, the network or the clock.

const plain = (text) => text.normalize("NFKC").trim().toLowerCase(); // a scanner may type through a Chinese input method

export class DoorList {
  constructor(entries, states) {
    this.entries = entries;
    this.byId = new Map(entries.map((one) => [one.id, one]));
    this.states = new Map(Object.entries(states));
    this.queued = [];
  }

  /** How an entry stands on this device: the server's last word and the notes made here after it. */
  state(id) {
    const known = this.states.get(id) ?? { attendance: "expected", head: null, identity_open: false, waiting: 0, missing: [] };
    let shown = { ...known, queued: 0 };
    for (const { id: note, body } of this.queued) {
      if (body.entry_id !== id) continue;
      const open = body.step === "mismatch" || shown.identity_open;
      const attendance = body.step === "mismatch" ? shown.attendance : body.step === "undo" ? "expected" : body.step;
      shown = { ...shown, attendance, identity_open: open, head: note, missing: body.missing ?? [], queued: shown.queued + 1 };
    }
    return shown;
  }

  counts() {
    const counted = { expected: 0, present: 0, late: 0, absent: 0, stopped: 0 };
    for (const one of this.entries) counted[this.state(one.id).attendance] += 1;
    return counted;
  }

  /** Who started, by division: what prizes and grades are counted from. */
  bases() {
    const found = new Map();
    for (const one of this.entries) {
      const started = ["present", "late", "stopped"].includes(this.state(one.id).attendance);
      found.set(one.division, (found.get(one.division) ?? 0) + Number(started));
    }
    return found;
  }

  /** The entry a code or a whole number names, or null. */
  named(text) {
    const said = plain(text);
    const key = said.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/);
    if (key) return this.byId.get(key[0]) ?? null;
    return this.entries.find((one) => plain(one.pass_number) === said || String(one.number) === said) ?? null;
  }

  /** Entries that fit what was typed (name, pinyin, initials, unit, delegation, number), and a filter by attendance. */
  fitting(text, filter) {
    const said = plain(text).replaceAll(" ", "");
    return this.entries.filter((one) => {
      const state = this.state(one.id);
      if (filter && state.attendance !== filter) return false;
      if (!said) return true;
      const words = [one.pass_number, String(one.number), one.delegation];
      for (const member of one.members) words.push(member.name, ...member.pinyin.split(" "), member.unit);
      return words.some((word) => plain(word).replaceAll(" ", "").includes(said));
    });
  }
}
