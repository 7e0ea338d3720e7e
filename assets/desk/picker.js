// Pictures for other pages of the desk: sending one, choosing between one that looks
// alike and a new one, and the window in which one is chosen from the library.
"use strict";
window.DatelinePictures = (() => {
  const {el, ask} = window.DatelineDesk;

  // send sends a file; without an id in the answer it was not kept, and the answer
  // says what it looks like.
  const send = (file, {lang = "", anyway = false} = {}) =>
    ask(`/desk/media?${new URLSearchParams({name: file.name || "picture", lang, ...(anyway ? {anyway: "1"} : {})})}`, file);

  const thumb = m => el("span", {class: "thumb"}, el("img", {src: `${m.url}?w=320`, alt: "", loading: "lazy", width: m.width || null, height: m.height || null}));
  const called = (T, m) => m.caption || m.alt || T("picture", {name: m.name});

  // alike offers the pictures that a new one looks like.
  const alike = ({T, name, like, use, keep, leave}) => {
    const box = el("div", {class: "stack1"});
    const done = f => () => { box.remove(); f(); };
    box.append(el("p", {class: "msg warn"}, T("like", {name})),
      el("ul", {class: "alike"}, ...like.map(m => el("li", {}, thumb(m), el("span", {class: "sm"}, called(T, m)),
        m.ended ? el("span", {class: "tag b"}, T("ended")) : null,
        el("button", {type: "button", class: "btn alt", onclick: done(() => use(m))}, T("use"), el("span", {class: "vh"}, `: ${called(T, m)}`))))),
      el("p", {class: "acts"}, el("button", {type: "button", class: "btn alt", onclick: done(keep)}, T("keep")),
        el("button", {type: "button", class: "btn bare", onclick: done(leave)}, T("leave"))));
    return box;
  };

  // dialog shows a window until it is answered; Escape answers null.
  const dialog = (title, make) => new Promise(answer => {
    const id = "picker-h", window_ = el("dialog", {class: "dlg picker", "aria-labelledby": id});
    let result = null;
    const done = value => { result = value; window_.close(); };
    window_.append(el("h2", {id}, title), ...make(done));
    window_.addEventListener("close", () => { window_.remove(); answer(result); });
    document.body.append(window_);
    window_.showModal();
  });

  // either has somebody choose between a new picture and those that it looks like.
  const either = ({T, file, like, again}) => dialog(T("title"), done => [alike({T, name: file.name, like, use: done, leave: () => done(null), keep: () => done(again())})]);

  // choose gives a picture of the library, or one that is sent: upload(file) gives it.
  const choose = ({T, lang, upload}) => dialog(T("title"), done => {
    const find = el("input", {class: "in", type: "search", id: "picker-q", maxlength: 100, autocomplete: "off", autofocus: true});
    const file = el("input", {class: "vh", type: "file", id: "picker-file", accept: "image/*"});
    const list = el("ul", {class: "pics"}), none = el("p", {class: "mut", hidden: true, role: "status"}, T("none"));
    const more = el("button", {type: "button", class: "btn alt", hidden: true}, T("more"));
    let asked = 0, next = 0;
    const show = async from => {
      const mine = ++asked;
      const found = await ask(`/desk/media/find?${new URLSearchParams({q: find.value.trim(), lang, ...(from ? {before: from} : {})})}`).catch(() => ({list: [], more: 0}));
      if (mine !== asked) return;
      if (!from) list.replaceChildren();
      const first = list.children.length;
      list.append(...found.list.map(m => el("li", {class: "pic"}, el("button", {type: "button", onclick: () => done(m)}, thumb(m), el("span", {class: "cap", lang}, called(T, m)),
        m.credit ? el("span", {class: "mut"}, m.credit) : null))));
      none.hidden = list.children.length > 0;
      next = found.more;
      more.hidden = !next;
      if (from) list.children[first]?.querySelector("button").focus();
    };
    more.addEventListener("click", () => void show(next));
    let timer = 0;
    find.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => void show(0), 250); });
    find.addEventListener("keydown", e => { if (e.key === "Enter" && !e.isComposing) { e.preventDefault(); clearTimeout(timer); void show(0); } });
    file.addEventListener("change", () => { if (file.files[0]) done(upload(file.files[0])); });
    void show(0);
    return [el("div", {class: "picker-top"}, el("div", {class: "f"}, el("label", {for: "picker-q"}, T("find")), find),
      el("span", {class: "up"}, file, el("label", {for: "picker-file", class: "btn alt"}, T("upload")))), list, none,
    el("p", {class: "acts"}, more, el("button", {type: "button", class: "btn bare", onclick: () => done(null)}, T("cancel")))];
  });

  // cut is what a ratio leaves of a picture, as rendition.Set.CutTo has it; the focal point is given in parts of one.
  const within = (v, lo, hi) => Math.min(Math.max(v, lo), hi);
  const cut = (width, height, across, down, fx, fy) => {
    let w = width, h = Math.round(width * down / across);
    if (h > height) [w, h] = [Math.round(height * across / down), height];
    return [within(Math.round(width * fx - w / 2), 0, width - w), within(Math.round(height * fy - h / 2), 0, height - h), w, h];
  };

  return {el, send, alike, either, choose, cut, within};
})();
