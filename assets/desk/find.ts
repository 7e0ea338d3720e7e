// Find and replace in the words of the text, across marks, paragraph by paragraph.

import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, TextSelection, type EditorState, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

export interface Query { text: string; exact: boolean; whole: boolean }

export interface Match { from: number; to: number }

export interface Found { query: Query; matches: readonly Match[]; current: number; set: DecorationSet }

const nothing: Found = { query: { text: "", exact: false, whole: false }, matches: [], current: -1, set: DecorationSet.empty };

export const findKey = new PluginKey<Found>("find");

export const find = (lang: string) => {
	let hits = new WeakMap<Node, readonly Match[]>(); // by textblock, for the query of now
	return new Plugin<Found>({
		key: findKey,
		state: {
			init: () => nothing,
			apply(tr, old, _, state) {
				const set = tr.getMeta(findKey) as { query?: Query; current?: number } | undefined;
				if (set?.query) {
					hits = new WeakMap();
					return set.query.text === "" ? nothing : look(tr.doc, set.query, lang, hits, nearest(state));
				}
				if (set?.current !== undefined) return shown(tr.doc, { ...old, current: set.current });
				if (!tr.docChanged || old === nothing) return old;
				return look(tr.doc, old.query, lang, hits, m => m.findIndex(x => x.from >= tr.mapping.map(old.matches[old.current]?.from ?? 0)));
			},
		},
		props: { decorations: state => findKey.getState(state)!.set },
	});
};

const nearest = (state: EditorState) => (matches: readonly Match[]) => {
	const i = matches.findIndex(m => m.from >= state.selection.from);
	return i < 0 && matches.length > 0 ? 0 : i;
};

function look(doc: Node, query: Query, lang: string, hits: WeakMap<Node, readonly Match[]>, pick: (m: readonly Match[]) => number): Found {
	const matches: Match[] = [];
	doc.descendants((n, pos) => {
		if (!n.inlineContent) return true;
		let own = hits.get(n);
		if (!own) hits.set(n, own = inBlock(n, query, lang));
		for (const m of own) matches.push({ from: pos + 1 + m.from, to: pos + 1 + m.to });
		return false;
	});
	let current = pick(matches);
	if (current < 0 && matches.length > 0) current = matches.length - 1;
	return shown(doc, { query, matches, current, set: DecorationSet.empty });
}

const most = 2000; // that are painted; all are counted

function shown(doc: Node, f: Found): Found {
	const list = f.matches.slice(0, most).map((m, i) => Decoration.inline(m.from, m.to, { class: i === f.current ? "dl-found dl-on" : "dl-found" }));
	if (f.current >= most) {
		const m = f.matches[f.current]!;
		list.push(Decoration.inline(m.from, m.to, { class: "dl-found dl-on" }));
	}
	return { ...f, set: DecorationSet.create(doc, list) };
}

// One sign of the text for one unit of its content: a break is a line feed, a note's reference nothing that can be found.
const signs = (n: Node) => n.textBetween(0, n.content.size, undefined, k => k.type.name === "break" ? "\n" : "\ufffc");

// A letter may become two when it is made small (İ): then it stays.
function small(s: string, lang: string): string {
	const all = s.toLocaleLowerCase(lang);
	if (all.length === s.length) return all;
	return [...s].map(c => { const l = c.toLocaleLowerCase(lang); return l.length === c.length ? l : c; }).join("");
}

const even = (s: string) => s.replace(/[\u00a0\n]/g, " ").replace(/\u00ad/g, "");

function inBlock(n: Node, query: Query, lang: string): Match[] {
	let text = signs(n).replace(/[\u00a0\n]/g, " "), want = even(query.text);
	if (!query.exact) {
		text = small(text, lang);
		want = small(want, lang);
	}
	const out: Match[] = [];
	const letter = (c: string | undefined) => c !== undefined && /[\p{L}\p{N}\p{M}]/u.test(c);
	for (let i = text.indexOf(want); i >= 0; i = text.indexOf(want, i + want.length)) {
		const end = i + want.length;
		if (query.whole && (letter(text[i - 1]) && letter(text[i]) || letter(text[end]) && letter(text[end - 1]))) continue;
		out.push({ from: i, to: end });
	}
	return out;
}

/** step goes to the next match, or the one before. */
export function step(state: EditorState, by: 1 | -1): Transaction | null {
	const f = findKey.getState(state)!;
	if (f.matches.length === 0) return null;
	return go(state.tr, (f.current + by + f.matches.length) % f.matches.length, f.matches);
}

/** go shows a match and puts the selection on it. */
export function go(tr: Transaction, i: number, matches: readonly Match[]): Transaction {
	const m = matches[i];
	if (!m) return tr;
	return tr.setSelection(TextSelection.create(tr.doc, m.from, m.to)).setMeta(findKey, { current: i }).scrollIntoView();
}

function put(tr: Transaction, m: Match, text: string): void {
	const from = tr.mapping.map(m.from), to = tr.mapping.map(m.to);
	const $from = tr.doc.resolve(from);
	if (text === "") tr.delete(from, to);
	else tr.replaceWith(from, to, tr.doc.type.schema.text(text, $from.marksAcross(tr.doc.resolve(to)) ?? $from.marks()));
}

/** replaced puts text in the place of the current match, or of all of them. */
export function replaced(state: EditorState, text: string, all: boolean): { tr: Transaction; n: number } | null {
	const f = findKey.getState(state)!;
	const chosen = all ? f.matches : f.matches.slice(f.current, f.current + 1);
	if (chosen.length === 0 || f.current < 0) return null;
	const tr = state.tr;
	for (const m of chosen) put(tr, m, text);
	return { tr, n: chosen.length };
}
