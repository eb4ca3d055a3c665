// The marking scheme's pages: print with everything unfolded; show the options of the chosen method alone.

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details.sub-criterion:not([open])")) { part.open = true; part.dataset.folded = ""; }
});
window.addEventListener("afterprint", () => {
  for (const part of document.querySelectorAll("details[data-folded]")) { part.open = false; delete part.dataset.folded; }
});

const target = window.location.hash ? document.getElementById(decodeURIComponent(window.location.hash.slice(1))) : null;
const folded = target?.closest("details");
if (folded) { folded.open = true; target.scrollIntoView(); }

const method = document.querySelector("select[name='method']");
if (method) {
  const show = () => {
    for (const part of document.querySelectorAll("[data-methods]")) part.hidden = !part.dataset.methods.split(" ").includes(method.value);
  };
  method.addEventListener("change", show);
  show();
}
