// What readers are told of an article: words that are selected in its text are the passage
// that a correction is about, while its form is open.
"use strict";
(() => {
  const fields = [...document.querySelectorAll("[data-passage]")];
  const place = field => field.form.elements.place;
  for (const field of fields) field.addEventListener("input", () => { place(field).value = ""; });
  // The form that was opened last is the one that somebody is at.
  const open = [];
  for (const field of fields) field.closest("details").addEventListener("toggle", e => {
    const i = open.indexOf(field);
    if (i >= 0) open.splice(i, 1);
    if (e.target.open) open.push(field);
  });
  document.addEventListener("article-selected", e => {
    const field = open.at(-1), p = e.detail;
    if (!field || !p || p.exact.trim() === "") return;
    field.value = p.exact;
    place(field).value = JSON.stringify(p);
  });
})();
