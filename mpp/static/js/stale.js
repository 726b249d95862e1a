/**
 * Says in large letters that what is shown may be old. The words come from the page, so the server
 * translates them:
 *
 *   <div data-stale data-text="Terputus sejak {time}, menyambung kembali …" [data-time-zone="Asia/Jakarta"] hidden>
 *     <span data-stale-text></span></div>                      (macro ui.stale_banner)
 *
 *   connect(url, { onMessage, onState: staleBanner() });
 */

/** @param {HTMLElement} element */
export function staleBanner(element = document.querySelector("[data-stale]")) {
  const place = element.querySelector("[data-stale-text]") ?? element;
  const clock = new Intl.DateTimeFormat(document.documentElement.lang || "id", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: element.dataset.timeZone, // undefined: the device's own
  });

  return ({ state, since }) => {
    document.documentElement.dataset.live = state; // for CSS: [data-live="stale"] …
    if (state === "stale") place.textContent = element.dataset.text.replace("{time}", clock.format(since));
    element.hidden = state !== "stale";
  };
}
