// The number pad and the note: dialogs over the page, each used for one cell at a time.
import { misfit } from "./cells.js";

function closable(dialog) {
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
}

/** The pad with large keys. `stored(text)` gets what was typed once it fits the aspect. */
export class NumberPad {
  constructor(words, stored) {
    this.words = words;
    this.dialog = document.getElementById("pad");
    this.input = document.getElementById("pad-value");
    this.wrong = document.getElementById("pad-wrong");
    closable(this.dialog);
    this.dialog.addEventListener("click", (tap) => {
      const key = tap.target.closest("[data-key]")?.dataset.key;
      if (key) this.press(key);
    });
    this.dialog.querySelector("form").addEventListener("submit", (sending) => {
      if (sending.submitter && sending.submitter.value !== "ok") return;
      const text = this.input.value.trim().replace(/[－−–]/g, "-").replace(/[，,。]/g, ".");
      const found = misfit(text, this.card.dataset);
      if (found) { sending.preventDefault(); sending.stopPropagation(); this.wrong.textContent = this.said(...found); return; }
      stored(this.key, text);
    });
  }

  said(word, limit) {
    if (word === "places") return `${limit} ${this.words.places}`;
    return limit === "" ? this.words[word] : `${this.words[word]} ${limit}`;
  }

  press(key) {
    const selected = this.input.selectionStart !== this.input.selectionEnd;
    const before = this.input.value;
    if (key === "sign") this.input.value = before.startsWith("-") ? before.slice(1) : `-${before}`;
    else if (key === "back") this.input.value = selected ? "" : before.slice(0, -1);
    else this.input.value = (selected ? "" : before) + key;
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
    this.wrong.textContent = "";
  }

  /** Ask for the value of a cell; `first` is a key that was pressed to open the pad. */
  open(key, card, value, first = "") {
    Object.assign(this, { key, card });
    const { title, code, max, least, grid, places, method, unit } = card.dataset;
    document.getElementById("pad-title").textContent = document.body.classList.contains("by-aspect") ? `${code} · ${title}` : title;
    const limits = [least && least !== "0" ? this.said("least", least) : "", max ? this.said("most", max) : "", grid ? this.said("grid", grid) : "",
      method === "count" || places === "0" ? this.words.whole : this.said("places", places)];
    document.getElementById("pad-limits").textContent = limits.filter(Boolean).join(" · ");
    document.getElementById("pad-unit").textContent = unit;
    document.getElementById("pad-hints").replaceChildren(...[(card.querySelector(".hints") ?? document.querySelector(".asked .hints"))?.cloneNode(true)].filter(Boolean));
    this.dialog.querySelector(".pad-sign").hidden = least !== "" && !least.startsWith("-");
    this.wrong.textContent = "";
    this.input.value = first || (/^-?\d/.test(value ?? "") ? value : "");
    this.dialog.showModal();
    if (first) this.input.setSelectionRange(1, 1); else this.input.select();
  }
}

/** The note of a cell. `stored(key, text)` gets it when it changed. */
export class NoteDialog {
  constructor(stored) {
    this.dialog = document.getElementById("note");
    this.text = document.getElementById("note-text");
    closable(this.dialog);
    this.dialog.addEventListener("click", (tap) => {
      const chip = tap.target.closest("[data-reason]");
      if (!chip) return;
      const given = this.text.value.trim();
      if (!given.split("；").includes(chip.textContent)) this.text.value = [given, chip.textContent].filter(Boolean).join("；");
    });
    this.dialog.querySelector("form").addEventListener("submit", () => {
      const text = this.text.value.trim();
      if (text !== this.before) stored(this.key, text);
    });
  }

  /** `owed`: the rules want a reason for the mark that was given. */
  open(key, note, owed = false) {
    Object.assign(this, { key, before: note });
    document.getElementById("note-owed").hidden = !owed;
    this.text.value = note;
    this.dialog.showModal();
  }
}
