// The keypad for the PIN; whoever sees this page is nobody yet, so the pages kept for the judge before are forgotten.

navigator.serviceWorker?.ready.then((joined) => joined.active?.postMessage("forget"));
const form = document.querySelector("[data-keypad]");
const pin = form.querySelector("[name='pin']");
form.addEventListener("click", (press) => {
  const key = press.target.closest(".keypad button");
  if (!key) return;
  if (key.dataset.digit !== undefined) pin.value = (pin.value + key.dataset.digit).slice(0, 8);
  else if (key.dataset.clear !== undefined) pin.value = "";
  else pin.value = pin.value.slice(0, -1);
});
(form.querySelector("[name='code']").value ? pin : form.querySelector("[name='code']")).focus();
