/**
 * Links with data-ask open their form in a dialog, links with data-close close it; forms with data-press are sent
 * without leaving the page, once at a time, and the page's parts come back with the answer.
 *
 *   const { isBusy } = listenForPresses({ parts, dialog, offline, onDone });
 */

import { all } from "/static/js/dom.js";
import { toast } from "/static/js/toast.js";

/** @import { Parts, Undrawn } from "/static/queue/parts.js" */

/**
 * @param {{parts: Parts, dialog: HTMLDialogElement, offline: string, onBusy?: (isBusy: boolean) => unknown,
 *   onDone?: () => unknown}} page
 */
export function listenForPresses({ parts, dialog, offline, onBusy = () => {}, onDone = () => {} }) {
  let busy = false;

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !form.matches("[data-press]")) return;
      event.preventDefault();
      if (!busy) press(form, event.submitter);
    },
    { capture: true }, // before forms.js, which is for forms that leave the page
  );

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-ask], [data-close]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.matches("[data-close]")) dialog.close();
    else if (!busy) open(link.href);
  });

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement | null} submitter
   */
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

  /**
   * A form's answer that is a form again: only what is wrong is taken from it, what was typed stays.
   * @param {string} html
   */
  function complain(html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const [wrong, place] = [answer, dialog].map((each) => each.querySelector("[data-error]"));
    if (wrong && place) place.replaceChildren(...wrong.childNodes);
    else toast(offline, "error");
  }

  /** @param {Partial<Undrawn>} answer */
  function refused({ status, problem }) {
    if (status === 401) location.reload();
    else toast(problem?.detail ?? offline, "error");
  }

  /**
   * @param {boolean} isBusy
   * @param {HTMLElement | null} submitter
   */
  function hold(isBusy, submitter) {
    busy = isBusy;
    onBusy(isBusy);
    for (const button of all(document, "[data-press] button", HTMLButtonElement)) button.disabled = isBusy;
    if (isBusy) submitter?.setAttribute("aria-busy", "true");
    else submitter?.removeAttribute("aria-busy");
  }

  /** @param {string} href */
  async function open(href) {
    const answer = await parts.question(href).catch(() => null);
    if (answer?.html && !answer.parts) {
      const page = new DOMParser().parseFromString(answer.html, "text/html");
      dialog.replaceChildren(...document.importNode(page.body, true).childNodes);
      if (!dialog.open) dialog.showModal();
      all(dialog, "select, input:not([type=hidden])", HTMLElement).at(0)?.focus();
    } else if (!answer?.parts) refused(answer ?? {});
  }
}
