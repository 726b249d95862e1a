/** Prints the slip out of a frame: by itself where this kiosk has a printer, once a ticket. */

import { dataOf, find } from "/static/js/dom.js";

const button = find(document, "[data-print]", HTMLElement);
const DONE = `mpp-printed-${dataOf(button, "ticket")}`;

function print() {
  document.querySelector("iframe[data-slip]")?.remove();
  const frame = document.createElement("iframe");
  frame.dataset.slip = "";
  frame.className = "visually-hidden";
  frame.title = button.textContent.trim();
  frame.tabIndex = -1;
  frame.addEventListener("load", async () => {
    await frame.contentDocument?.fonts.ready;
    frame.contentWindow?.print(); // none: taken away meanwhile, for the next slip
  });
  frame.src = dataOf(button, "print");
  document.body.append(frame);
}

button.addEventListener("click", (event) => {
  event.preventDefault();
  print();
});

if ("auto" in button.dataset && !sessionStorage.getItem(DONE)) {
  sessionStorage.setItem(DONE, "1");
  print();
}
