/** Shows what is marked data-back if there is a page to go back to, and goes there. */

import { all } from "./dom.js";

for (const element of all(document, "[data-back]", HTMLElement)) {
  element.hidden = history.length < 2;
  element.addEventListener("click", () => history.back());
}
