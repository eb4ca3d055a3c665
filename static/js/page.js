// What every page does: open the menu, jump to search with "/", ask before irreversible steps, stop second clicks, watch jobs.

const side = document.querySelector("[data-toggle='side']");
side?.addEventListener("click", () => {
  const open = document.body.classList.toggle("side-open");
  side.setAttribute("aria-expanded", String(open));
});

document.addEventListener("keydown", (press) => {
  if (press.key !== "/" || /^(input|textarea|select)$/i.test(press.target.tagName)) return;
  const search = document.querySelector("[data-key='/']");
  if (search) { press.preventDefault(); search.focus(); }
});

document.addEventListener("submit", (sending) => {
  const form = sending.target;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) { sending.preventDefault(); return; }
  // After the browser has read the form: a disabled button would not send its own value.
  window.setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type='button'])")) button.disabled = true;
  });
  window.setTimeout(() => {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  }, 8000);
});

window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form button[disabled]")) button.disabled = false;
});

// A table wider than the screen scrolls in its card: the keyboard must reach it.
for (const card of document.querySelectorAll(".table-card")) {
  if (card.scrollWidth > card.clientWidth && !card.hasAttribute("tabindex")) {
    card.tabIndex = 0;
    card.setAttribute("role", "region");
    card.setAttribute("aria-label", card.querySelector("caption")?.textContent?.trim() || document.querySelector("h1")?.textContent?.trim() || "");
  }
}

const job = document.querySelector("[data-job]");
if (job) {
  const watch = window.setInterval(async () => {
    const answer = await fetch(job.dataset.job, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const state = await answer.json();
    const bar = job.querySelector("progress");
    bar.max = state.total || 1;
    bar.value = state.done;
    if (state.state === "succeeded" || state.state === "failed") {
      window.clearInterval(watch);
      window.location.assign(state.state === "succeeded" ? job.dataset.back : window.location.href);
    }
  }, 1000);
}
