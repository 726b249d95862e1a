/** A short note at the foot of the page, read out by screen readers: toast("Tiket dialihkan", "success"). */

const STAYS = 6_000; // ms

export function toast(text, kind = "info") {
  const note = document.createElement("p");
  note.className = `toast toast--${kind}`;
  note.textContent = text;
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), STAYS);
}
