// The weights of an event make 100: writing one fills in the other. Without a script the server says what is wrong.

const theory = document.querySelector("#theory");
const gate = document.querySelector("#theory_gate");
const shares = { theory: document.querySelector("#theory_weight"), practice: document.querySelector("#practice_weight") };

function settle() {
  const counts = theory.checked && !gate.checked;
  shares.theory.disabled = !counts;
  document.querySelector("#theory_pass").disabled = !theory.checked;
  gate.disabled = !theory.checked;
  if (!counts) shares.practice.value = "100";
  else if (shares.practice.value === "100") { shares.theory.value = "30"; shares.practice.value = "70"; }
}

function fill(from, to) {
  const value = Number(from.value);
  if (from.value !== "" && value >= 0 && value <= 100) to.value = String(Number((100 - value).toFixed(2)));
}

if (theory && gate) {
  theory.addEventListener("change", settle);
  gate.addEventListener("change", settle);
  shares.theory.addEventListener("change", () => fill(shares.theory, shares.practice));
  shares.practice.addEventListener("change", () => { if (!shares.theory.disabled) fill(shares.practice, shares.theory); });
  settle();
}
