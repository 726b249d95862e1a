/**
 * Says in large letters that what is shown may be old. The words come from the page, so the server
 * translates them:
 *
 *   <div data-stale data-text="Terputus sejak {time}, menyambung kembali …" hidden>
 *     <span data-stale-text></span></div>                      (macro ui.stale_banner)
 *
 *   connect(url, { onMessage, onState: staleBanner() });
 *
 * The time is told as the mall's clocks show it: <html data-time-zone="Asia/Jayapura">.
 */

import { dataOf, find } from "./dom.js";

export function staleBanner(element = find(document, "[data-stale]", HTMLElement)) {
  const place = element.querySelector("[data-stale-text]") ?? element;
  const clock = new Intl.DateTimeFormat(document.documentElement.lang || "id", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: document.documentElement.dataset.timeZone,
  });

  /** @param {{state: string, since: Date | null}} told */
  return ({ state, since }) => {
    document.documentElement.dataset.live = state; // for CSS: [data-live="stale"] …
    if (since !== null) place.textContent = dataOf(element, "text").replace("{time}", clock.format(since));
    element.hidden = state !== "stale";
  };
}
