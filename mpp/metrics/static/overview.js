/** The manager's overview, kept in step: the socket says that something changed, the server draws the parts. */

import { connect } from "/static/js/live.js";
import { staleBanner } from "/static/js/stale.js";
import { keepParts } from "/static/queue/parts.js";

const lang = encodeURIComponent(document.documentElement.lang);
const parts = keepParts({ address: `/overview/now?lang=${lang}` });

connect(document.getElementById("overview").dataset.live, {
  onMessage: () => parts.refresh(),
  onState: staleBanner(),
});
