/** <button data-dialog="x"> opens <dialog id="x">; <form method="dialog"> in it, Escape or its ground closes it. */

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  if (event.target instanceof HTMLDialogElement && isOutside(event.target, event)) event.target.close();
});

function isOutside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
