/* Dragging readings: a comfort beside the buttons. What is dropped is sent as their form is. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("[data-shelf-list]");
  if (!list) return;
  let held = null;
  const unmark = () => {
    for (const marked of list.querySelectorAll(".drop-before, .drop-end")) marked.classList.remove("drop-before", "drop-end");
  };
  const target = (event) => {
    const section = event.target.closest(".shelf-section");
    const rows = section && section.querySelector("[data-section]");
    if (!rows) return null;
    const over = event.target.closest("[data-item]");
    const below = over && event.clientY > over.getBoundingClientRect().top + over.offsetHeight / 2;
    return { rows, before: over ? (below ? over.nextElementSibling : over) : null };
  };
  for (const row of list.querySelectorAll("[data-item]")) row.draggable = true;
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest && event.target.closest("[data-item]");
    if (!held) return;
    held.classList.add("dragging");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.item);
  });
  list.addEventListener("dragend", () => {
    if (held) held.classList.remove("dragging");
    held = null;
    unmark();
  });
  list.addEventListener("dragover", (event) => {
    const found = held && target(event);
    if (!found) return;
    event.preventDefault();
    unmark();
    (found.before || found.rows).classList.add(found.before ? "drop-before" : "drop-end");
  });
  list.addEventListener("drop", (event) => {
    const found = held && target(event);
    if (!found) return;
    event.preventDefault();
    const before = found.before === held ? held.nextElementSibling : found.before;
    const sent = document.createElement("input");
    sent.type = "hidden";
    sent.name = "geste";
    sent.value = `placer:${held.dataset.item}:${found.rows.dataset.section}:${before ? before.dataset.item : ""}`;
    const form = list.closest("form");
    form.append(sent);
    form.submit();
  });
});
