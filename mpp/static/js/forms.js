/**
 * A form is sent once: while it is on its way its buttons are off and the pressed one shows that it
 * works. Coming back to the page, by the back button too, puts everything right.
 * Forms that stay on the page (method=dialog, another target, data-stays) are left alone.
 */

const GIVE_BACK = 15_000; // ms; nobody is locked out by an answer that never comes

/**
 * @typedef {HTMLButtonElement | HTMLInputElement} Button
 * @typedef {{buttons: Button[], submitter: HTMLElement | null, timer: number}} Held
 * @type {Map<HTMLFormElement, Held>} what to put right
 */
const inFlight = new Map();

document.addEventListener("submit", stopSecond, { capture: true });
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  const staysHere = form.method === "dialog" || form.target || "stays" in form.dataset;
  if (staysHere || event.defaultPrevented) return;
  hold(form, event.submitter);
});

window.addEventListener("pageshow", () => [...inFlight.keys()].forEach(release));

/** @param {SubmitEvent} event */
function stopSecond(event) {
  if (!(event.target instanceof HTMLFormElement) || !inFlight.has(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
function hold(form, submitter) {
  const buttons = [...form.elements]
    .filter((element) => element instanceof HTMLButtonElement || element instanceof HTMLInputElement)
    .filter((button) => button.type === "submit" && !button.disabled);
  inFlight.set(form, { buttons, submitter, timer: setTimeout(release, GIVE_BACK, form) });
  submitter?.setAttribute("aria-busy", "true");
  // After this turn: a button that is off already would not send its own name and value.
  setTimeout(() => {
    if (inFlight.has(form)) for (const button of buttons) button.disabled = true;
  });
}

/** @param {HTMLFormElement} form */
function release(form) {
  const held = inFlight.get(form);
  if (held === undefined) return;
  inFlight.delete(form);
  clearTimeout(held.timer);
  for (const button of held.buttons) button.disabled = false;
  held.submitter?.removeAttribute("aria-busy");
}
