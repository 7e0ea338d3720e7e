// What the text shows and does not hold: the numbers of notes, and in an empty
// caption or speaker's line what belongs there.

import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, type EditorState } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import type { Words } from "./words";

/** What a top-level block has that is decorated; from its beginning. */
interface Special { refs: { at: number; note: string }[]; blanks: { at: number; size: number; kind: string }[] }

const none: Special = { refs: [], blanks: [] };
const specials = new WeakMap<Node, Special>();

function specialOf(block: Node): Special {
	let s = specials.get(block);
	if (s) return s;
	s = none;
	const mine = () => s === none ? s = { refs: [], blanks: [] } : s!;
	const look = (n: Node, at: number) => {
		if (n.type.name === "noteref") mine().refs.push({ at, note: n.attrs["note"] });
		const kind = blank(n);
		if (kind && n.content.size === 0) mine().blanks.push({ at, size: n.nodeSize, kind });
		return true;
	};
	look(block, 0);
	block.descendants((n, at) => look(n, at + 1));
	specials.set(block, s);
	return s;
}

function blank(n: Node): string {
	switch (n.type.name) {
		case "speaker": case "caption": case "footnote": case "pull": return n.type.name;
		case "figure": return "caption";
		case "heading": return "heading";
	}
	return "";
}

/** notesOf counts the notes in the order in which the text first refers to them. */
export function notesOf(doc: Node): Map<string, number> {
	const numbers = new Map<string, number>();
	const there = new Set<string>();
	doc.forEach(k => { if (k.type.name === "footnote") there.add(k.attrs["id"]); });
	if (there.size === 0) return numbers;
	doc.forEach(k => {
		for (const r of specialOf(k).refs) if (there.has(r.note) && !numbers.has(r.note)) numbers.set(r.note, numbers.size + 1);
	});
	return numbers;
}

const key = new PluginKey<DecorationSet>("numbers");

export const numbers = (words: Words) => new Plugin<DecorationSet>({
	key,
	state: {
		init: (_, state) => make(state, words),
		apply(tr, set, before, state) {
			if (!tr.docChanged) return set;
			// Most keys change words of one paragraph that has nothing of the kind.
			if (same(before.doc, state.doc)) return set.map(tr.mapping, tr.doc);
			return make(state, words);
		},
	},
	props: { decorations: state => key.getState(state) },
});

function same(a: Node, b: Node): boolean {
	if (a.childCount !== b.childCount) return false;
	for (let i = 0; i < a.childCount; i++) {
		const x = a.child(i), y = b.child(i);
		if (x !== y && (x.type !== y.type || specialOf(x) !== none || specialOf(y) !== none)) return false;
	}
	return true;
}

function make(state: EditorState, words: Words): DecorationSet {
	const list: Decoration[] = [];
	const order = notesOf(state.doc);
	state.doc.forEach((k, pos) => {
		const s = specialOf(k);
		for (const b of s.blanks) list.push(Decoration.node(pos + b.at, pos + b.at + b.size, { class: "dl-blank", "data-blank": words.t("blank_" + b.kind) }));
		for (const r of s.refs) {
			const n = order.get(r.note);
			list.push(Decoration.node(pos + r.at, pos + r.at + 1, { "data-n": n === undefined ? "?" : words.number(n), ...(n === undefined ? { class: "dl-lost" } : {}) }));
		}
		if (k.type.name === "footnote") {
			const n = order.get(k.attrs["id"]);
			list.push(Decoration.node(pos, pos + k.nodeSize, { "data-n": n === undefined ? "–" : words.number(n), ...(n === undefined ? { class: "dl-lost" } : {}) }));
		}
	});
	return DecorationSet.create(state.doc, list);
}
