// What others see and say in the text: colleagues' carets, passages that a
// comment or a suggestion speaks of, paragraphs that are behind. The page sets
// them by block and offset; they move with the text.

import { Plugin, PluginKey, type EditorState, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { placeOf, posOf, type Place } from "./places";

export type Decor =
	| { kind: "cursor"; id: string; block: string; offset: number; name: string; tone?: number }
	| { kind: "comment"; id: string; block: string; from: number; to: number; active?: boolean }
	| { kind: "suggestion"; id: string; block: string; from: number; to: number; insert: string; active?: boolean }
	| { kind: "stale"; id: string; block: string };

/** A Decor where it is now. */
interface Live { decor: Decor; from: number; to: number }

interface State { live: readonly Live[]; set: DecorationSet }

export const decorKey = new PluginKey<State>("decor");

export const decor = () => new Plugin<State>({
	key: decorKey,
	state: {
		init: () => ({ live: [], set: DecorationSet.empty }),
		apply(tr, old) {
			const list = tr.getMeta(decorKey) as readonly Decor[] | undefined;
			if (list) return draw(tr, list.flatMap(d => placed(tr, d)));
			if (!tr.docChanged || old.live.length === 0) return old;
			const live = old.live.flatMap(l => moved(tr, l));
			// The set itself moves with the text; it is drawn anew where something is gone.
			return live.length === old.live.length ? { live, set: old.set.map(tr.mapping, tr.doc) } : draw(tr, live);
		},
	},
	props: { decorations: state => decorKey.getState(state)!.set },
});

function placed(tr: Transaction, d: Decor): Live[] {
	const at = (offset: number) => posOf(tr.doc, { block: d.block, offset });
	const from = d.kind === "cursor" ? at(d.offset) : d.kind === "stale" ? at(0) : at(d.from);
	const to = d.kind === "comment" || d.kind === "suggestion" ? at(d.to) : from;
	return from === null || to === null ? [] : [{ decor: d, from, to: Math.max(from, to) }];
}

function moved(tr: Transaction, l: Live): Live[] {
	const from = tr.mapping.mapResult(l.from, 1), to = tr.mapping.mapResult(l.to, -1);
	// A passage of which nothing is left is spoken of no more; the page still knows it.
	if (l.from < l.to && to.pos <= from.pos) return [];
	if (l.decor.kind === "stale" && from.deleted) return [];
	return [{ decor: l.decor, from: from.pos, to: Math.max(from.pos, to.pos) }];
}

function draw(tr: { doc: Transaction["doc"] }, live: Live[]): State {
	const list: Decoration[] = [];
	for (const { decor: d, from, to } of live) {
		switch (d.kind) {
			case "cursor":
				list.push(Decoration.widget(from, () => caret(d.name, d.tone ?? 0), { side: 10, key: `cursor ${d.id} ${d.name} ${d.tone}`, ignoreSelection: true }));
				break;
			case "comment":
				list.push(Decoration.inline(from, to, { class: "dl-comment" + (d.active ? " dl-on" : ""), "data-decor": d.id }));
				break;
			case "suggestion":
				if (from < to) list.push(Decoration.inline(from, to, { nodeName: "del", class: "dl-del" + (d.active ? " dl-on" : ""), "data-decor": d.id }));
				if (d.insert !== "") list.push(Decoration.widget(to, () => inserted(d.insert, d.id, d.active), { side: 1, key: `ins ${d.id} ${d.active} ${d.insert}`, ignoreSelection: true }));
				break;
			case "stale": {
				const $at = tr.doc.resolve(from);
				const start = $at.depth > 0 ? $at.before(1) : from;
				const node = tr.doc.nodeAt(start);
				if (node) list.push(Decoration.node(start, start + node.nodeSize, { class: "dl-stale", "data-decor": d.id }));
			}
		}
	}
	return { live, set: DecorationSet.create(tr.doc, list) };
}

function caret(name: string, tone: number): HTMLElement {
	const e = document.createElement("span");
	e.className = `dl-caret dl-tone${tone % 6}`;
	e.setAttribute("data-name", name);
	return e;
}

function inserted(text: string, id: string, active = false): HTMLElement {
	const e = document.createElement("ins");
	e.className = "dl-ins" + (active ? " dl-on" : "");
	e.setAttribute("data-decor", id);
	e.textContent = text;
	return e;
}

/** decorsOf gives the decorations where they are now. */
export function decorsOf(state: EditorState): Decor[] {
	return decorKey.getState(state)!.live.map(({ decor: d, from, to }) => {
		const a = placeOf(state.doc, from), b = placeOf(state.doc, to);
		if (!a || !b) return d;
		if (d.kind === "cursor") return { ...d, ...a };
		if (d.kind === "stale") return { ...d, block: a.block };
		return { ...d, block: a.block, from: a.offset, to: b.block === a.block ? b.offset : d.to };
	});
}

/** applied makes the change that a suggestion asks for; null: it is no longer in the text. */
export function applied(state: EditorState, id: string): Transaction | null {
	const l = decorKey.getState(state)!.live.find(l => l.decor.id === id);
	if (!l || l.decor.kind !== "suggestion") return null;
	const $from = state.doc.resolve(l.from);
	if (!$from.sameParent(state.doc.resolve(l.to)) || !$from.parent.inlineContent) return null;
	const { insert } = l.decor;
	const tr = state.tr;
	if (insert === "") tr.delete(l.from, l.to);
	else tr.replaceWith(l.from, l.to, state.schema.text(insert, l.from < l.to ? $from.marksAcross(state.doc.resolve(l.to)) ?? $from.marks() : $from.marks()));
	return tr.scrollIntoView();
}

/** at gives the suggestion that a position stands in or beside. */
export function suggestionAt(state: EditorState, pos: number): string | null {
	return decorKey.getState(state)!.live.find(l => l.decor.kind === "suggestion" && l.from <= pos && pos <= l.to)?.decor.id ?? null;
}

export type { Place };
