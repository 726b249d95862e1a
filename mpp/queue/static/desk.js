/** The officer's desk: live, by keyboard, without leaving the page. Everything it does also works as plain forms. */

import { connect } from "/static/js/live.js";
import { staleBanner } from "/static/js/stale.js";
import { listenForShortcuts } from "/static/queue/keys.js";
import { keepParts } from "/static/queue/parts.js";
import { listenForPresses } from "/static/queue/questions.js";
import { startTimers } from "/static/queue/timers.js";

const TOLD_FOR = 12_000; // ms until word of a success goes

const desk = document.getElementById("desk");
const { counter, now, offline } = desk.dataset;
const mallName = document.title.split(" · ").at(-1);
const timers = startTimers(Number(now));
const parts = keepParts({ address: `/desk/${counter}/now`, onDrawn });
let heard = null; // what the socket said last, without its version and time
let telling = 0;

function onDrawn() {
  document.title = `${document.getElementById("desk-head").dataset.title} · ${mallName}`;
  timers.draw();
}

function forgetSuccess() {
  clearTimeout(telling);
  telling = setTimeout(() => {
    document.querySelector("#desk-told:not([data-stays]) > .alert")?.remove();
  }, TOLD_FOR);
}

connect(`/live/counters/${counter}`, {
  onMessage({ version, at, ...state }) {
    timers.set(Date.parse(at));
    const text = JSON.stringify(state);
    if (text !== heard) parts.refresh();
    heard = text;
  },
  onState: staleBanner(),
});

listenForPresses({
  parts,
  offline,
  dialog: document.getElementById("desk-dialog"),
  onBusy: (isBusy) => desk.toggleAttribute("data-busy", isBusy),
  onDone: forgetSuccess,
});
listenForShortcuts();
for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-scripted]"))) {
  element.hidden = false;
}
forgetSuccess();
timers.draw();
