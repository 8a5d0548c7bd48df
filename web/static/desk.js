/* Reviewing by keyboard: a letter presses the button or follows the link that says so. */
"use strict";
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const wanted = /^[a-z]$/.test(event.key) ? event.key : "";
  const found = wanted && document.querySelector(`[data-key="${wanted}"]`);
  if (found) {
    event.preventDefault();
    found.click();
  }
});
