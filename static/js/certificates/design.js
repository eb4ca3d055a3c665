// The picture beside the form follows what is typed; nothing is kept before "Save". Without a script the saved draft is shown.

const form = document.querySelector("[data-preview]");
const picture = document.querySelector("[data-preview-picture]");
const problem = document.querySelector("[data-preview-problem]");
let waiting = 0;
let asking = null;
let shown = "";

async function look() {
  asking?.abort();
  asking = new AbortController();
  picture.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal: asking.signal });
    if (answer.ok) {
      const before = shown;
      shown = URL.createObjectURL(await answer.blob());
      picture.src = shown;
      if (before) URL.revokeObjectURL(before);
      problem.textContent = "";
    } else if (answer.status === 422) {
      problem.textContent = (await answer.json()).problem;
    }
    picture.removeAttribute("aria-busy");
  } catch (gone) {
    if (gone.name !== "AbortError") picture.removeAttribute("aria-busy");
  }
}

if (form && picture) {
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, () => { window.clearTimeout(waiting); waiting = window.setTimeout(look, 350); });
  }
}
