/** The page on the wall: draws every board, rings once per (ticket, calls), says when it is cut off. */

import { createChime } from "/static/js/chime.js";
import { dataOf, find } from "/static/js/dom.js";
import { connect } from "/static/js/live.js";
import { Once } from "/static/js/once.js";
import { SoundQueue } from "/static/js/sound-queue.js";
import { staleBanner } from "/static/js/stale.js";
import { Announcements } from "/static/display/announcements.js";
import { HallClock } from "/static/display/clock.js";
import { fill, List } from "/static/display/list.js";

/**
 * What mpp/display/pages/wire.py sends, as far as it is shown.
 * @typedef {import("/static/display/announcements.js").Call
 *   & {counter_label: string, agency_name: string, agency_short: string}} Call
 * @typedef {{service: string, service_name: string, agency_short: string, labels: string[]}} Line
 * @typedef {{version: number, at: string, day: string, called: Call[], recent: Call[], next: Line[],
 *   waiting: {service: string, count: number}[], notice: string, notice_en: string | null}} Board
 */

const TURN = 6_000; // ms a page of a list stays
const READ = 20_000; // ms in which somebody who was just called must find the number on the list
const HOLD = 3_500; // ms a call fills the large field before the next may
const HOLD_WHEN_MANY = 2_300; // just longer than the bell
const FLASH = 6_000; // ms
const SPEED = 0.1; // of the screen's shorter side a second, for the running text

const root = document.documentElement;
/** @param {string} name */
const part = (name) => find(document, `[data-${name}]`, HTMLElement);
const board = part("board");
const now = part("now");

const clock = new HallClock(part("clock"), part("date"), {
  at: Number(dataOf(root, "madeAt")),
  timeZone: root.dataset.timeZone,
  locale: root.lang,
});
const announcements = new Announcements(new Once(`board-${board.dataset.name}`));
const stage = new SoundQueue(); // one call at a time has the large field and the bell
const hint = part("sound-hint");
const chime = createChime({ onChange: () => (hint.hidden = !chime.needsGesture) });
const lists = Object.fromEntries(
  ["current", "next", "recent"].map((name) => [
    name,
    new List(
      find(document, `[data-list="${name}"]`, HTMLElement),
      find(document, `[data-template="${name}"]`, HTMLTemplateElement),
      document.querySelector(`[data-pages="${name}"]`),
    ),
  ]),
);

/** @type {Board | null} */
let shown = null; // the last board
/** @type {Call | null} */
let announced = null; // the call that has the large field now
let turning = setInterval(turn, TURN);
root.dataset.rung = root.dataset.sounded = "0"; // calls announced, and heard too: for whoever watches over screens

/** @param {Board} message */
function draw(message) {
  shown = message;
  clock.set(message.at);
  drawNow();
  lists.current.draw(message.called.map(row));
  const counts = new Map(message.waiting.map((line) => [line.service, line.count]));
  lists.next.draw(message.next.map((line) => lineOf(line, counts.get(line.service) ?? 0)));
  lists.recent.draw(message.recent.map(row));
  drawNotice(message);
  for (const call of announcements.due(message)) stage.add(() => announce(call));
}

/** @param {Call} call */
function row(call) {
  const parts = { label: call.label, counter: call.counter_label, agency: call.agency_short };
  return { key: call.label, state: call.state, parts };
}

/**
 * @param {Line} line
 * @param {number} waiting
 */
function lineOf(line, waiting) {
  const { agency_short: agency, service_name: service } = line;
  const [first = "", second = "", third = ""] = line.labels;
  return { key: line.service, parts: { first, second, third, agency, service, count: waiting } };
}

function drawNow() {
  const call = announced ?? shown?.called[0];
  now.dataset.state = announced ? "called" : call ? call.state : "quiet";
  fill(now, call ? { label: call.label, counter: call.counter_label, agency: call.agency_name } : {});
  now.classList.toggle("hall-now--long", (call?.label.length ?? 0) > 6);
}

/** @param {Call & {name: string}} call */
async function announce(call) {
  if (!announcements.begin(call)) return;
  announced = call;
  drawNow();
  lists.current.reveal(call.label);
  clearInterval(turning);
  turning = setInterval(turn, TURN);
  flash(now);
  flash(lists.current.child(call.label));
  say(call);
  count("rung");
  const hold = announcements.waiting > 2 ? HOLD_WHEN_MANY : HOLD;
  const bell = chime.ring().then((sounded) => {
    if (sounded) count("sounded");
  });
  await Promise.all([bell, new Promise((resolve) => setTimeout(resolve, hold))]);
  announced = null;
  drawNow();
}

/** @param {"rung" | "sounded"} what */
function count(what) {
  root.dataset[what] = String(Number(root.dataset[what]) + 1);
}

/** @param {HTMLElement | undefined} element */
function flash(element) {
  if (!element) return;
  element.classList.remove("is-new");
  void element.offsetWidth; // begin again
  element.classList.add("is-new");
  setTimeout(() => element.classList.remove("is-new"), FLASH);
}

/** @param {Call} call */
function say(call) {
  const place = part("announce");
  place.textContent = dataOf(place, "text")
    .replace("{label}", call.label)
    .replace("{counter}", call.counter_label)
    .replace("{agency}", call.agency_name);
}

/** @param {Board} message */
function drawNotice({ notice, notice_en: other }) {
  const [text, otherText] = ["id", "en"].map((language) => part(`notice="${language}"`));
  if (text.textContent === notice && otherText.textContent === (other ?? "")) return;
  text.textContent = notice;
  otherText.textContent = other ?? "";
  pace();
}

/** The running text goes equally fast however long it is. */
function pace() {
  const text = part("ticker");
  const way = (text.parentElement?.clientWidth ?? 0) + text.scrollWidth;
  const perSecond = SPEED * Math.min(innerWidth, innerHeight);
  text.style.setProperty("--duration", `${Math.round(way / perSecond)}s`);
}

function turn() {
  const since = clock.now().getTime() - READ;
  const justCalled = (shown?.called ?? []).filter((call) => Date.parse(call.called_at) >= since);
  lists.current.turn(new Set(justCalled.map((call) => call.label)));
  lists.next.turn();
}

function layOut() {
  for (const list of Object.values(lists)) list.layOut();
  pace();
}

hint.hidden = !chime.needsGesture;
layOut();
document.fonts.ready.then(layOut);
addEventListener("resize", layOut);
setInterval(() => clock.tick(), 1_000);

connect(dataOf(board, "socket"), {
  onMessage: draw,
  onState: staleBanner(),
  longestDelay: 1_000, // a wall screen is back soon after the server is
  beside: 1_000,
});
