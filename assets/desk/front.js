// The front page at the desk: what its buttons do can also be done by dragging, or with
// the arrow keys from a handle. Either ends as the form that the buttons send.
"use strict";
(() => {
  const act = document.getElementById("act"), told = document.getElementById("told");
  const slots = [...document.querySelectorAll(".slot")];
  if (!act || !slots.length) return;
  let held = null, over = null;

  const aim = slot => {
    if (slot === over) return;
    over?.classList.remove("over");
    over = slot;
    over?.classList.add("over");
    if (over) told.textContent = over.dataset.name;
  };
  const take = (thing, handle) => {
    held = thing;
    held.classList.add("held");
    document.body.classList.add("holding");
    handle.setAttribute("aria-pressed", "true");
    told.textContent = told.dataset.moving;
  };
  const leave = () => {
    if (!held) return;
    held.classList.remove("held");
    held.querySelector(".hd").setAttribute("aria-pressed", "false");
    document.body.classList.remove("holding");
    aim(null);
    held = null;
  };
  const drop = () => {
    const from = held, to = over;
    leave();
    if (!from || !to || from === to) return;
    const moves = from.classList.contains("slot"), f = act.elements;
    act.action = moves ? act.dataset.move : act.dataset.pin;
    f.place.value = moves ? from.dataset.place : to.dataset.place;
    f.to.value = to.dataset.place;
    f.article.value = from.dataset.article;
    act.submit();
  };

  for (const handle of document.querySelectorAll(".hd")) {
    const thing = handle.closest(".slot, .place");
    handle.hidden = false;
    handle.addEventListener("pointerdown", e => {
      if (e.button !== 0) return;
      e.preventDefault();
      handle.focus();
      take(thing, handle);
      handle.setPointerCapture(e.pointerId);
    });
    handle.addEventListener("pointermove", e => {
      if (held !== thing || !handle.hasPointerCapture(e.pointerId)) return;
      aim(document.elementFromPoint(e.clientX, e.clientY)?.closest(".slot") ?? null);
      if (e.clientY < 60) scrollBy(0, -16);
      else if (e.clientY > innerHeight - 60) scrollBy(0, 16);
    });
    handle.addEventListener("pointerup", drop);
    handle.addEventListener("pointercancel", leave);
    handle.addEventListener("keydown", e => {
      const key = e.key;
      if (key === "Enter" || key === " ") {
        e.preventDefault();
        if (held) drop();
        else {
          take(thing, handle);
          aim(thing.classList.contains("slot") ? thing : slots[0]);
        }
      } else if (held && key === "Escape") {
        leave();
        told.textContent = told.dataset.givenUp;
      } else if (held && (key === "ArrowDown" || key === "ArrowUp")) {
        e.preventDefault();
        const at = slots.indexOf(over) + (key === "ArrowDown" ? 1 : -1);
        aim(slots[Math.min(Math.max(at, 0), slots.length - 1)]);
      }
    });
    handle.addEventListener("blur", () => { if (held === thing) leave(); });
  }
})();
