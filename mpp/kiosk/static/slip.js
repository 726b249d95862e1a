/** The slip as a page of its own prints when asked. */

import { find } from "/static/js/dom.js";

find(document, "#print", HTMLElement).addEventListener("click", () => window.print());
