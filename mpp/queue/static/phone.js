/** The visitor's phone: follows the queue live; flashes, vibrates and sounds with every call and recall. */

import { createChime } from "/static/js/chime.js";
import { all, dataOf, find } from "/static/js/dom.js";
import { connect } from "/static/js/live.js";
import { Once } from "/static/js/once.js";
import { staleBanner } from "/static/js/stale.js";
import { keepParts } from "/static/queue/parts.js";
import { listenForPresses } from "/static/queue/questions.js";

const RINGS = 3; // times for one call, until the page is touched
const BETWEEN = 4_000; // ms
const SHAKE = [500, 150, 500, 150, 900]; // ms on, off, on …

const phone = find(document, "#phone", HTMLElement);
const token = dataOf(phone, "token");
const mallName = document.title.split(" · ").at(-1);
const sound = find(document, "#phone-sound", HTMLButtonElement);
const announced = new Once(`phone-${token}`);
const parts = keepParts({ address: `/v/${token}/now`, onDrawn });
const chime = createChime({ onChange: drawSound });
let wanted = true; // the visitor has not switched the sound off
/** @type {string | null} */
let heard = null; // what the socket said last, without its version and time
/** @type {string | null} */
let ringing = null; // which call is being rung for

function onDrawn() {
  document.title = `${find(document, "#phone-now", HTMLElement).dataset.title} · ${mallName}`;
}

connect(`/live/visits/${token}`, {
  /** @param {{version: number, at: string, tickets: {id: number, state: string, calls: number}[]}} message */
  onMessage({ version, at, ...state }) {
    const text = JSON.stringify(state);
    if (text !== heard) parts.refresh();
    heard = text;
    const called = state.tickets.filter((ticket) => ticket.state === "called");
    if (called.length === 0) ringing = null;
    for (const { id, calls } of called) if (announced.isFirst(id, calls)) ring(`${id}:${calls}`);
  },
  onConnected() {
    parts.startAnew();
    heard = null;
  },
  onState: staleBanner(),
});

// -- bell, vibration, screen -------------------------------------------------------------------------

/** @param {string} call */
async function ring(call) {
  ringing = call;
  for (let time = 0; time < RINGS && ringing === call; time += 1) {
    shake(SHAKE);
    if (wanted) await chime.ring();
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
}

/**
 * Browsers let a page vibrate once it has been touched, and complain before.
 * @param {VibratePattern} pattern
 */
function shake(pattern) {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(pattern);
}

document.addEventListener("pointerdown", () => {
  ringing = null; // noticed
  shake(0);
});

// Any touch lets the page sound, so by the time of the click the button may say that it is on already.
/** @type {boolean | null} */
let wasOn = null;
for (const name of ["pointerdown", "keydown"]) {
  sound.addEventListener(name, () => {
    wasOn ??= sound.ariaPressed === "true";
  });
}

sound.addEventListener("click", async () => {
  wanted = !(wasOn ?? sound.ariaPressed === "true");
  wasOn = null;
  if (wanted && (await chime.unlock())) {
    shake(200);
    stayAwake();
    chime.ring();
  }
  drawSound();
});

function drawSound() {
  sound.ariaPressed = String(wanted && !chime.needsGesture);
}

/** A phone that falls asleep hears nothing. Only some browsers can be asked, and only over HTTPS. */
async function stayAwake() {
  if (document.visibilityState !== "visible") return;
  await navigator.wakeLock?.request("screen").catch(() => {});
}
document.addEventListener("visibilitychange", () => {
  if (sound.ariaPressed === "true") stayAwake();
});

// ----------------------------------------------------------------------------------------------------

listenForPresses({
  parts,
  offline: dataOf(phone, "offline"),
  dialog: find(document, "#phone-dialog", HTMLDialogElement),
});
for (const element of all(document, "[data-scripted]", HTMLElement)) element.hidden = false;
chime.unlock().then(drawSound);
