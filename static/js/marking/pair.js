// Pairs this tablet with a one-time code, scanned (it stands after #) or typed.
import { pairWithCode } from "./tablet.js";

const form = document.getElementById("pair");
const code = document.getElementById("pair-code");
const said = document.getElementById("pair-said");

async function pair() {
  if (!window.isSecureContext) { said.textContent = said.dataset.plain; return; }
  try {
    await pairWithCode(code.value.trim().toUpperCase());
    said.textContent = said.dataset.done;
    form.hidden = true;
    document.body.dataset.paired = "yes";
  } catch (error) {
    said.textContent = `${said.dataset.failed} ${error.message}`;
  }
}

form.addEventListener("submit", (sending) => { sending.preventDefault(); pair(); });
if (window.location.hash.length > 1) {
  code.value = decodeURIComponent(window.location.hash.slice(1));
  window.history.replaceState(null, "", window.location.pathname); // the code does not stay in the tablet's history
  pair();
}
