/** The server could not reach its database: wait until it can, then do again what was wanted. */

import { ask, untilItAnswers } from "./retrying-navigation.js";

const again = document.querySelector("[data-again]");

await untilItAnswers(() => ask("/health/ready"));
if (again instanceof HTMLFormElement) again.requestSubmit();
else location.replace(again.querySelector("a").href);
