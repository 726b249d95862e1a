/**
 * Going from page to page without ever leaving the visitor before a browser's error page: first see
 * whether the server answers; while it does not, say so over the page and try again.
 */

import { find } from "/static/js/dom.js";

const EVERY = 2_000; // ms between two tries
const PATIENCE = 6_000; // ms for one answer

let going = false;

/**
 * Go to an address of ours once the server answers. `replace`: the way back does not lead here again.
 * @param {string} address
 */
export async function go(address, { replace = false } = {}) {
  if (going) return;
  going = true;
  await untilItAnswers(() => ask("/health/live"));
  if (replace) location.replace(address);
  else location.assign(address);
}

/**
 * Ask until there is an answer that is not "not now"; the same request each time.
 * @param {() => Promise<Response>} request
 */
export async function untilItAnswers(request) {
  const away = find(document, "[data-away]", HTMLElement);
  for (;;) {
    const response = await request().catch(() => null);
    if (response !== null && response.status < 500) {
      away.hidden = true;
      return response;
    }
    away.hidden = false;
    await new Promise((done) => setTimeout(done, EVERY));
  }
}

/**
 * A form's fields as they are sent; our kiosk forms hold no files.
 * @param {HTMLFormElement} form
 */
export function fieldsOf(form) {
  return new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)]));
}

/**
 * @param {string} address
 * @param {RequestInit} options
 */
export function ask(address, options = {}) {
  return fetch(address, {
    cache: "no-store",
    headers: { accept: "text/html" },
    signal: AbortSignal.timeout(PATIENCE),
    ...options,
  });
}

window.addEventListener("pageshow", () => {
  going = false;
});
