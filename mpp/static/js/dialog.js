/** <button data-dialog="x"> opens <dialog id="x">; <form method="dialog"> in it, Escape or its ground closes it. */

document.addEventListener("click", (event) => {
  const opener = event.target instanceof Element ? event.target.closest("[data-dialog]") : null;
  const dialog = opener && document.getElementById(opener.getAttribute("data-dialog") ?? "");
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
  if (event.target instanceof HTMLDialogElement && isOutside(event.target, event)) event.target.close();
});

/**
 * @param {HTMLDialogElement} opened
 * @param {MouseEvent} click
 */
function isOutside(opened, { clientX, clientY }) {
  const box = opened.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
