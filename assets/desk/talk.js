// The queue of comments by keys: J and K go along it, A lets through, R and the number
// of a rule removes, S is spam, U takes back what was done last. Without this script
// the queue is made of forms.
"use strict";
(() => {
  const box = document.querySelector(".talk-q"), list = box?.querySelector(".talk"), said = document.getElementById("talk-said");
  if (!list) return;
  const cards = () => [...list.querySelectorAll(".q1:not(.done)")];
  let at = null, removing = false;
  const undone = []; // what can be taken back, the last one last

  const choose = (card, focus = true) => {
    at?.classList.remove("on");
    at?.querySelector("details.talk-r")?.removeAttribute("open");
    removing = false;
    at = card;
    if (!at) return;
    at.classList.add("on");
    if (focus) {
      at.focus({preventScroll: true});
      at.scrollIntoView({block: "nearest"});
    }
  };
  const step = by => {
    const all = cards(), n = all.indexOf(at);
    if (all.length) choose(all[Math.min(Math.max(n + by, 0), all.length - 1)]);
  };
  const say = (text, wrong) => {
    said.textContent = text;
    said.className = wrong ? "msg bad" : "msg good";
    said.hidden = !text;
  };
  const ask = async (address, values) => {
    const answer = await fetch(address, {method: "POST", credentials: "same-origin", cache: "no-store", headers: {Accept: "application/json"}, body: new URLSearchParams(values)});
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(data.message ?? box.dataset.failed);
    return data;
  };

  // A card goes at once, and comes back where the server says otherwise: nobody waits
  // for the network between two decisions.
  const decide = (card, values) => {
    const next = cards()[cards().indexOf(card) + 1] ?? cards()[cards().indexOf(card) - 1];
    card.classList.add("done");
    card.inert = true;
    const job = ask(card.dataset.decide, {version: card.dataset.version, ...values});
    const entry = {card, job};
    undone.push(entry);
    choose(next ?? null);
    job.then(told => say(told.message), e => {
      undone.splice(undone.indexOf(entry), 1);
      card.classList.remove("done");
      card.inert = false;
      say(e.message, true);
      choose(card);
    });
  };
  const undo = async () => {
    const entry = undone.pop();
    if (!entry) return at?.querySelector("form[action$='/undo']")?.requestSubmit();
    try {
      const back = await ask((await entry.job).undo, {});
      entry.card.dataset.version = back.version;
      for (const f of entry.card.querySelectorAll("[name=version]")) f.value = back.version;
      const pick = entry.card.querySelector("[name=pick]");
      pick.value = `${entry.card.dataset.id}:${back.version}`;
      entry.card.classList.remove("done");
      entry.card.inert = false;
      choose(entry.card);
      say(back.message);
    } catch (e) {
      say(e.message, true);
    }
  };

  list.addEventListener("focusin", e => {
    const card = e.target.closest(".q1");
    if (card && card !== at) choose(card, false);
  });
  list.addEventListener("submit", e => {
    const form = e.target, card = form.closest(".q1");
    if (!card || !form.action.endsWith("/decide")) return;
    e.preventDefault();
    decide(card, Object.fromEntries([...new FormData(form, e.submitter)].filter(([k]) => k === "deed" || k === "rule")));
  });
  addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.("input:not([type=checkbox]),select,textarea")) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(e.code)?.[1];
    const act = {
      KeyJ: () => step(1), KeyK: () => step(-1), KeyU: () => void undo(),
      KeyA: () => at && decide(at, {deed: "approve"}), KeyS: () => at && decide(at, {deed: "spam"}),
      KeyR: () => { if (at) { removing = true; at.querySelector("details.talk-r").open = true; } },
      Escape: () => { if (at) { removing = false; at.querySelector("details.talk-r").open = false; } },
    }[e.code];
    if (removing && digit && at?.querySelector(`details.talk-r [name=rule][value="${digit}"]`)) decide(at, {deed: "remove", rule: digit});
    else if (act) act();
    else return;
    e.preventDefault();
  });
  choose(cards()[0] ?? null);
})();
