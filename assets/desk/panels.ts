// The panels that are more than a form: find and replace, the typographer's
// offers, the keys.

import type { EditorView } from "prosemirror-view";
import { el, keyName, unique } from "./dom";
import * as finding from "./find";
import type { Panel } from "./panel";
import * as typo from "./typographer";
import type { Words } from "./words";

/** A Live panel follows the text while it is open. */
export interface LivePanel { update(): void }

/** findPanel looks for words and puts others in their place. */
export function findPanel(panel: Panel, view: EditorView, words: Words, say: (text: string) => void): LivePanel {
	const id = unique("find"), with_ = unique("with");
	const sel = view.state.selection;
	const chosen = sel.empty ? "" : view.state.doc.textBetween(sel.from, sel.to, " ");
	const before = finding.findKey.getState(view.state)!.query;
	const query = { ...before, text: chosen !== "" && chosen.length < 100 ? chosen : before.text };
	const count = el("p", { class: "dl-count", role: "status" });
	const text = el("input", { id, type: "text", autocomplete: "off", spellcheck: "false" });
	const other = el("input", { id: with_, type: "text", autocomplete: "off", spellcheck: "false" });
	text.value = query.text;

	const ask = () => view.dispatch(view.state.tr.setMeta(finding.findKey, { query: { ...query } }));
	const go = (by: 1 | -1) => {
		const tr = finding.step(view.state, by);
		if (tr) view.dispatch(tr);
		say(count.textContent ?? "");
	};
	const replace = (all: boolean) => {
		const done = finding.replaced(view.state, other.value, all);
		if (!done) return;
		view.dispatch(done.tr);
		if (all) say(words.t("replaced", { n: done.n }));
		else {
			const f = finding.findKey.getState(view.state)!;
			view.dispatch(finding.go(view.state.tr, f.current, f.matches));
		}
	};
	const button = (word: string, run: () => void, more = "") => el("button", { type: "button", class: "dl-btn dl-alt" + more, onclick: run }, words.t(word));
	const toggle = (word: string, name: "exact" | "whole") => {
		const b = el("button", { type: "button", class: "dl-btn dl-alt dl-toggle", "aria-pressed": String(query[name]), onclick: () => {
			query[name] = !query[name];
			b.setAttribute("aria-pressed", String(query[name]));
			ask();
		} }, words.t(word));
		return b;
	};
	text.addEventListener("input", () => { query.text = text.value; ask(); });
	text.addEventListener("keydown", e => {
		if (e.isComposing) return;
		if (e.key === "Enter") { e.preventDefault(); go(e.shiftKey ? -1 : 1); }
	});
	other.addEventListener("keydown", e => {
		if (e.isComposing || e.key !== "Enter") return;
		e.preventDefault();
		replace(e.ctrlKey || e.metaKey);
	});
	panel.show("find",
		el("div", { class: "dl-form dl-find", role: "group", "aria-label": words.t("find") },
			el("div", { class: "dl-field" }, el("label", { for: id }, words.t("find_what")), text),
			el("div", { class: "dl-field" }, el("label", { for: with_ }, words.t("find_with")), other),
			count,
			el("div", { class: "dl-acts" },
				button("find_previous", () => go(-1)), button("find_next", () => go(1)),
				button("replace_one", () => replace(false)), button("replace_all", () => replace(true)),
				toggle("find_exact", "exact"), toggle("find_whole", "whole"),
				button("close", () => panel.close(), " dl-bare"))));
	panel.closing(() => view.dispatch(view.state.tr.setMeta(finding.findKey, { query: { ...query, text: "" } })));
	ask();
	return {
		update() {
			const f = finding.findKey.getState(view.state)!;
			const said = f.query.text === "" ? "" : f.matches.length === 0 ? words.t("found_none") : words.t("found", { at: f.current + 1, n: f.matches.length });
			if (count.textContent !== said) count.textContent = said;
		},
	};
}

const show = (s: string) => s.replace(/\u00a0/g, "°").replace(/^ | $/g, "·");

/** typographyPanel goes through the typographer's offers, those for the lines above the text first: one key takes or leaves each. */
export function typographyPanel(panel: Panel, view: EditorView, words: Words, say: (text: string) => void, lines: typo.LineOffers): LivePanel {
	type Item = { offer: typo.Offer; line?: typo.Line };
	const all = (): Item[] => [...lines.all(), ...typo.offersOf(view.state).map(offer => ({ offer }))];
	// From the caret on, or from the first line where that is not in the text.
	const above = lines.all().length, next = typo.offersOf(view.state).findIndex(o => o.from >= view.state.selection.from);
	let at = view.hasFocus() && view.state.selection.from > 1 && next >= 0 ? above + next : 0;
	const count = el("p", { class: "dl-count" });
	const what = el("p", { class: "dl-offer" });
	const now = () => all()[at];
	const go = (i: number) => {
		const list = all();
		at = list.length === 0 ? 0 : (i + list.length) % list.length;
		const o = now(), n = list.filter(x => x.line).length;
		view.dispatch(typo.show(view.state, o && !o.line ? at - n : -1));
		if (o?.line) o.line.show();
		else if (o) {
			// Brought into sight, the caret stays in the panel.
			const dom = view.domAtPos(o.offer.from).node;
			(dom instanceof Element ? dom : dom.parentElement)?.scrollIntoView({ block: "nearest" });
		}
		live.update();
		say(o ? `${what.textContent} ${count.textContent}` : words.t("typo_none"));
	};
	const decide = (take: boolean, alike: boolean) => {
		const o = now();
		if (!o) return;
		const chosen = alike ? all().filter(x => x.offer.kind === o.offer.kind) : [o];
		const inLines = chosen.flatMap(x => x.line ? [{ line: x.line, offer: x.offer }] : []), inText = chosen.filter(x => !x.line).map(x => x.offer);
		lines[take ? "take" : "leave"](inLines);
		if (inText.length > 0) view.dispatch((take ? typo.taken : typo.leave)(view.state, inText));
		go(Math.min(at, Math.max(0, all().length - 1)));
	};
	const button = (word: string, key: string, run: () => void, name: string, first = false) =>
		el("button", { type: "button", class: name, onclick: run, "aria-keyshortcuts": key || undefined, "data-first": first || undefined }, words.t(word), key ? el("kbd", { "aria-hidden": "true" }, keyName(key)) : null);
	const alike = button("typo_take_alike", "Shift-A", () => decide(true, true), "dl-btn dl-alt");
	const box = el("div", { class: "dl-form dl-typography", role: "group", "aria-label": words.t("typography"), onkeydown: e => {
		const k = e as KeyboardEvent;
		if (k.ctrlKey || k.metaKey || k.altKey || k.isComposing) return;
		// By the place on the keyboard: whoever writes Russian need not change it.
		const deed: Record<string, () => void> = { KeyA: () => decide(true, k.shiftKey), KeyR: () => decide(false, k.shiftKey), ArrowRight: () => go(at + 1), ArrowDown: () => go(at + 1), ArrowLeft: () => go(at - 1), ArrowUp: () => go(at - 1) };
		const run = deed[k.code];
		if (!run) return;
		k.preventDefault();
		run();
	} },
		what, count,
		el("div", { class: "dl-acts" },
			button("take", "A", () => decide(true, false), "dl-btn", true), button("refuse", "R", () => decide(false, false), "dl-btn dl-alt"), alike,
			button("find_next", "", () => go(at + 1), "dl-btn dl-alt"), button("close", "", () => panel.close(), "dl-btn dl-bare")));
	const live: LivePanel = {
		update() {
			const o = now();
			what.replaceChildren();
			count.textContent = o ? words.t("typo_at", { at: at + 1, n: all().length }) : words.t("typo_none");
			for (const b of box.querySelectorAll("button:not(.dl-bare)")) b.toggleAttribute("disabled", !o);
			if (!o) {
				if (document.activeElement === document.body || box.contains(document.activeElement)) box.querySelector<HTMLElement>(".dl-bare")?.focus();
				return;
			}
			const { from, to, was, text, kind } = o.offer;
			let cut = (a: number, b: number) => o.line!.text().slice(Math.max(0, a), b);
			if (!o.line) {
				const $at = view.state.doc.resolve(from), start = $at.start();
				cut = (a, b) => view.state.doc.textBetween(Math.max(start, a), Math.min($at.end(), b), undefined, " ");
			}
			what.append((o.line ? `${o.line.name} · ` : "") + words.t("typo_" + kind) + " ", el("span", { class: "dl-around" }, cut(from - 14, from), el("del", {}, show(was)), el("ins", {}, show(text)), cut(to, to + 14)));
		},
	};
	panel.show("typography", box);
	panel.closing(() => view.dispatch(typo.show(view.state, -1)));
	go(at);
	return live;
}

/** helpPanel lists what there is and its keys. */
export function helpPanel(panel: Panel, words: Words, groups: readonly { word: string; rows: readonly { name: string; keys: readonly string[] }[] }[]): void {
	panel.show("help",
		el("div", { class: "dl-help", tabindex: "0", role: "group", "aria-label": words.t("help"), "data-first": true },
			...groups.map(g => el("div", {},
				el("h2", {}, words.t(g.word)),
				el("dl", {}, ...g.rows.flatMap(r => [el("dt", {}, words.t(r.name)), el("dd", {}, ...r.keys.flatMap((k, i) => i > 0 ? [" ", el("kbd", {}, keyName(k))] : [el("kbd", {}, keyName(k))]))]))))),
		el("div", { class: "dl-acts" }, el("button", { type: "button", class: "dl-btn dl-alt", onclick: () => panel.close() }, words.t("close"))));
}
