/** Shows what is marked data-back if there is a page to go back to, and goes there. */

for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-back]"))) {
  element.hidden = history.length < 2;
  element.addEventListener("click", () => history.back());
}
