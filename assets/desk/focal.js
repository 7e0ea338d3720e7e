// Which part of the picture above an article every cut of it keeps there: the article's
// own point, or that of the picture.
"use strict";
window.DatelineFocal = ({T, picture, writes, said, say}) => {
  const {el, cut, within} = window.DatelinePictures, {width, height} = picture;
  // As rendition.Focal has it.
  const each = 1001, pack = (x, y) => 1 + x * each + y, unpack = f => [Math.floor((f - 1) / each), (f - 1) % each];
  const own = [picture.focal_x, picture.focal_y];
  const svg = (name, attributes, ...inside) => {
    const out = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [k, v] of Object.entries(attributes)) out.setAttribute(k, v);
    out.append(...inside);
    return out;
  };
  const image = () => svg("image", {href: `${picture.url}?w=640`, x: 0, y: 0, width, height});
  const r = Math.max(Math.min(width, height) / 24, 4);
  const marks = ["out", "in1"].map(c => svg("circle", {class: c, r}));
  const whole = svg("svg", {class: "focusing", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": T("focal_whole")}, image(), ...marks);
  const ratios = [["1 : 1", 100, 100], ["4 : 3", 400, 300], ["16 : 9", 1600, 900], ["1.91 : 1", 191, 100]];
  const cuts = ratios.map(([name, across, down]) => ({across, down, dom: svg("svg", {role: "img", "aria-label": T("focal_cut", {ratio: name})}, image()), name}));
  const field = (id, word) => {
    const input = el("input", {class: "in", id, type: "number", min: 0, max: 100, step: "any", disabled: !writes, "aria-describedby": "l-focal-hint"});
    return [input, el("div", {class: "f"}, el("label", {for: id}, T(word)), input)];
  };
  const [x, xf] = field("l-focal-x", "focal_x"), [y, yf] = field("l-focal-y", "focal_y");
  const back = el("button", {type: "button", class: "btn alt", onclick: () => { say(0); show(); }}, T("focal_own"));
  const draw = (px, py) => {
    for (const m of marks) { m.setAttribute("cx", width * px / 1000); m.setAttribute("cy", height * py / 1000); }
    for (const c of cuts) c.dom.setAttribute("viewBox", cut(width, height, c.across, c.down, px / 1000, py / 1000).join(" "));
  };
  const show = () => {
    const f = said(), [px, py] = f ? unpack(f) : own;
    if (document.activeElement !== x) x.value = px / 10;
    if (document.activeElement !== y) y.value = py / 10;
    back.hidden = !f || !writes;
    draw(px, py);
  };
  const set = (px, py) => { say(pack(within(Math.round(px), 0, 1000), within(Math.round(py), 0, 1000))); show(); };
  for (const i of [x, y]) i.addEventListener("input", () => { if (i.value !== "" && i.checkValidity()) set(Number(x.value) * 10, Number(y.value) * 10); });
  if (writes) whole.addEventListener("pointerdown", e => {
    if (e.pointerType === "mouse" && e.button !== 0) return;
    const p = new DOMPoint(e.clientX, e.clientY).matrixTransform(whole.getScreenCTM().inverse());
    set(p.x / width * 1000, p.y / height * 1000);
  });
  show();
  return {show, dom: el("details", {class: "focal"}, el("summary", {}, T("focal")), el("p", {class: "hint", id: "l-focal-hint"}, T("focal_hint")),
    el("div", {class: "look"}, whole), el("div", {class: "two"}, xf, yf),
    el("ul", {class: "crops"}, ...cuts.map(c => el("li", {}, c.dom, el("span", {class: "mut sm", "aria-hidden": "true"}, c.name)))), back)};
};
