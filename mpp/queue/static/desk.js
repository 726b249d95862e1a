/** The officer's desk: live, by keyboard, without leaving the page. Everything it does also works as plain forms. */

import { all, dataOf, find } from "/static/js/dom.js";
import { connect } from "/static/js/live.js";
import { staleBanner } from "/static/js/stale.js";
import { listenForShortcuts } from "/static/queue/keys.js";
import { keepParts } from "/static/queue/parts.js";
import { listenForPresses } from "/static/queue/questions.js";
import { startTimers } from "/static/queue/timers.js";

const TOLD_FOR = 12_000; // ms until word of a success goes

const desk = find(document, "#desk", HTMLElement);
const { counter, now } = desk.dataset;
const mallName = document.title.split(" · ").at(-1);
const timers = startTimers(Number(now));
const parts = keepParts({ address: `/desk/${counter}/now`, onDrawn });
/** @type {string | null} */
let heard = null; // what the socket said last, without its version and time
let telling = 0;

function onDrawn() {
  document.title = `${find(document, "#desk-head", HTMLElement).dataset.title} · ${mallName}`;
  timers.draw();
}

function forgetSuccess() {
  clearTimeout(telling);
  telling = setTimeout(() => {
    document.querySelector("#desk-told:not([data-stays]) > .alert")?.remove();
  }, TOLD_FOR);
}

connect(`/live/counters/${counter}`, {
  /** @param {{version: number, at: string}} message */
  onMessage({ version, at, ...state }) {
    timers.set(Date.parse(at));
    const text = JSON.stringify(state);
    if (text !== heard) parts.refresh();
    heard = text;
  },
  onConnected() {
    parts.startAnew();
    heard = null;
  },
  onState: staleBanner(),
});

listenForPresses({
  parts,
  offline: dataOf(desk, "offline"),
  dialog: find(document, "#desk-dialog", HTMLDialogElement),
  onBusy: (isBusy) => desk.toggleAttribute("data-busy", isBusy),
  onDone: forgetSuccess,
});
listenForShortcuts();
for (const element of all(document, "[data-scripted]", HTMLElement)) element.hidden = false;
forgetSuccess();
timers.draw();
