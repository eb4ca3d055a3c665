// Copy a text to the clipboard; where the browser refuses (an address without HTTPS), the text is selected instead.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      button.querySelector("span").textContent = button.dataset.done;
    } catch {
      text.focus();
    }
  });
}
