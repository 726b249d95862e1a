/** The survey: says how many questions are answered. The page works without it. */

import { find } from "/static/js/dom.js";

const form = document.querySelector("[data-survey]");
const shown = form?.querySelector("[data-progress]");

if (form && shown instanceof HTMLElement) {
  const draw = () => {
    const answered = form.querySelectorAll("fieldset input:checked").length;
    find(shown, "progress", HTMLProgressElement).value = answered;
    find(shown, "[data-count]", HTMLElement).textContent = String(answered);
  };
  shown.hidden = false;
  form.addEventListener("change", draw);
  draw();
}
