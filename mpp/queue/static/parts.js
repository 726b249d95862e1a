/**
 * Keeps the parts of an open page as the server draws them, so that words and buttons are written once.
 *
 * A part is an element with an id and data-part. Asked with the header X-Parts, the server answers with
 * the parts alone; those whose HTML differs from what it sent before are put in place of the old ones. A part
 * under a pressed mouse button waits until it is let go, and the focus goes to the same thing in the new part.
 *
 *   const parts = keepParts({ address: "/desk/7/now", onDrawn });
 *   parts.refresh();                     // something changed: one request at a time, and once more if need be
 *   parts.startAnew();                   // the server may be another one, with a lower count of versions
 *   await parts.send(form, submitter);   // post a form; {ok, status, question, problem}
 */

import { all } from "/static/js/dom.js";

/**
 * @typedef {{ok: boolean, status: number, parts: true, html: string, version: number}} Drawn
 * @typedef {{ok: boolean, status: number, parts: false, html?: string, problem?: {detail?: string}}} Undrawn
 * @typedef {ReturnType<typeof keepParts>} Parts
 */

const HEADERS = { "X-Parts": "1" };
const PATIENCE = 10_000; // ms
const RETRY = 1_500; // ms
const GONE = new Set([401, 403, 404]); // what was shown here is not ours to see any more
const PRESSED_FOR = 2_000; // ms; a button held longer than this is drawn over

/** @param {{address: string, onDrawn?: () => void, root?: ParentNode}} page */
export function keepParts({ address, onDrawn = () => {}, root = document }) {
  /** @type {Map<string, string>} */
  const drawn = new Map(); // id -> the HTML that the server sent
  let version = 0;
  let count = 0; // which count of versions that is: a server that was restarted may have a lower clock
  let asking = false;
  let again = false;
  for (const part of root.querySelectorAll("[data-part]")) drawn.set(part.id, part.outerHTML);

  /**
   * Put in place what an answer holds, unless something newer is shown already.
   * @param {Drawn} drawing
   * @param {number} counted the count of versions when it was asked for
   */
  function take({ html, version: answered }, counted) {
    if (counted !== count || answered < version) return;
    version = answered;
    const answer = new DOMParser().parseFromString(html, "text/html");
    for (const part of all(answer, "[data-part]", HTMLElement)) {
      if (drawn.get(part.id) === part.outerHTML) continue;
      drawn.set(part.id, part.outerHTML);
      place(part, performance.now() + PRESSED_FOR);
    }
    onDrawn();
  }

  /**
   * @param {HTMLElement} part
   * @param {number} until
   */
  function place(part, until) {
    const old = document.getElementById(part.id);
    if (old === null || drawn.get(part.id) !== part.outerHTML) return; // a newer one has come meanwhile
    if (old.matches(":active") && performance.now() < until) {
      setTimeout(place, 60, part, until);
      return;
    }
    const scrolled = [...old.querySelectorAll("[tabindex='0']")].map((element) => element.scrollTop);
    const focus = focusIn(old);
    const fresh = document.importNode(part, true);
    old.replaceWith(fresh);
    fresh.querySelectorAll("[tabindex='0']").forEach((element, index) => {
      element.scrollTop = scrolled[index] ?? 0;
    });
    if (focus !== null) (sameIn(fresh, focus) ?? fresh).focus({ preventScroll: true });
    onDrawn();
  }

  async function refresh() {
    again = true;
    if (asking) return;
    asking = true;
    while (again) {
      again = false;
      const counted = count;
      const answer = await ask(address).catch(() => null);
      if (answer?.parts) take(answer, counted);
      else if (answer && GONE.has(answer.status)) location.reload();
      else {
        again = true; // the server is away: the page says so by itself
        await pause(RETRY);
      }
    }
    asking = false;
  }

  /**
   * Post a form. Parts in the answer are drawn whatever its status is.
   * @param {HTMLFormElement} form
   * @param {HTMLElement | null} submitter
   */
  async function send(form, submitter) {
    const fields = /** @type {[string, string][]} */ ([...new FormData(form, submitter)]); // no files
    const body = new URLSearchParams(fields);
    const counted = count;
    const answer = await ask(form.getAttribute("action") ?? "", { method: "POST", body });
    if (answer.parts) take(answer, counted);
    return answer;
  }

  /**
   * Get a form to show in a dialog.
   * @param {string} href
   */
  async function question(href) {
    const counted = count;
    const answer = await ask(href);
    if (answer.parts) take(answer, counted);
    return answer;
  }

  /** A new connection: what it says counts, whatever versions were shown before. To be refreshed then. */
  function startAnew() {
    count += 1;
    version = 0;
  }

  return { refresh, startAnew, send, question };
}

/**
 * @param {string} address
 * @param {RequestInit} options
 * @returns {Promise<Drawn | Undrawn>}
 */
async function ask(address, options = {}) {
  const response = await fetch(address, {
    ...options,
    headers: HEADERS,
    signal: AbortSignal.timeout(PATIENCE),
    cache: "no-store",
  });
  const { ok, status } = response;
  if (response.redirected) return { ok: false, status: 401, parts: false };
  if (response.headers.get("content-type")?.includes("json")) {
    return { ok, status, parts: false, problem: await response.json() };
  }
  const stated = response.headers.get("x-version");
  const html = await response.text();
  return stated === null
    ? { ok, status, parts: false, html }
    : { ok, status, parts: true, html, version: Number(stated) };
}

/**
 * What tells the focused element from its neighbours, or null when the focus is elsewhere.
 * @param {HTMLElement} part
 */
function focusIn(part) {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || !part.contains(element) || element === document.body) return null;
  return element.dataset.key ?? element.id ?? "";
}

/**
 * The thing of a new part that the focus was on in the old one, or what the part is for.
 * @param {HTMLElement} part
 * @param {string} key
 * @returns {HTMLElement | undefined}
 */
function sameIn(part, key) {
  const same = [part, ...all(part, "[data-key], [id]", HTMLElement)].find(
    (element) => key !== "" && (element.dataset.key === key || element.id === key),
  );
  return same ?? all(part, "[data-main]", HTMLElement).at(0);
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
