// Signing a list: the drawing goes into the outbox, bound to the hash of what is on the screen, and from there to the server.
import { Outbox } from "../outbox.js";
import { Pad } from "./pad.js";

const data = JSON.parse(document.getElementById("signing-data").textContent);
const form = document.getElementById("sign-form");
const line = document.getElementById("sign-line");
const pad = form && new Pad(document.getElementById("pad"));

function say(tone, text) {
  line.dataset.tone = tone;
  line.textContent = text;
}

const outbox = new Outbox(`signatures:${data.person}`, data.url, {
  changed(waiting, trouble) {
    if (waiting && trouble) say("wrong", trouble === "session" ? data.words.session : data.words.kept);
    if (form) form.hidden = waiting > 0 && form.dataset.sent === "yes";
  },
  answered(item, answer) {
    if (item.body.list_id !== data.list) return;
    if (answer.status === "refused") {
      say("wrong", answer.message);
      if (form) { form.hidden = false; form.dataset.sent = ""; pad.clear(); }
    } else window.location.reload();
  },
});

if (form) {
  document.getElementById("pad-clear").addEventListener("click", () => pad.clear());
  form.addEventListener("submit", async (sending) => {
    sending.preventDefault();
    const typed = form.elements.typed.value.trim();
    if (pad.empty && !typed) { say("wrong", data.words.empty); return; }
    form.dataset.sent = "yes";
    form.hidden = true;
    say("wait", data.words.sending);
    await outbox.put({
      list_id: data.list, hash: data.hash, kind: pad.empty ? "typed" : "drawn", text: pad.empty ? typed : pad.text(),
      client_at: new Date().toISOString(),
    });
  });
}

outbox.waiting().then((rows) => {
  if (form && rows.some((row) => row.body.list_id === data.list)) { form.dataset.sent = "yes"; form.hidden = true; }
  if (rows.length) outbox.pump();
});
