/** The server could not reach its database: wait until it can, then do again what was wanted. */

import { find } from "/static/js/dom.js";
import { ask, untilItAnswers } from "./retrying-navigation.js";

const again = find(document, "[data-again]", HTMLElement);

await untilItAnswers(() => ask("/health/ready"));
if (again instanceof HTMLFormElement) again.requestSubmit();
else location.replace(find(again, "a", HTMLAnchorElement).href);
