// What colleagues and readers have to say of a passage: a list beside the text, with
// marks in it. Without this script the list is made of forms.
"use strict";
(() => {
  const named = id => document.getElementById(id), box = named("remarks"), page = window.datelineArticle;
  if (!box || !page) return;
  const state = JSON.parse(named("remarks-state").textContent);
  const T = (key, args = {}) => (state.words[`remark.js.${key}`] ?? `[${key}]`).replace(/\{(\w+)\}/g, (_, name) => args[name] ?? "");
  const {el} = window.DatelineDesk;
  const ask = (path, body) => window.DatelineDesk.ask(path, body).catch(e => { throw e.told ? e : new Error(T("failed")); });
  const say = message => {
    named("remark-trouble").textContent = message ?? "";
    named("remark-trouble").hidden = !message;
  };

  let list = state.list, active = 0, busy = false;
  // Those on some of the same words are one heap, where the first of them is.
  const heaps = () => {
    const out = [];
    for (const r of list.filter(r => r.open)) {
      const with_ = r.block && out.find(h => h.field === r.field && h.block === r.block && r.from < h.to && h.from < r.to);
      if (!with_) out.push({field: r.field, block: r.block, from: r.from, to: r.to, all: [r]});
      else {
        with_.from = Math.min(with_.from, r.from);
        with_.to = Math.max(with_.to, r.to);
        with_.all.push(r);
      }
    }
    return out;
  };
  const open = () => heaps().flatMap(h => h.all);
  const unfolded = new Set(); // heaps that somebody has opened, by their first remarks
  const card = id => named(`remark-${id}`);

  // --- marks in the text

  // Where a mark stands already it has moved with the text; the server knows where a
  // new one is.
  const mark = () => {
    const editor = page.editor();
    if (!editor) return;
    const all = editor.decorations(), had = new Map(all.map(d => [d.id, d]));
    editor.setDecorations([...all.filter(d => !d.id.startsWith("r-")), ...open().filter(r => r.field === "" && (r.block || had.has(`r-${r.id}`))).map(r => {
      const id = `r-${r.id}`, at = had.get(id) ?? r, place = {id, block: at.block, from: at.from, to: at.to, active: r.id === active};
      return r.changes ? {...place, kind: "suggestion", insert: r.insert} : {...place, kind: "comment"};
    })]);
  };
  const choose = (id, focus) => {
    active = id;
    card(id)?.closest("details")?.setAttribute("open", "");
    for (const li of box.querySelectorAll(".remark[id]")) li.classList.toggle("on", li.id === `remark-${id}`);
    mark();
    if (focus) card(id)?.focus();
  };

  // --- the list

  const said = r => [
    el("p", {class: "remark-h"}, el("span", {class: "st ask"}, r.word), " ", el("b", {}, r.who), " ", el("time", {class: "mut sm", datetime: r.iso}, r.when),
      r.where ? el("span", {class: "tag"}, r.where) : null),
    el("p", {class: "remark-t", lang: r.lang}, r.before, ...(r.changes ? [el("del", {}, r.exact), r.insert ? el("ins", {}, r.insert) : null] : [el("mark", {}, r.exact)]), r.after),
    ...(r.notes ?? []).map(n => el("p", {class: "remark-n"}, n.text, " ", n.who ? el("span", {class: "mut sm"}, n.who) : null)),
    r.more ? el("p", {class: "mut sm"}, r.more) : null,
  ];
  const button = (r, word, key, deed, kind) => el("button", {type: "button", class: `btn ${kind}`, onclick: () => void deed(r)}, T(word), " ", el("kbd", {}, key), el("span", {class: "vh"}, `: ${r.exact}`));
  const draw = () => {
    const at = document.activeElement?.closest?.(".remark")?.id;
    const one = r => el("li", {class: r.id === active ? "remark on" : "remark", id: `remark-${r.id}`, tabindex: "0", "aria-label": `${r.word}: ${r.exact}`,
      onfocus: () => { if (active !== r.id) choose(r.id); }},
      ...said(r), r.gone ? el("p", {class: "msg warn"}, T("gone")) : null,
      el("div", {class: "acts"},
        state.writes && (r.changes || r.kind === "comment") && !(r.gone && r.changes) ? button(r, r.kind === "comment" ? "done" : "apply", "A", apply, "") : null,
        state.writes ? button(r, "refuse", "R", refuse, "alt") : null,
        r.field !== "" || r.block ? button(r, "show", "E", show, "bare") : null));
    named("remark-list").replaceChildren(...heaps().map(h => {
      const [first] = h.all;
      return h.all.length === 1 ? one(first) : el("li", {}, el("details", {class: "remark-heap", open: unfolded.has(first.id),
        ontoggle: e => { unfolded[e.target.open ? "add" : "delete"](first.id); }},
        el("summary", {}, T("together", {n: h.all.length}), " ", el("q", {lang: first.lang}, first.exact)), el("ul", {class: "remarks"}, ...h.all.map(one))));
    }));
    named("remark-none").hidden = open().length > 0;
    const done = list.filter(r => !r.open);
    named("remark-decided").hidden = done.length === 0;
    named("remark-done").replaceChildren(...done.map(r => el("li", {class: "remark"}, ...said(r), el("p", {class: "mut sm"}, r.said))));
    if (at) named(at)?.focus();
    mark();
  };
  const take = data => {
    list = data.list;
    if (!open().some(r => r.id === active)) active = open()[0]?.id ?? 0;
    draw();
  };

  // --- what is done with one

  const deed = async work => {
    if (busy) return;
    busy = true;
    say("");
    try {
      await work();
    } catch (e) {
      say(e.message);
    } finally {
      busy = false;
    }
  };
  // next is the one after a remark that is decided, so that the hands stay where they are.
  const next = r => {
    const all = open(), i = all.findIndex(x => x.id === r.id);
    return (all[i + 1] ?? all[i - 1])?.id ?? 0;
  };
  const decided = (r, path, body) => deed(async () => {
    await page.ready();
    const then = next(r), focus = box.contains(document.activeElement) || document.activeElement === document.body;
    const data = await ask(`${state.path}/${r.id}/${path}`, body ?? {});
    const now = data.list.find(x => x.id === r.id);
    if (now?.state === "stale") say(T("stale"));
    if (state.writes && data.version !== Number(page.editor().version)) await page.editor().pull();
    take(data);
    if (open().some(x => x.id === then)) choose(then, focus);
  });
  const apply = r => decided(r, "apply");
  const refuse = r => {
    const acts = card(r.id)?.querySelector(".acts");
    if (!acts || acts.querySelector("form")) return;
    const reason = el("input", {class: "in", "aria-label": T("reason"), placeholder: T("reason"), autocomplete: "off", required: r.kind === "report"});
    acts.replaceChildren(el("form", {onsubmit: e => { e.preventDefault(); void decided(r, "refuse", {reason: reason.value}); }, onkeydown: e => { if (e.key === "Escape") { draw(); choose(r.id, true); } }},
      reason, el("button", {class: "btn alt", type: "submit"}, T("refuse"))));
    reason.focus();
  };
  const show = r => {
    choose(r.id);
    if (r.field !== "") {
      const input = document.querySelector(`[data-field="${r.field}"]`) ?? document.getElementById(`l-${r.field}`);
      input?.focus();
      input?.setSelectionRange?.([...input.value].slice(0, r.from).join("").length, [...input.value].slice(0, r.to).join("").length);
      return;
    }
    const at = page.editor().decorations().find(d => d.id === `r-${r.id}`) ?? r;
    page.editor().select(at.block, at.from, at.to);
    // The editor scrolls to a selection only while it has the caret.
    (document.querySelector(`[data-decor="r-${r.id}"]`) ?? document.getElementById(at.block))?.scrollIntoView({block: "center"});
  };

  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || document.querySelector("dialog[open]")) return;
    // A letter writes into a field and chooses in a list; what is pressed it leaves alone.
    if (e.target.closest?.("input:not([type=radio],[type=checkbox],[type=button]),textarea,select,[contenteditable=true]")) return;
    const all = open(), i = all.findIndex(r => r.id === active), r = all[Math.max(i, 0)];
    const step = {j: 1, k: -1}[e.key.toLowerCase()] ?? {KeyJ: 1, KeyK: -1}[e.code];
    if (step && all.length) {
      e.preventDefault();
      choose(all[Math.min(Math.max(i + step, 0), all.length - 1)].id, true);
      return;
    }
    // By the key's place: on a Cyrillic keyboard A is ф.
    const what = {KeyA: apply, KeyR: refuse, KeyE: show}[e.code];
    if (!what || !r || what !== show && !state.writes || what === apply && !(r.kind === "comment" || r.changes && !r.gone)) return;
    e.preventDefault();
    void what(r);
  });

  // --- making one

  const form = named("remark-form");
  let passage = null;
  const begin = (p, field = "") => {
    passage = p;
    named("remark-new").open = true;
    form.elements.exact.value = form.elements.text.value = p.exact;
    form.elements.field.value = field;
    form.elements.kind.value = "comment";
    form.elements.note.value = "";
    form.elements.text.focus();
    form.elements.text.select();
  };
  if (form) {
    page.hooks.onNote = p => { if (p.exact.trim() === "") say(T("select")); else begin(p); };
    form.elements.text.addEventListener("input", () => { form.elements.kind.value = form.elements.text.value === form.elements.exact.value ? "comment" : "suggestion"; });
    form.elements.exact.addEventListener("input", () => { passage = null; });
    form.addEventListener("keydown", e => {
      if (!(e.ctrlKey || e.metaKey) || e.key !== "Enter" || e.isComposing) return;
      e.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", e => {
      e.preventDefault();
      void deed(async () => {
        await page.ready();
        const f = form.elements, known = passage?.exact === f.exact.value ? passage : {block: "", exact: f.exact.value};
        const data = await ask(state.path, {...known, field: f.field.value, version: Number(page.editor().version || page.state.version), kind: f.kind.value,
          changes: f.kind.value === "suggestion", text: f.text.value, note: f.note.value});
        form.reset();
        passage = null;
        named("remark-new").open = false;
        take(data);
        choose(data.id, true);
      });
    });
    // Of a line above the text, by the key that the text has for it.
    for (const input of document.querySelectorAll(".heads [data-field=headline],.heads [data-field=standfirst],.heads [data-field=kicker]")) input.addEventListener("keydown", e => {
      if (!(e.ctrlKey || e.metaKey) || !e.altKey || e.code !== "KeyM") return;
      e.preventDefault();
      const points = s => [...s].length, v = input.value, a = input.selectionStart, b = input.selectionEnd, name = input.dataset.field;
      if (v.slice(a, b).trim() === "") return say(T("select"));
      begin({block: name, exact: v.slice(a, b), prefix: v.slice(0, a), suffix: v.slice(b), from: points(v.slice(0, a)), to: points(v.slice(0, b))}, name);
    });
  }
  page.hooks.onDecor = id => {
    const n = Number(id.replace(/^r-/, ""));
    if (id.startsWith("r-") && open().some(r => r.id === n)) choose(n, true);
  };
  // In the text itself: the words are there already, or are not to be.
  page.hooks.onDecide = (id, taken) => {
    const r = open().find(r => `r-${r.id}` === id);
    if (r) void decided(r, taken ? "apply" : "refuse", taken ? {done: true} : {reason: ""});
  };

  const look = async () => {
    if (!document.hidden && !busy && !box.querySelector(".acts form")) try {
      const data = await ask(state.path);
      if (JSON.stringify(data.list) !== JSON.stringify(list)) take(data);
    } catch { /* the next one may get through */ }
    setTimeout(look, 12_000);
  };
  active = open()[0]?.id ?? 0;
  draw();
  // From the queue of readers' reports one is led to the passage.
  const led = open().find(r => location.hash === `#remark-${r.id}`);
  if (led) void Promise.resolve(page.ready()).then(() => show(led));
  setTimeout(look, 12_000);
})();
