/** The slip as a page of its own prints when asked. */

document.getElementById("print").addEventListener("click", () => window.print());
