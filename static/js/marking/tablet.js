// The tablet: its registration, its gapless sequence, and the queue of marks that the server has not acknowledged yet.
// The queue lives in memory here; whatever leaves it was acknowledged by the server after COMMIT.

const BATCH = 50;

function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // plain http in a workshop has no randomUUID
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export class Tablet {
  constructor(data, { changed, answered }) {
    this.data = data;
    this.place = `laurel-tablet:${data.person}:${data.event}`;
    this.queue = [];
    this.failing = false;
    this.sending = false;
    this.tries = 0;
    this.changed = changed;
    this.answered = answered;
    window.addEventListener("online", () => this.pump());
  }

  get waiting() { return this.queue.length; }

  give(mark, key) {
    const whole = { id: freshId(), ...mark, client_at: new Date().toISOString(), reason: "" };
    this.queue.push({ mark: whole, key });
    this.changed();
    this.pump();
    return whole;
  }

  registered() {
    try { return JSON.parse(localStorage.getItem(this.place)); } catch { return null; }
  }

  async register() {
    const known = this.registered();
    if (known) return known;
    const answer = await fetch(this.data.urls.devices, {
      method: "POST", headers: { "Content-Type": "application/json", "X-Laurel": "1" }, body: JSON.stringify({ event_id: this.data.event }),
    });
    if (!answer.ok) throw new Error(`register ${answer.status}`);
    const made = { ...(await answer.json()), sequence: 0 };
    localStorage.setItem(this.place, JSON.stringify(made));
    return made;
  }

  // Two tabs of one tablet share the sequence: taking numbers is one step.
  async number(entries) {
    const take = async () => {
      const tablet = await this.register();
      for (const { mark } of entries) {
        if (mark.device_sequence) continue;
        tablet.sequence += 1;
        mark.device_id = tablet.device_id;
        mark.device_sequence = tablet.sequence;
      }
      localStorage.setItem(this.place, JSON.stringify(tablet));
      return tablet;
    };
    return navigator.locks ? navigator.locks.request(this.place, take) : take();
  }

  async post(url, body) {
    const tablet = await this.register();
    return fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json", Authorization: `Bearer ${tablet.token}` }, body: JSON.stringify(body),
    });
  }

  async pump() {
    if (this.sending || !this.queue.length) return;
    this.sending = true;
    window.clearTimeout(this.timer);
    try {
      while (this.queue.length) {
        const entries = this.queue.slice(0, BATCH);
        await this.number(entries);
        const answer = await this.post(this.data.urls.marks, { marks: entries.map((entry) => entry.mark) });
        if (answer.status === 401 || answer.status === 403) localStorage.removeItem(this.place); // a new registration next time
        if (!answer.ok) throw new Error(`marks ${answer.status}`);
        const { answers, server_time: serverTime } = await answer.json();
        const byId = new Map(answers.map((one) => [one.id, one]));
        this.queue = this.queue.filter((entry) => !byId.has(entry.mark.id));
        this.failing = false;
        this.tries = 0;
        for (const { mark, key } of entries) if (byId.has(mark.id)) this.answered(mark, key, byId.get(mark.id), serverTime);
      }
    } catch {
      this.failing = true;
      this.tries += 1;
      this.timer = window.setTimeout(() => this.pump(), Math.min(30000, 1000 * 2 ** this.tries));
    }
    this.sending = false;
    this.changed();
  }
}
