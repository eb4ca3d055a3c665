// Keeps the counts of the check-in fresh while several people tick at several doors.

const counts = document.querySelector("[data-counts]");
if (counts) {
  window.setInterval(async () => {
    const answer = await fetch(counts.dataset.counts, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return; // signed out: the next press asks to sign in
    for (const [kind, count] of Object.entries(await answer.json())) {
      const shown = counts.querySelector(`[data-count="${kind}"]`);
      if (shown) shown.textContent = count;
    }
  }, 5000);
}
