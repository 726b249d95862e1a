/** A short note at the foot of the page, read out by screen readers: toast("Tiket dialihkan", "success"). */

import { find } from "./dom.js";

const STAYS = 6_000; // ms

/**
 * @param {string} text
 * @param {string} kind
 */
export function toast(text, kind = "info") {
  const note = document.createElement("p");
  note.className = `toast toast--${kind}`;
  note.textContent = text;
  find(document, "#toasts", HTMLElement).append(note);
  setTimeout(() => note.remove(), STAYS);
}
