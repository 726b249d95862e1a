/**
 * A form is sent once: while it is on its way its buttons are off and the pressed one shows that it
 * works. Coming back to the page, by the back button too, puts everything right.
 * Forms that stay on the page (method=dialog, another target, data-stays) are left alone.
 */

const GIVE_BACK = 15_000; // ms; nobody is locked out by an answer that never comes
const inFlight = new Map(); // form -> what to put right

document.addEventListener("submit", stopSecond, { capture: true });
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const staysHere = form.method === "dialog" || form.target || "stays" in form.dataset;
  if (staysHere || event.defaultPrevented) return;
  hold(form, event.submitter);
});

window.addEventListener("pageshow", () => [...inFlight.keys()].forEach(release));

function stopSecond(event) {
  if (!inFlight.has(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function hold(form, submitter) {
  const buttons = [...form.elements].filter((element) => element.type === "submit" && !element.disabled);
  inFlight.set(form, { buttons, submitter, timer: setTimeout(release, GIVE_BACK, form) });
  submitter?.setAttribute("aria-busy", "true");
  // After this turn: a button that is off already would not send its own name and value.
  setTimeout(() => {
    if (inFlight.has(form)) for (const button of buttons) button.disabled = true;
  });
}

function release(form) {
  const held = inFlight.get(form);
  if (held === undefined) return;
  inFlight.delete(form);
  clearTimeout(held.timer);
  for (const button of held.buttons) button.disabled = false;
  held.submitter?.removeAttribute("aria-busy");
}
