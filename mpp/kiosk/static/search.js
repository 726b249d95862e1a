/** Finding while typing, and letters to touch: most kiosks have no keyboard. */

import { fieldsOf } from "./retrying-navigation.js";

const TYPED = 150; // ms of rest before the server is asked
const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** @type {HTMLFormElement} */
const form = document.querySelector("[data-find]");
const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
let latest = 0;
let timer = 0;

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(find, TYPED);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  find();
});

async function find() {
  const mine = ++latest;
  const address = `${form.action}?${fieldsOf(form)}`;
  try {
    const response = await fetch(address, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(6_000) });
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine !== latest || !response.ok) return;
    document.getElementById("results").replaceChildren(...found.getElementById("results").childNodes);
    const [here, there] = [document, found].map(
      (page) => /** @type {HTMLAnchorElement} */ (page.querySelector(".kiosk-bar__language")),
    );
    here.href = there.href;
    history.replaceState(null, "", address);
  } catch {
    if (mine === latest) timer = setTimeout(find, 2_000); // the server is away: ask again
  }
}

// -- letters ------------------------------------------------------------------------------------

/** @type {HTMLElement} */
const keyboard = document.querySelector("[data-keyboard]");
const hasRoom = matchMedia("(min-width: 50rem) and (min-height: 40rem)");

function key(label, act, { wide = false } = {}) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = wide ? "keyboard__key keyboard__key--wide" : "keyboard__key";
  button.textContent = label;
  button.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the cursor
  button.addEventListener("click", () => {
    act();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return button;
}

function row(...keys) {
  const element = document.createElement("div");
  element.className = "keyboard__row";
  element.append(...keys);
  return element;
}

const write = (text) => input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");

function erase() {
  const at = input.selectionStart;
  if (at !== input.selectionEnd) input.setRangeText("", at, input.selectionEnd, "end");
  else if (at > 0) input.setRangeText("", at - 1, at, "end");
}

const words = keyboard.dataset;
const [top, home, bottom] = ROWS.map((letters) => [...letters].map((each) => key(each, () => write(each))));
const clear = key(words.clear, () => (input.value = ""), { wide: true });
keyboard.append(
  row(...top),
  row(...home, key(words.erase, erase, { wide: true })),
  row(clear, ...bottom, key(words.space, () => write(" "), { wide: true })),
);

function show() {
  keyboard.hidden = !hasRoom.matches;
  input.inputMode = hasRoom.matches ? "none" : "search"; // ours instead of the system's
}

hasRoom.addEventListener("change", show);
show();
input.focus();
input.setSelectionRange(input.value.length, input.value.length);
