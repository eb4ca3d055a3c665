// The form of a request shows what the chosen act needs; without script everything stays in sight.

const form = document.querySelector("form.change");

function show() {
  const chosen = form.querySelector("input[name='act']:checked")?.value ?? "";
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(chosen);
}

form?.addEventListener("change", show);
if (form) show();
