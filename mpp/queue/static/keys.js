/**
 * Keyboard shortcuts: a button or link that says aria-keyshortcuts="F2" (or "Alt+A") is pressed by that key while
 * it can be seen. In a dialog only what is in the dialog counts. A key that is held down presses once.
 */

// Relative, because a browser and the tests' Node both find it so.
import { all } from "../../static/js/dom.js";

const LETTER = /^(?:Key|Digit)(.)$/;

/**
 * What is pressed, as aria-keyshortcuts says it: "F2", "Alt+A"; null with other modifiers.
 * @param {Pick<KeyboardEvent, "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">} event
 */
export function combination({ key, code, altKey, ctrlKey, metaKey, shiftKey }) {
  if (ctrlKey || metaKey || shiftKey) return null;
  const name = altKey ? (LETTER.exec(code)?.[1] ?? key) : key; // with Alt, some keyboards type another letter
  return altKey ? `Alt+${name.toUpperCase()}` : name;
}

export function listenForShortcuts() {
  document.addEventListener("keydown", (event) => {
    const pressed = combination(event);
    const target = pressed && findShortcut(pressed);
    if (!target) return;
    event.preventDefault();
    if (!event.repeat) target.click();
  });
}

/** @param {string} pressed */
function findShortcut(pressed) {
  const scope = document.querySelector("dialog[open]") ?? document;
  const found = all(scope, `[aria-keyshortcuts="${CSS.escape(pressed)}"]`, HTMLElement);
  return found.find((element) => !("disabled" in element && element.disabled) && element.checkVisibility());
}
