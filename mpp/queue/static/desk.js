/** The officer's desk: live, by keyboard, without leaving the page. Everything it does also works as plain forms. */

import { connect } from "/static/js/live.js";
import { staleBanner } from "/static/js/stale.js";
import { toast } from "/static/js/toast.js";
import { listenForShortcuts } from "/static/queue/keys.js";
import { keepParts } from "/static/queue/parts.js";
import { startTimers } from "/static/queue/timers.js";

const TOLD_FOR = 12_000; // ms that word of a success stays

const desk = document.getElementById("desk");
const dialog = document.getElementById("desk-dialog");
const { counter, now, offline } = desk.dataset;
const mallName = document.title.split(" · ").at(-1);
const timers = startTimers(Number(now));
const parts = keepParts({ address: `/desk/${counter}/now`, onDrawn });
let shown = null; // what the socket said last, without its version and time
let busy = false;
let telling = 0;

function onDrawn() {
  document.title = `${document.getElementById("desk-head").dataset.title} · ${mallName}`;
  timers.draw();
}

connect(`/live/counters/${counter}`, {
  onMessage({ version, at, ...state }) {
    timers.set(Date.parse(at));
    const text = JSON.stringify(state);
    if (text !== shown) parts.refresh();
    shown = text;
  },
  onState: staleBanner(),
});

// -- presses -----------------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-press]")) return;
  event.preventDefault();
  if (!busy) press(event.target, event.submitter);
}, { capture: true });

async function press(form, submitter) {
  const sending = parts.send(form, submitter); // first: a button that is off would not send its value
  hold(true, submitter);
  try {
    const answer = await sending;
    if (answer.parts) dialog.close();
    else if (answer.html) complain(answer.html);
    else refused(answer);
    tidyUp();
  } catch {
    toast(offline, "error"); // no answer: it may or may not have been done, the fresh state tells
    parts.refresh();
  } finally {
    hold(false, submitter);
  }
}

/** A form's answer that is a form again: only what is wrong is taken from it, what was typed stays. */
function complain(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const [wrong, place] = [answer, dialog].map((each) => each.querySelector("[data-error]"));
  if (wrong && place) place.replaceChildren(...wrong.childNodes);
}

function refused({ status, problem }) {
  if (status === 401) location.reload();
  else toast(problem?.detail ?? offline, "error");
}

function hold(isBusy, submitter) {
  busy = isBusy;
  desk.toggleAttribute("data-busy", isBusy);
  for (const button of document.querySelectorAll("[data-press] button")) button.disabled = isBusy;
  if (isBusy) submitter?.setAttribute("aria-busy", "true");
  else submitter?.removeAttribute("aria-busy");
}

function tidyUp() {
  clearTimeout(telling);
  telling = setTimeout(() => {
    document.querySelector("#desk-told .alert--success, #desk-told .alert--info")?.remove();
  }, TOLD_FOR);
}

// -- forms that ask first ----------------------------------------------------------------------------

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("[data-ask], [data-close]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.matches("[data-close]")) dialog.close();
  else if (!busy) open(link.href);
});

async function open(href) {
  const answer = await parts.question(href).catch(() => null);
  if (answer?.html && !answer.parts) {
    const page = new DOMParser().parseFromString(answer.html, "text/html");
    dialog.replaceChildren(...document.importNode(page.body, true).childNodes);
    dialog.showModal();
    dialog.querySelector("select, input:not([type=hidden])")?.focus();
  } else if (!answer?.parts) refused(answer ?? {});
}

for (const element of document.querySelectorAll("[data-scripted]")) element.hidden = false;
listenForShortcuts();
tidyUp();
timers.draw();
