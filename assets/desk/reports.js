// The queue of readers' reports by keys. Without this script it is links and forms.
"use strict";
(() => {
  const one = document.querySelector(".rq-one");
  if (!one) return;
  document.querySelector('.rq-list [aria-current="true"]')?.scrollIntoView({block: "nearest"});
  // Whoever has it before their eyes has looked at it: the reader may know.
  const {seen} = one.dataset;
  if (seen) setTimeout(() => {
    if (!document.hidden) fetch(seen, {method: "POST", credentials: "same-origin", keepalive: true}).catch(() => { /* the next one notes it */ });
  }, 800);
  let busy = false;
  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || e.defaultPrevented || e.repeat || document.querySelector("dialog[open]")) return;
    if (e.target.closest?.("input,textarea,select,[contenteditable=true]")) return;
    // By the key's place: on a Cyrillic keyboard A is ф. Digits count where reasons are open.
    const code = e.code.replace("Numpad", "Digit"), to = [...document.querySelectorAll(`[data-key="${CSS.escape(code)}"]`)].find(x => x.checkVisibility());
    if (!to || busy) return;
    e.preventDefault();
    if (to.tagName === "SUMMARY") {
      const box = to.parentElement;
      box.open = !box.open;
      (box.open ? box.querySelector("button") : to).focus();
      return;
    }
    busy = to.tagName === "BUTTON" || to.tagName === "A";
    to.click();
  });
  // A page that is come back to takes keys again.
  addEventListener("pageshow", () => { busy = false; });
})();
