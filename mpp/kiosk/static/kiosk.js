/** What every page of the kiosk does: go on safely, send a form once, show that there is more, start afresh. */

import { all, dataOf, find } from "/static/js/dom.js";
import { ask, fieldsOf, go, untilItAnswers } from "./retrying-navigation.js";

// -- going on -----------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement)) return;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || link.hash) return;
  if (link.origin !== location.origin) return;
  event.preventDefault();
  go(link.href, { replace: "replace" in link.dataset });
});

// -- taking a number ----------------------------------------------------------------------------

let sent = false;

/**
 * @param {HTMLFormElement} form
 * @param {SubmitEvent} event
 */
async function take(form, event) {
  event.preventDefault();
  if (sent) return;
  sent = true;
  event.submitter?.setAttribute("aria-busy", "true");
  const body = fieldsOf(form);
  // However often it takes: the key in the form makes it one ticket.
  const response = await untilItAnswers(() => ask(form.action, { method: "POST", body }));
  touch();
  if (response.redirected) location.assign(response.url);
  else form.submit(); // refused: let the browser show why
}

for (const form of all(document, "[data-take]", HTMLFormElement)) {
  form.addEventListener("submit", (event) => take(form, event));
}

window.addEventListener("pageshow", () => {
  sent = false;
  document.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
});

// -- more below ---------------------------------------------------------------------------------

const [main, more, down, up] = [".screen__main", "[data-more]", "[data-more-down]", "[data-more-up]"].map((selector) =>
  find(document, selector, HTMLElement),
);

function showMore() {
  const atEnd = main.scrollTop + main.clientHeight > main.scrollHeight - 8;
  more.hidden = main.scrollHeight <= main.clientHeight + 8;
  down.hidden = atEnd;
  up.hidden = !atEnd;
}

more.addEventListener("click", () => {
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
  if (down.hidden) main.scrollTo({ top: 0, behavior });
  else main.scrollBy({ top: main.clientHeight * 0.8, behavior });
});
main.addEventListener("scroll", showMore, { passive: true });
const sizes = new ResizeObserver(showMore);
for (const part of [main, ...main.children]) sizes.observe(part);

// -- the next visitor ---------------------------------------------------------------------------

const idle = find(document, "[data-idle]", HTMLElement);
const seconds = Number(idle.dataset.idle);
const warn = Number(idle.dataset.warn);
const shown = find(idle, "[data-idle-shown]", HTMLElement);
// Stands outside what is hidden: of a region that appears together with its words nothing is read aloud.
const said = find(document, "[data-idle-said]", HTMLElement);
let touched = performance.now();

function touch() {
  touched = performance.now();
  tick();
}

function tick() {
  const remaining = Math.max(0, Math.ceil(seconds - (performance.now() - touched) / 1_000));
  const warning = warn > 0 && remaining <= warn;
  idle.hidden = !warning;
  find(idle, "[data-idle-left]", HTMLElement).textContent = String(remaining);
  // Told once, not every second: a screen reader would talk without end.
  const text = warning && remaining <= 20 ? dataOf(said, "idleSaid") : "";
  for (const part of [said, shown]) if (part.textContent !== text) part.textContent = text;
  if (remaining === 0) go(dataOf(idle, "afresh"), { replace: true });
}

find(idle, "[data-idle-more]", HTMLElement).addEventListener("click", touch);
for (const name of ["pointerdown", "keydown", "input"]) document.addEventListener(name, touch);
main.addEventListener("scroll", () => (touched = performance.now()), { passive: true });
setInterval(tick, 1_000);
tick();
