/**
 * Spans of time that go on by themselves, by the server's clock rather than this machine's:
 *
 *   data-since="1763952300000"   minutes and seconds since that moment, 7.05 or 7:05
 *   data-ago="1763952300000"     whole minutes since, in words: 12 menit
 *   data-promised="900"          seconds; beyond them the nearest …-timer is marked --over
 */

// Relative, because a browser and the tests' Node both find it so.
import { all, find } from "../../static/js/dom.js";

const locale = globalThis.document?.documentElement.lang || "id"; // no document: a test
const between = locale === "id" ? "." : ":";
const minutes = new Intl.NumberFormat(locale, { style: "unit", unit: "minute", unitDisplay: "long" });
const seconds = new Intl.NumberFormat(locale, { style: "unit", unit: "second", unitDisplay: "long" });

/** @param {number} elapsed s */
export function span(elapsed) {
  const whole = Math.max(0, Math.floor(elapsed));
  return `${Math.floor(whole / 60)}${between}${String(whole % 60).padStart(2, "0")}`;
}

/** @param {number} elapsed s */
export function words(elapsed) {
  return elapsed < 60 ? seconds.format(Math.max(0, Math.round(elapsed))) : minutes.format(Math.round(elapsed / 60));
}

/**
 * Counts on from now.
 * @param {number} serverNow the server's time in ms when the page was made
 */
export function startTimers(serverNow) {
  let offset = serverNow - Date.now();
  const draw = () => {
    const now = Date.now() + offset;
    for (const element of all(document, "[data-since]", HTMLElement)) drawSince(element, now);
    for (const element of all(document, "[data-ago]", HTMLElement)) drawAgo(element, now);
  };
  setInterval(draw, 1000);
  return {
    draw,
    /**
     * The server has just said what time it is.
     * @param {number} moment
     */
    set(moment) {
      offset = moment - Date.now();
    },
  };
}

/**
 * @param {HTMLElement} element
 * @param {number} now
 */
function drawSince(element, now) {
  const elapsed = (now - Number(element.dataset.since)) / 1000;
  write(element, span(elapsed));
  const promised = Number(element.dataset.promised);
  const timer = element.closest(".desk-timer");
  if (!promised || timer === null) return;
  timer.classList.toggle("desk-timer--over", elapsed > promised);
  find(timer, "progress", HTMLProgressElement).value = Math.min(elapsed, promised);
}

/**
 * @param {HTMLElement} element
 * @param {number} now
 */
function drawAgo(element, now) {
  const elapsed = (now - Number(element.dataset.ago)) / 1000;
  write(element, words(elapsed));
  const promised = Number(element.dataset.promised);
  element.classList.toggle("is-late", promised > 0 && elapsed > promised);
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
