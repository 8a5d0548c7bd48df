/* Reviewing by keyboard: a letter presses the button or follows the link that says so. Who dictates,
   or has other programs that listen to letters, turns it off (WCAG 2.1.4); this browser remembers. */
"use strict";
(() => {
  const KEY = "glaneuse.letters";
  const allowed = () => {
    try { return localStorage.getItem(KEY) !== "false"; } catch { return true; } // storage refused
  };
  // The second press of a double click would judge what came in the place of what was judged.
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("form[method=post] button")) event.preventDefault();
  }, true);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !allowed()) return;
    const wanted = /^[a-z]$/.test(event.key) ? event.key : "";
    const found = wanted && document.querySelector(`[data-key="${wanted}"]`);
    if (found) {
      event.preventDefault();
      found.click();
    }
  });
  const box = document.querySelector("[data-letters]");
  if (!box) return;
  box.checked = allowed();
  box.addEventListener("change", () => {
    try { localStorage.setItem(KEY, box.checked); } catch { box.checked = true; }
  });
})();
