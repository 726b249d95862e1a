/** The manager's overview, kept in step: the socket says that something changed, the server draws the parts. */

import { all, dataOf, find } from "/static/js/dom.js";
import { connect } from "/static/js/live.js";
import { staleBanner } from "/static/js/stale.js";
import { News, PAUSE } from "/static/dashboard/overview_news.js";
import { keepParts } from "/static/queue/parts.js";

const lang = encodeURIComponent(document.documentElement.lang);
const news = new News({ names: shown().map((alert) => alert.name), now: performance.now() });
const parts = keepParts({ address: `/overview/now?lang=${lang}`, onDrawn: tell });

/** The alerts on the page, the gravest first. */
function shown() {
  return all(document, "[data-alert]", HTMLElement).map((line) => {
    const words = line.querySelectorAll("strong:first-child, [data-said]");
    const text = [...words].map((each) => each.textContent.trim()).join(": ");
    return { name: dataOf(line, "alert"), text: text.replace(/\s+/g, " ") };
  });
}

/** Outside the parts that are drawn anew, or a screen reader would lose what it is to say. */
function tell() {
  news.look(shown(), performance.now());
  say();
}

function say() {
  const text = news.due(performance.now());
  if (!text) return;
  const voice = find(document, "#overview-news", HTMLElement);
  voice.textContent = `${voice.dataset.words} ${text}`;
}

setInterval(say, PAUSE);

connect(dataOf(find(document, "#overview", HTMLElement), "live"), {
  onMessage: () => parts.refresh(),
  onConnected: parts.startAnew,
  onState: staleBanner(),
});
