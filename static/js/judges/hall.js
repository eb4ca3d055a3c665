// Registers this tablet for the events where the judge who signed in sits, and hands it on to another. What waits stays and is sent.
import { identityFor } from "../marking/tablet.js";

for (const duty of document.querySelectorAll("[data-duty]")) {
  const shown = duty.querySelector("[data-tablet]");
  if (!shown) continue;
  try {
    await identityFor(duty.dataset.person, duty.dataset.event, "/api/marking/devices");
    shown.classList.add("paired");
    shown.querySelector("span").textContent = shown.dataset.paired;
  } catch {
    shown.querySelector("span").textContent = shown.dataset.failed;
  }
}
