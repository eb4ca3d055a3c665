// Pairs this tablet for the duties of the judge who signed in, and hands it on to another.
import { forget, pair } from "./devices.js";

const csrf = document.querySelector("[data-leave] [name='csrf_token']").value;
const leave = document.querySelector("[data-leave]");
for (const duty of document.querySelectorAll("[data-duty]")) {
  const shown = duty.querySelector("[data-tablet]");
  try {
    const device = await pair(duty.dataset.duty, csrf);
    leave.elements.device_id.value ||= device.device_id;
    shown.classList.add("paired");
    shown.querySelector("span").textContent = shown.dataset.paired;
  } catch {
    shown.querySelector("span").textContent = shown.dataset.failed;
  }
}
leave.addEventListener("submit", () => forget());
