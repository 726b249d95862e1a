/** Buttons with data-print open the browser's print dialog. Without scripts they stay hidden. */

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-print]"))) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
