// The slip has a button to print it.

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
