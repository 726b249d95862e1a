/** Finding while typing, and letters to touch: most kiosks have no keyboard. */

import { dataOf, find } from "/static/js/dom.js";
import { fieldsOf } from "./retrying-navigation.js";

const TYPED = 150; // ms of rest before the server is asked
const ROWS = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

const form = find(document, "[data-find]", HTMLFormElement);
const input = find(form, "[name=q]", HTMLInputElement);
let latest = 0;
let timer = 0;

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, TYPED);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});

async function search() {
  const mine = ++latest;
  const address = `${form.action}?${fieldsOf(form)}`;
  try {
    const response = await fetch(address, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(6_000) });
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine !== latest || !response.ok) return;
    find(document, "#results", HTMLElement).replaceChildren(...find(found, "#results", HTMLElement).childNodes);
    say(find(found, "#found", HTMLElement).textContent);
    const [here, there] = [document, found].map((page) => find(page, ".kiosk-bar__language", HTMLAnchorElement));
    here.href = there.href;
    history.replaceState(null, "", address);
  } catch {
    if (mine === latest) timer = setTimeout(search, 2_000); // the server is away: ask again
  }
}

/**
 * How many were found: a screen reader hears that, not every tile after each letter.
 * @param {string} text
 */
function say(text) {
  const status = find(document, "#found", HTMLElement);
  if (status.textContent !== text) status.textContent = text;
}

// -- letters ------------------------------------------------------------------------------------

const keyboard = find(document, "[data-keyboard]", HTMLElement);
const hasRoom = matchMedia("(min-width: 50rem) and (min-height: 40rem)");

/**
 * @param {string} label
 * @param {() => unknown} act
 */
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

/** @param {HTMLElement[]} keys */
function row(...keys) {
  const element = document.createElement("div");
  element.className = "keyboard__row";
  element.append(...keys);
  return element;
}

/** Where the cursor stands, or what is marked. */
const marked = () => ({ from: input.selectionStart ?? 0, to: input.selectionEnd ?? 0 });

/** @param {string} text */
function write(text) {
  const { from, to } = marked();
  input.setRangeText(text, from, to, "end");
}

function erase() {
  const { from, to } = marked();
  if (from !== to) input.setRangeText("", from, to, "end");
  else if (from > 0) input.setRangeText("", from - 1, from, "end");
}

const [digits, top, home, bottom] = ROWS.map((letters) => [...letters].map((each) => key(each, () => write(each))));
const clear = key(dataOf(keyboard, "clear"), () => (input.value = ""), { wide: true });
keyboard.append(
  row(...digits),
  row(...top),
  row(...home, key(dataOf(keyboard, "erase"), erase, { wide: true })),
  row(clear, ...bottom, key(dataOf(keyboard, "space"), () => write(" "), { wide: true })),
);

function show() {
  keyboard.hidden = !hasRoom.matches;
  input.inputMode = hasRoom.matches ? "none" : "search"; // ours instead of the system's
}

hasRoom.addEventListener("change", show);
show();
input.focus();
input.setSelectionRange(input.value.length, input.value.length);
