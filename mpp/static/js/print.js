/** Buttons with data-print open the browser's print dialog. Without scripts they stay hidden. */

import { all } from "./dom.js";

for (const button of all(document, "[data-print]", HTMLElement)) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
