/**
 * Links with data-ask open their form in a dialog, links with data-close close it; forms with data-press are sent
 * without leaving the page, once at a time, and the page's parts come back with the answer.
 *
 *   const { isBusy } = listenForPresses({ parts, dialog, offline, onDone });
 */

import { toast } from "/static/js/toast.js";

/**
 * @param {{parts: any, dialog: any, offline: string, onBusy?: (isBusy: boolean) => unknown,
 *   onDone?: () => unknown}} page
 */
export function listenForPresses({ parts, dialog, offline, onBusy = () => {}, onDone = () => {} }) {
  let busy = false;

  document.addEventListener(
    "submit",
    (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      if (!form.matches("[data-press]")) return;
      event.preventDefault();
      if (!busy) press(form, event.submitter);
    },
    { capture: true }, // before forms.js, which is for forms that leave the page
  );

  document.addEventListener("click", (event) => {
    const pressed = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLAnchorElement | null} */ (pressed.closest?.("[data-ask], [data-close]"));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.matches("[data-close]")) dialog.close();
    else if (!busy) open(link.href);
  });

  async function press(form, submitter) {
    const sending = parts.send(form, submitter); // first: a button that is off would not send its value
    hold(true, submitter);
    try {
      const answer = await sending;
      if (answer.parts) dialog.close();
      else if (answer.html) complain(answer.html);
      else refused(answer);
      onDone();
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
    else toast(offline, "error");
  }

  function refused({ status, problem }) {
    if (status === 401) location.reload();
    else toast(problem?.detail ?? offline, "error");
  }

  function hold(isBusy, submitter) {
    busy = isBusy;
    onBusy(isBusy);
    const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-press] button"));
    for (const button of buttons) button.disabled = isBusy;
    if (isBusy) submitter?.setAttribute("aria-busy", "true");
    else submitter?.removeAttribute("aria-busy");
  }

  async function open(href) {
    const answer = await parts.question(href).catch(() => null);
    if (answer?.html && !answer.parts) {
      const page = new DOMParser().parseFromString(answer.html, "text/html");
      dialog.replaceChildren(...document.importNode(page.body, true).childNodes);
      if (!dialog.open) dialog.showModal();
      dialog.querySelector("select, input:not([type=hidden])")?.focus();
    } else if (!answer?.parts) refused(answer ?? {});
  }
}
