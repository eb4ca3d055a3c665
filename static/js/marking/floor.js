// The floor record: whatever is tapped becomes an entry in the outbox at once, with the time of the tap.
import { Outbox } from "../outbox.js";
import { Pad } from "./pad.js";

const data = JSON.parse(document.getElementById("floor-data").textContent);
const line = document.getElementById("floor-line");
let sent = false;
let problem = "";

function say(tone, text) {
  line.dataset.tone = tone;
  line.textContent = text;
}

const outbox = new Outbox(`floor:${data.person}`, data.url, {
  changed(waiting, trouble) {
    if (waiting) say(trouble ? "wrong" : "wait", trouble === "session" ? data.words.session : `${waiting} ${data.words.waiting}`);
    else if (problem) say("wrong", problem);
    else if (sent) window.location.reload();
  },
  answered(item, answer) {
    sent = true;
    if (answer.message) problem = answer.message;
  },
});

function give(kind, more = {}) {
  problem = "";
  return outbox.put({ work_id: data.work, kind, client_at: new Date().toISOString(), ...more });
}

for (const button of document.querySelectorAll("button[data-kind]")) {
  button.addEventListener("click", () => { button.disabled = true; give(button.dataset.kind, button.dataset.refers ? { refers_to: button.dataset.refers } : {}); });
}
for (const form of document.querySelectorAll("form[data-kind]")) {
  form.addEventListener("submit", (sending) => {
    sending.preventDefault();
    const typed = Object.fromEntries(new FormData(form));
    if (typed.count) typed.count = Number(typed.count);
    give(form.dataset.kind, typed);
    form.reset();
  });
}

const signing = document.getElementById("floor-sign");
if (signing) {
  const pad = new Pad(document.getElementById("pad"));
  document.getElementById("pad-clear").addEventListener("click", () => pad.clear());
  signing.addEventListener("submit", (sending) => {
    if (pad.empty) { sending.preventDefault(); say("wrong", data.words.empty); return; }
    signing.elements.drawing.value = pad.text();
  });
}
outbox.pump();
