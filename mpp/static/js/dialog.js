/** <button data-dialog="x"> opens <dialog id="x">; <form method="dialog"> in it, Escape or its ground closes it. */

document.addEventListener("click", (event) => {
  const pressed = /** @type {Element} */ (event.target);
  const opener = /** @type {HTMLElement | null} */ (pressed.closest?.("[data-dialog]"));
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
  if (event.target instanceof HTMLDialogElement && isOutside(event.target, event)) event.target.close();
});

function isOutside(opened, { clientX, clientY }) {
  const box = opened.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
