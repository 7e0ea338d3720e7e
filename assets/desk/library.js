// The library of pictures: files that are dropped, pasted or chosen are sent one after
// the other, and the focal point follows the mouse.
"use strict";
(() => {
  const named = id => document.getElementById(id);

  // --- sending

  const form = named("sendin");
  if (form) {
    const words = JSON.parse(named("library-words").textContent), T = (key, args = {}) => words[`pictures.js.${key}`].replace(/\{(\w+)\}/g, (_, name) => args[name] ?? "");
    const {el, alike, send} = window.DatelinePictures;
    const list = named("arriving");
    form.querySelector(".no-script").hidden = true;
    for (const s of form.querySelectorAll(".only-script")) s.hidden = false;
    let line = Promise.resolve();
    const take = files => {
      for (const file of files) {
        const said = el("span", {class: "mut"}, T("sending"));
        const item = el("li", {}, el("span", {}, el("b", {}, file.name || "picture"), " ", said));
        list.append(item);
        const tell = (word, bad) => { said.textContent = word; said.className = bad ? "no" : "mut"; };
        const here = m => {
          tell(T(m.known ? "known" : "sent"));
          item.firstChild.append(" ", el("a", {class: "link", href: m.page}, T("describe")));
        };
        const go = async anyway => {
          const m = await send(file, {anyway});
          if (m.id) return here(m);
          tell("");
          const choices = alike({T, name: file.name, like: m.like, keep: () => again(true), use: x => location.assign(x.page), leave: () => tell(T("left"))});
          item.append(choices);
        };
        const again = anyway => {
          tell(T("sending"));
          line = line.then(() => go(anyway)).catch(e => tell(e.told ?? T("failed"), true));
          return line;
        };
        void again(false);
      }
    };
    for (const input of form.querySelectorAll("input[type=file]")) input.addEventListener("change", () => {
      take([...input.files]);
      input.value = "";
    });
    const files = e => [...e.dataTransfer?.types ?? []].includes("Files");
    addEventListener("dragover", e => {
      if (!files(e)) return;
      e.preventDefault();
      form.classList.add("over");
    });
    addEventListener("dragleave", e => { if (!e.relatedTarget) form.classList.remove("over"); });
    addEventListener("drop", e => {
      form.classList.remove("over");
      if (!files(e)) return;
      e.preventDefault();
      take([...e.dataTransfer.files]);
    });
    addEventListener("paste", e => {
      const pasted = [...e.clipboardData?.files ?? []];
      if (!pasted.length) return;
      e.preventDefault();
      take(pasted);
    });
  }

  // --- the focal point

  const picture = named("focusing");
  if (picture) {
    const x = named("f-focal_x"), y = named("f-focal_y"), width = Number(picture.dataset.width), height = Number(picture.dataset.height);
    const {cut, within} = window.DatelinePictures;
    const show = () => {
      const fx = within(Number(x.value) || 0, 0, 100) / 100, fy = within(Number(y.value) || 0, 0, 100) / 100;
      for (const c of picture.querySelectorAll("circle")) {
        c.setAttribute("cx", width * fx);
        c.setAttribute("cy", height * fy);
      }
      for (const s of document.querySelectorAll(".crops svg")) s.setAttribute("viewBox", cut(width, height, Number(s.dataset.across), Number(s.dataset.down), fx, fy).join(" "));
    };
    for (const i of [x, y]) i.addEventListener("input", show);
    const set = e => {
      const p = new DOMPoint(e.clientX, e.clientY).matrixTransform(picture.getScreenCTM().inverse());
      x.value = within(Math.round(p.x / width * 1000) / 10, 0, 100);
      y.value = within(Math.round(p.y / height * 1000) / 10, 0, 100);
      show();
    };
    picture.addEventListener("pointerdown", e => {
      if (e.pointerType === "mouse" && e.button !== 0) return;
      if (e.pointerType === "mouse") {
        e.preventDefault();
        picture.setPointerCapture(e.pointerId);
        picture.addEventListener("pointermove", set);
        picture.addEventListener("pointerup", () => picture.removeEventListener("pointermove", set), {once: true});
      }
      set(e);
    });
  }
})();
