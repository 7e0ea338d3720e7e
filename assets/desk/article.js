// The page of one article at the desk: its fields and its body are one text, which
// goes to the server every second or two (docs/contracts/desk-editor.md).
"use strict";
(() => {
  const named = id => document.getElementById(id);
  const state = JSON.parse(named("article-state").textContent);
  const address = `/desk/articles/${state.id}`;
  const text = state.text;
  for (const list of ["credits", "sections", "tags"]) text[list] ??= [];

  // --- words

  const plural = new Intl.PluralRules(state.words_lang);
  const T = (key, args = {}) => {
    let m = state.words[`write.js.${key}`] ?? `[${key}]`;
    if (typeof m === "object") m = m[plural.select(args.n)] ?? m.other;
    return m.replace(/\{(\w+)\}/g, (_, name) => args[name] ?? "");
  };
  const {el, ask} = window.DatelineDesk;
  const icon = d => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of Object.entries({class: "ic", viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false"})) svg.setAttribute(name, value);
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
    return svg;
  };

  // --- the text as one

  const fields = ["kicker", "headline", "short_headline", "standfirst", "slug", "seo_title", "seo_description", "social_title", "social_description", "hidden",
    "credits", "sections", "tags", "genre", "column", "series", "part", "lead", "place", "place_name", "zone", "access", "comments", "urgency", "sticky"];
  const use = l => ({id: l.id, caption: l.caption, credit: l.credit, alt: l.alt, decorative: l.decorative, focal: l.focal ?? 0});
  // Names are the server's affair: they may differ in what comes back.
  const plain = t => ({...Object.fromEntries(fields.map(f => [f, t[f]])), lead: use(t.lead),
    credits: t.credits.map(c => ({entity: c.entity, name: "", role: c.role})), sections: [...t.sections], tags: [...t.tags], body: t.body});
  const whole = t => JSON.stringify(plain(t));
  let sent = plain(text);

  // both brings a line together that was changed here since it was sent, and there.
  const both = (base, here, there) => {
    if (here === base) return there;
    if (there === base || there === here) return here;
    const ends = (a, b) => {
      let p = 0, s = 0;
      while (p < a.length && p < b.length && a[p] === b[p]) p++;
      while (s < a.length - p && s < b.length - p && a[a.length - 1 - s] === b[b.length - 1 - s]) s++;
      return [p, a.length - s, b.slice(p, b.length - s)];
    };
    const [hf, ht, h] = ends(base, here), [tf, tt, t] = ends(base, there);
    if (ht <= tf) return base.slice(0, hf) + h + base.slice(ht, tf) + t + base.slice(tt);
    if (tt <= hf) return base.slice(0, tf) + t + base.slice(tt, hf) + h + base.slice(ht);
    return `${there} ${h}`.trim();
  };
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  // take has the fields say what came from the server, and gives its body.
  const take = (from, known) => {
    const here = plain(text);
    for (const f of fields) {
      if (f === "lead") {
        for (const k of ["caption", "credit", "alt"]) text.lead[k] = both(sent.lead[k], here.lead[k], from.lead[k]);
        if (same(here.lead.id, sent.lead.id)) text.lead.id = from.lead.id;
        for (const k of ["decorative", "focal"]) if (here.lead[k] === sent.lead[k]) text.lead[k] = from.lead[k];
      } else if (typeof from[f] === "string" && typeof here[f] === "string") text[f] = both(sent[f], here[f], from[f]);
      else if (same(here[f], sent[f])) text[f] = from[f];
    }
    sent = known ?? plain(from);
    show();
    return from.body;
  };

  const trouble = named("trouble");
  const say = message => {
    trouble.textContent = message ?? "";
    trouble.hidden = !message;
  };

  const saved = named("saved");
  const states = {
    changed: () => T("changed"), saving: () => T("saving"), offline: () => T("offline"),
    saved: () => lastSaved ? T("saved_at", {time: lastSaved}) : "", refused: () => T("refused"),
  };
  let lastSaved = "", current = "saved";
  const told = (now, error) => {
    current = now;
    saved.textContent = states[now]();
    saved.className = `sm ${now === "offline" || now === "refused" ? "late" : "mut"}`;
    if (now === "saved") say("");
    if (error?.signIn) say(T("signed_out"));
    else if (now === "refused") say(error?.told ?? T("refused"));
  };

  let editor;
  // differs: whether there is something to publish. What somebody types is taken to be
  // until the server has seen it.
  const differs = yes => {
    const button = named("publish"), why = named("unchanged");
    if (!button || state.changed === yes) return;
    state.changed = yes;
    button.disabled = !yes;
    why.hidden = yes;
  };
  const changed = () => {
    differs(true);
    editor?.changed();
    check();
  };

  const save = async (packed, base, tab) => {
    const out = JSON.parse(packed), before = sent;
    sent = out;
    try {
      const answer = await ask(`${address}/save`, {version: Number(base), text: out, tab});
      lastSaved = answer.saved;
      if (answer.clash) say(T("clash"));
      differs(answer.changed);
      document.dispatchEvent(new Event("article-saved"));
      return {base: String(answer.version), stored: answer.text ? whole(filled(answer.text)) : undefined};
    } catch (e) {
      sent = before;
      throw e;
    }
  };
  const filled = t => {
    for (const list of ["credits", "sections", "tags"]) t[list] ??= [];
    return t;
  };

  // --- lines

  const grow = area => {
    if (area.tagName !== "TEXTAREA" || !area.closest(".heads")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  };
  // How high they are changes with the width, and with the letters, which may come late.
  const growAll = () => { for (const area of document.querySelectorAll(".heads textarea")) grow(area); };
  addEventListener("resize", growAll);
  void document.fonts.ready.then(growAll);
  document.fonts.addEventListener("loadingdone", growAll);
  const inputs = [...document.querySelectorAll("[data-field],[data-number],[data-choice],[data-check]")];
  const read = i => i.dataset.check ? i.checked : i.dataset.number ? Number(i.value) : i.value;
  const nameOf = i => i.dataset.field ?? i.dataset.number ?? i.dataset.choice ?? i.dataset.check;
  for (const i of inputs) {
    i.addEventListener(i.tagName === "SELECT" || i.type === "checkbox" ? "change" : "input", () => {
      text[nameOf(i)] = read(i);
      grow(i);
      changed();
    });
    // A headline is one line, however it is broken here.
    if (i.classList.contains("w-headline")) i.addEventListener("keydown", e => {
      if (e.key !== "Enter" || e.isComposing) return;
      e.preventDefault();
      named("w-standfirst").focus();
    });
    // From the standfirst one goes on to the text; it has no paragraphs of its own.
    if (i.classList.contains("w-standfirst")) i.addEventListener("keydown", e => {
      if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
      e.preventDefault();
      editor?.focus();
    });
  }
  const show = () => {
    for (const i of inputs) {
      const value = text[nameOf(i)];
      if (i.dataset.check) i.checked = value;
      else if (i.dataset.number) i.value = i.dataset.number === "urgency" && !value ? "5" : String(value);
      else if (i.dataset.choice) i.value = value || "open";
      else if (i.value !== value) {
        const at = i.selectionStart;
        i.value = value;
        if (document.activeElement === i) i.setSelectionRange(at, at);
      }
      grow(i);
    }
    named("p-section").value = String(text.sections[0] ?? 0);
    for (const t of tokens) t.show();
    lead();
    check();
  };

  // --- what is chosen from many: by-lines, sections, tags, a place

  const known = new Map(); // names by kind and id
  const remember = (kind, list) => { for (const x of list) known.set(`${kind}:${x.id}`, x.name); };
  remember("people", state.credits);
  remember("sections", state.all_sections);
  remember("sections", state.sections);
  remember("tags", state.tags);
  if (state.place.id) remember("places", [state.place]);
  const tokens = [];

  // chooser is a field in which things are chosen by their names (ARIA combobox).
  const chooser = (id, o) => {
    const box = named(id), inputID = box.dataset.input, listID = `${inputID}-list`;
    const input = el("input", {id: inputID, class: "tok-in", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": listID,
      autocomplete: "off", readonly: !state.writes});
    const list = el("ul", {id: listID, class: "tok-list", role: "listbox", hidden: true, "aria-label": T("proposals")});
    const chips = el("ul", {class: "tok-chips"});
    box.replaceChildren(chips, input, list);
    let offered = [], at = -1, asked = 0;
    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      at = -1;
    };
    const mark = to => {
      at = to;
      [...list.children].forEach((li, n) => li.setAttribute("aria-selected", String(n === at)));
      if (at >= 0) {
        input.setAttribute("aria-activedescendant", list.children[at].id);
        list.children[at].scrollIntoView({block: "nearest"});
      } else input.removeAttribute("aria-activedescendant");
    };
    const choose = async x => {
      if (x.make) {
        try {
          x = await ask(`/desk/add/${o.make}`, {name: x.make, lang: state.lang});
        } catch (e) {
          say(e.told ?? T("offline"));
          return;
        }
      }
      remember(o.kind, [x]);
      input.value = "";
      close();
      o.add(x.id);
      show();
      changed();
    };
    const offer = async () => {
      const q = input.value.trim(), mine = ++asked;
      const found = await o.find(q);
      if (mine !== asked || document.activeElement !== input) return;
      remember(o.kind, found);
      offered = found.filter(x => !o.has(x.id));
      const exact = found.some(x => x.name.toLocaleLowerCase() === q.toLocaleLowerCase());
      if (o.make && q && !exact) offered.push({make: q, name: T(`make_${o.make}`, {name: q})});
      list.replaceChildren(...offered.map((x, n) => el("li", {id: `${listID}-${n}`, role: "option", "aria-selected": "false",
        onmousedown: e => { e.preventDefault(); void choose(x); }}, x.name, x.note ? el("span", {class: "mut sm"}, ` ${x.note}`) : null)));
      list.hidden = offered.length === 0;
      input.setAttribute("aria-expanded", String(offered.length > 0));
      mark(q && offered.length ? 0 : -1);
    };
    input.addEventListener("input", () => void offer().catch(() => {}));
    input.addEventListener("focus", () => void offer().catch(() => {}));
    input.addEventListener("blur", close);
    input.addEventListener("keydown", e => {
      if (e.isComposing) return;
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        if (list.hidden) return void offer().catch(() => {});
        e.preventDefault();
        const n = offered.length;
        mark(e.key === "ArrowDown" ? (at + 1) % n : (at - 1 + n) % n);
      } else if (e.key === "Enter") {
        e.preventDefault();
        if (at >= 0 && !list.hidden) void choose(offered[at]);
      } else if (e.key === "Escape" && !list.hidden) {
        e.preventDefault();
        close();
      } else if (e.key === "Backspace" && input.value === "") {
        const ids = o.ids();
        if (ids.length) drop(ids.at(-1));
      }
    });
    const drop = which => {
      o.drop(which);
      show();
      changed();
      input.focus();
    };
    const it = {
      show: () => {
        chips.replaceChildren(...o.ids().map(which => {
          const name = known.get(`${o.kind}:${which}`) ?? `№ ${which}`;
          return el("li", {class: "tok"}, o.before?.(which), el("span", {}, name),
            state.writes ? el("button", {type: "button", class: "tok-x", "aria-label": T("remove", {name}), onclick: () => drop(which)}, icon("M6 6l8 8M14 6l-8 8")) : null);
        }));
        input.hidden = !!o.most && o.ids().length >= o.most;
      },
    };
    tokens.push(it);
  };

  const lookup = what => q => ask(`/desk/find/${what}?${new URLSearchParams({q, lang: state.lang})}`);
  const roles = state.roles;
  chooser("people", {kind: "people", make: "people", find: lookup("people"), ids: () => text.credits.map(c => c.entity),
    has: id => text.credits.some(c => c.entity === id), add: id => text.credits.push({entity: id, name: "", role: "author"}),
    drop: id => { text.credits = text.credits.filter(c => c.entity !== id); },
    before: id => {
      const c = text.credits.find(x => x.entity === id);
      const pick = el("select", {class: "tok-role", "aria-label": T("role"), disabled: !state.writes, onchange: e => { c.role = e.target.value; changed(); }},
        ...roles.map(r => el("option", {value: r.value, selected: r.value === c.role}, r.label)));
      return pick;
    }});
  chooser("also", {kind: "sections", find: async q => {
    const want = q.toLocaleLowerCase();
    return state.all_sections.filter(x => x.name.toLocaleLowerCase().includes(want)).slice(0, 12);
  }, ids: () => text.sections.slice(1), has: id => text.sections.includes(id),
  add: id => { text.sections = text.sections.length ? [...text.sections, id] : [id]; }, drop: id => { text.sections = text.sections.filter(x => x !== id); }});
  chooser("tags", {kind: "tags", make: "tags", find: lookup("tags"), ids: () => text.tags, has: id => text.tags.includes(id),
    add: id => text.tags.push(id), drop: id => { text.tags = text.tags.filter(x => x !== id); }});
  chooser("place", {kind: "places", make: "places", most: 1, find: lookup("places"), ids: () => text.place ? [text.place] : [], has: id => text.place === id,
    add: id => { text.place = id; }, drop: () => { text.place = 0; }});
  named("p-section").addEventListener("change", e => {
    const id = Number(e.target.value);
    text.sections = [...(id ? [id] : []), ...text.sections.slice(1).filter(x => x !== id)];
    show();
    changed();
  });

  // --- pictures

  const media = new Map();
  for (const m of state.media) media.set(m.id, m);
  const medium = async id => {
    id = Number(id);
    if (!media.has(id)) {
      media.set(id, await ask(`/desk/find/media?${new URLSearchParams({id, lang: state.lang})}`));
      check(); // now it is known whose it is
    }
    return media.get(id);
  };
  const pictures = window.DatelinePictures;
  const P = (key, args = {}) => (state.words[`pictures.js.${key}`] ?? key).replace(/\{(\w+)\}/g, (_, name) => args[name] ?? "");
  const here = m => {
    if (m) media.set(m.id, m);
    return m;
  };
  const send = async (file, anyway) => {
    const m = await pictures.send(file, {lang: state.lang, anyway});
    return m.id ? here(m) : here(await pictures.either({T: P, file, like: m.like, again: () => send(file, true)}));
  };
  const uploading = async file => {
    say("");
    try {
      return await send(file);
    } catch (e) {
      say(e.told ?? T("upload_failed"));
      return null;
    }
  };
  const pick = async () => here(await pictures.choose({T: P, lang: state.lang, upload: uploading}));
  // Words that are said of a picture beside a text fill what the library has none for;
  // its licence and last day are the picture's own, wherever it stands.
  const describe = async (id, said) => {
    if (!state.upload || !state.writes || !id) return;
    try {
      const m = here(await ask(`/desk/media/${id}/add`, {lang: state.lang, ...said}));
      for (const kept of document.querySelectorAll("[data-kept]")) kept.hidden = !m.taken || kept.dataset.kept !== String(id);
      check();
    } catch (e) {
      say(e.told ?? T("offline"));
    }
  };
  const setLead = m => {
    if (!m) return;
    text.lead = {id: m.id, caption: text.lead.caption || m.caption, credit: text.lead.credit || m.credit, alt: text.lead.alt || m.alt, decorative: m.decorative, focal: 0};
    show();
    changed();
    named("l-alt")?.focus();
  };
  const leadBox = named("lead");
  let leadShown = -1, focal = null; // what shows the focal point of the one that is shown
  const lead = () => {
    const id = text.lead.id;
    if (id === leadShown) {
      for (const [k, name] of [["caption", "l-caption"], ["credit", "l-credit"], ["alt", "l-alt"]]) {
        const i = named(name);
        if (i && i.value !== text.lead[k]) i.value = text.lead[k];
      }
      const d = named("l-decorative");
      if (d) d.checked = text.lead.decorative;
      focal?.show();
      return;
    }
    leadShown = id;
    focal = null;
    if (!id) {
      const hidden = el("input", {type: "file", accept: "image/*", id: "lead-file", class: "vh", onchange: async e => setLead(e.target.files[0] ? await uploading(e.target.files[0]) : null)});
      leadBox.replaceChildren(state.writes && state.upload ? el("div", {class: "drop"}, hidden,
        el("label", {for: "lead-file", class: "btn alt"}, T("lead_add")),
        el("button", {type: "button", class: "btn alt", id: "lead-library", onclick: async () => setLead(await pick())}, P("library")), el("span", {class: "mut sm"}, T("lead_drop"))) : "");
      return;
    }
    const line = (k, kind = "input") => el("div", {class: "f"}, el("label", {for: `l-${k}`}, T(`lead_${k}`)),
      el(kind, {id: `l-${k}`, class: "in", lang: state.lang, autocomplete: "off", readonly: !state.writes, rows: kind === "textarea" ? 2 : null, maxlength: 1000,
        oninput: e => { text.lead[k] = e.target.value; changed(); }, onchange: e => { if (e.target.value.trim()) void describe(id, {[k]: e.target.value}); }}));
    const own = (k, type, more) => el("div", {class: "f"}, el("label", {for: `l-${k}`}, T(`lead_${k}`)),
      el("input", {id: `l-${k}`, class: "in", type, autocomplete: "off", disabled: !state.writes || !state.upload, "aria-describedby": "l-own", maxlength: type === "text" ? 500 : null, ...more,
        onchange: () => void describe(id, {licence: named("l-licence").value, until: named("l-until").value})}));
    const img = el("img", {alt: ""});
    leadBox.replaceChildren(img, el("figcaption", {}, line("caption", "textarea"), el("div", {class: "two"}, line("credit"), line("alt")),
      el("p", {class: "hint", role: "status", hidden: true, "data-kept": id}, T("kept")),
      el("div", {class: "two"}, own("licence", "text", {list: "l-licences"}), own("until", "date")),
      el("datalist", {id: "l-licences"}, ...state.licences.map(value => el("option", {value}))),
      el("p", {class: "hint", id: "l-own"}, T("lead_own")),
      el("div", {class: "acts"}, el("div", {class: "f check1"}, el("label", {for: "l-decorative"},
        el("input", {type: "checkbox", id: "l-decorative", disabled: !state.writes, onchange: e => { text.lead.decorative = e.target.checked; changed(); }}), ` ${T("lead_decorative")}`)),
      state.writes ? el("button", {type: "button", class: "btn bare", onclick: () => {
        text.lead = {id: 0, caption: "", credit: "", alt: "", decorative: false, focal: 0};
        show();
        changed();
      }}, T("lead_remove")) : null)));
    void medium(id).then(m => {
      if (!m || text.lead.id !== id) return;
      if (m.width) { img.width = m.width; img.height = m.height; }
      img.src = m.url;
      img.alt = text.lead.alt;
      named("l-licence").value = m.licence;
      named("l-until").value = m.until;
      if (!m.width || !m.height) return;
      focal = window.DatelineFocal({T, picture: m, writes: state.writes, said: () => text.lead.focal, say: f => { text.lead.focal = f; changed(); }});
      leadBox.querySelector("figcaption").append(focal.dom);
    }).catch(() => {});
    leadShown = id;
    lead();
  };
  for (const kind of ["dragover", "drop"]) leadBox.addEventListener(kind, e => {
    if (!state.writes || !state.upload || ![...e.dataTransfer.types].includes("Files")) return;
    e.preventDefault();
    if (kind === "drop" && e.dataTransfer.files[0]) void uploading(e.dataTransfer.files[0]).then(setLead);
  });
  document.addEventListener("paste", e => {
    const file = [...(e.clipboardData?.files ?? [])].find(f => f.type.startsWith("image/"));
    if (!file || !state.writes || !state.upload || !e.target.closest?.(".heads,.w-lead")) return;
    e.preventDefault();
    void uploading(file).then(setLead);
  });

  // --- what is missing

  // untranslated is how much of a translation says still what its original says.
  const untranslated = body => !state.left ? null : state.left.blocks.filter(b => body.includes(b)).length +
    Object.entries(state.left.was).filter(([line, was]) => text[line].trim() === was.trim()).length;
  const lists = () => {
    const body = text.body ?? "";
    const figures = [...body.matchAll(/<img [^>]*>/g)].map(m => m[0]);
    const of = f => media.get(Number(/ src="ref:media\/(\d+)"/.exec(f)?.[1]));
    const used = [...figures.map(of), media.get(text.lead.id)].filter(m => m && (m.kind ?? "image") === "image");
    const has = v => v.trim() !== "", left = untranslated(body);
    const all = [
      ["headline", has(text.headline), has(text.headline) && T("check_headline", {n: [...text.headline.trim()].length})],
      ["standfirst", has(text.standfirst)],
      // A copy of the original is no text of its own yet.
      ...(left > 0 && editor?.length().words ? [] : [["body", (editor ? editor.length().words : 0) > 0]]),
      ...(left === null ? [] : [["translated", left === 0, left > 0 ? T(left < state.left.of ? "lack_translated" : "lack_translated_all", {n: left, of: state.left.of}) : undefined]]),
      ...(state.lost ? [["original", false]] : []),
      ["byline", text.credits.length > 0],
      ["section", text.sections.length > 0],
      ["picture", text.lead.id !== 0],
      ["alt", (!text.lead.id || text.lead.decorative || has(text.lead.alt)) && figures.every(f => / alt="[^"]+"/.test(f) || of(f)?.described)],
      ["credit", !text.lead.id || has(text.lead.credit)],
      ["licence", used.every(m => m.licensed)],
      ["rights", used.every(m => !m.ended)],
      ["place", text.place !== 0],
      ["tags", text.tags.length > 0],
      ...(state.terms === null ? [] : [["glossary", state.terms]]),
    ];
    return state.page ? all.filter(c => ["headline", "body", "alt", "credit", "licence", "rights", "translated", "original", "glossary"].includes(c[0])) : all;
  };
  document.addEventListener("article-show", e => {
    const line = named(e.detail); // of the head; else a block
    if (line?.matches("[data-field]")) line.focus();
    else editor.select(e.detail, 0);
  });
  document.addEventListener("article-terms", e => { state.terms = e.detail; check(); });
  let checkTimer = 0;
  const check = () => {
    clearTimeout(checkTimer);
    checkTimer = setTimeout(checkNow, 150);
  };
  const checkNow = () => {
    const all = lists(), must = state.must ?? [];
    named("checks").replaceChildren(...all.map(([name, ok, words]) => el("li", {class: ok ? "ok" : must.includes(name) ? "must" : "should"},
      el("span", {class: "m", "aria-hidden": "true"}, ok ? "✓" : must.includes(name) ? "!" : "?"),
      el("span", {}, words || T(`${ok ? "check" : "lack"}_${name}`), el("span", {class: ok || !must.includes(name) ? "vh" : "mut sm"}, ` ${T(ok ? "there" : must.includes(name) ? "missing_must" : "missing_should")}`)))));
    named("check-n").textContent = T("check_n", {ok: all.filter(c => c[1]).length, of: all.length});
    const length = editor?.length();
    if (length) named("length").textContent = `${T("words", {n: length.words})} · ${T("minutes", {n: length.minutes})}`;
  };

  // --- the body

  // What panels of this page hang on: they are scripts of their own.
  const page = window.datelineArticle = {state, editor: () => editor, ready: () => sentAll(), hooks: {}};
  text.body ??= "";
  const start = () => {
    show();
    if (!state.writes) {
      editor = new DatelineEditor(named("body"), {stored: text.body, lang: state.lang, words: state.words, wordsLang: state.words_lang, typography: state.typography, media: medium});
      for (const bar of named("body").querySelectorAll(".dl-head,.dl-foot")) bar.hidden = true;
      named("body").querySelector(".dl-doc").setAttribute("contenteditable", "false");
      checkNow();
      return;
    }
    editor = new DatelineEditor(named("body"), {
      stored: text.body, base: String(state.version), lang: state.lang, words: state.words, wordsLang: state.words_lang, typography: state.typography,
      lines: [...document.querySelectorAll(".heads [data-field]")].map(i => ({
        name: document.querySelector(`label[for="${i.id}"]`).textContent, text: () => text[i.dataset.field],
        put: words => { text[i.dataset.field] = words; show(); changed(); }, show: () => i.scrollIntoView({block: "nearest"}),
      })),
      key: `article:${state.id}`, save, debounce: 200,
      pack: body => { text.body = body; return whole(text); },
      unpack: packed => {
        const from = JSON.parse(packed);
        const body = take(from);
        text.body = body;
        return body;
      },
      onChange: body => { text.body = body; differs(true); check(); },
      onState: told,
      onRestored: at => say(T("restored", {time: at.toLocaleTimeString(state.words_lang, {hour: "2-digit", minute: "2-digit"})})),
      onSelect: p => {
        at = p;
        document.dispatchEvent(new CustomEvent("article-selected", {detail: p}));
      },
      ...(named("remarks") ? {onNote: p => page.hooks.onNote?.(p), onDecide: (id, taken) => page.hooks.onDecide?.(id, taken)} : {}),
      onDecor: id => page.hooks.onDecor?.(id),
      media: medium,
      ...(state.upload ? {licences: state.licences, describe: (id, said) => void describe(Number(id), said), pickMedia: async () => asUse(await pick()), upload: async file => asUse(await uploading(file))} : {}),
      findLinks: async q => (await ask(`/desk/find/articles?${new URLSearchParams({q, lang: state.lang})}`)).map(a => ({value: `ref:article/${a.id}`, label: a.name})),
    });
    checkNow();
    if (state.stale) editor.setDecorations(state.stale.map(block => ({kind: "stale", id: `s-${block}`, block})));
    if (state.fresh) named("w-headline").focus(); // where one begins
    void meet();
  };
  const asUse = m => m && {id: String(m.id), alt: m.alt, credit: m.credit};

  // --- who else is here

  let at = null, left = false;
  const meet = async () => {
    try {
      const now = await ask(`${address}/here`, {tab: state.tab, block: at?.block ?? "", place: at?.from ?? 0});
      if (left) return;
      named("here").replaceChildren(...now.here.map(h => el("span", {class: h.own ? "who own" : `who tone${h.tone}`, title: h.own ? T("own_tab") : h.name}, [...h.name][0] ?? "?",
        el("span", {class: "vh"}, ` ${h.own ? T("own_tab") : T("is_here", {name: h.name})}`))));
      editor.setDecorations([...editor.decorations().filter(d => d.kind !== "cursor"),
        ...now.here.filter(h => h.block).map(h => ({kind: "cursor", id: `c-${h.tab}`, block: h.block, offset: h.place, name: h.name, tone: h.tone}))]);
      if (now.version !== Number(editor.version) && current === "saved") await editor.pull();
    } catch { /* the next one may get through */ }
    if (!left) setTimeout(meet, document.hidden ? 12_000 : 3000);
  };
  addEventListener("pagehide", () => {
    left = true;
    navigator.sendBeacon(`${address}/here`, new Blob([JSON.stringify({tab: state.tab, gone: true})], {type: "application/json"}));
  });
  // A page that has said that it is gone comes back under another name.
  let again = 0;
  addEventListener("pageshow", e => {
    if (!e.persisted || !left) return;
    left = false;
    state.tab = `${state.tab.slice(0, 12)}-${++again}`;
    void meet();
  });

  // --- what is done with it

  // Everything is sent before something is done with the text, and what is done
  // names the version that was on the screen.
  const sentAll = async () => {
    if (state.writes) await editor.save();
    if (current !== "saved") throw new Error(T("not_saved"));
  };
  const ready = async form => {
    await sentAll();
    for (const v of form.querySelectorAll("input[name=version]")) v.value = state.writes ? editor.version : String(state.version);
  };
  for (const form of document.querySelectorAll("form[data-send]")) form.addEventListener("submit", async e => {
    e.preventDefault();
    try {
      await ready(form);
      form.submit();
    } catch (error) {
      say(error.message);
    }
  });
  for (const form of document.querySelectorAll("form[data-ask]")) form.addEventListener("submit", e => { if (!confirm(form.dataset.ask)) e.preventDefault(); });
  named("preview").addEventListener("click", async e => {
    if (!state.writes || current === "saved") return;
    e.preventDefault();
    const to = e.currentTarget.href, page = open("", "_blank");
    await editor.save();
    if (page) page.location = to;
  });

  const dialog = named("publishing");
  if (dialog) {
    const form = dialog.querySelector("form"), picked = name => form.elements[name]?.value;
    const follow = () => {
      named("at-f").hidden = picked("when") !== "at";
      for (const i of named("at-f").querySelectorAll("input[type=date],input[type=time]")) i.required = picked("when") === "at";
      const wall = `${picked("day")}T${picked("clock")}`;
      named("which-f").hidden = !state.twice.some(([from, to]) => from <= wall && wall < to);
      if (named("which-f").hidden) named("pub-which").value = "";
      const note = named("note-f");
      if (note) {
        const kind = picked("change");
        note.hidden = kind === "silent";
        named("pub-note").required = kind !== "silent" && kind !== "update";
        if (kind !== "silent") named("pub-note-l").textContent = T(`note_${kind}`);
      }
    };
    form.addEventListener("change", follow);
    form.addEventListener("input", follow);
    const show = () => {
      if (!state.changed) return say(named("unchanged").textContent);
      // That the original is gone is asked about by itself.
      const lack = lists().filter(c => !c[1] && (c[0] !== "original" || state.must.includes(c[0])));
      const must = lack.filter(c => state.must.includes(c[0])), should = lack.filter(c => !state.must.includes(c[0]));
      for (const [id, list, key] of [["pub-missing", must, "forbids"], ["pub-should", should, "lacks"]]) {
        named(id).hidden = list.length === 0;
        named(id).replaceChildren(T(key), el("ul", {}, ...list.map(([name, , words]) => el("li", {}, words || T(`lack_${name}`)))));
      }
      named("pub-go").disabled = must.length > 0;
      follow();
      dialog.showModal();
      if (!must.length) named("pub-go").focus();
    };
    named("publish").addEventListener("click", show);
    named("pub-no").addEventListener("click", () => dialog.close());
    addEventListener("keydown", e => {
      if ((e.ctrlKey || e.metaKey) && e.shiftKey && e.code === "KeyP" && !dialog.open) {
        e.preventDefault();
        show();
      }
    });
    form.addEventListener("submit", async e => {
      e.preventDefault();
      named("pub-go").disabled = true;
      try {
        await ready(form);
        form.submit();
      } catch (error) {
        named("pub-go").disabled = false;
        named("pub-missing").hidden = false;
        named("pub-missing").textContent = error.message;
      }
    });
  }

  addEventListener("beforeunload", e => { if (state.writes && editor && current !== "saved" && current !== "changed") e.preventDefault(); });
  start();
})();
