/** The survey: says how many questions are answered. The page works without it. */

const form = document.querySelector("[data-survey]");
/** @type {HTMLElement | null} */
const shown = form?.querySelector("[data-progress]");

function draw() {
  const answered = form.querySelectorAll("fieldset input:checked").length;
  shown.querySelector("progress").value = answered;
  shown.querySelector("[data-count]").textContent = String(answered);
}

if (shown) {
  shown.hidden = false;
  form.addEventListener("change", draw);
  draw();
}
