// Names of blocks. Every block at the top has one that is its own for ever:
// comments, translations and error reports point at it. Blocks within blocks have
// none.

import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, type EditorState, type Transaction } from "prosemirror-state";
import { Mapping } from "prosemirror-transform";
import { newID } from "./text";

const proper = new WeakSet<Node>(); // blocks in which no other has a name

/** Set on a transaction whose new blocks come from elsewhere and inherit nothing. */
export const foreign = new PluginKey("foreign");

export const ids = () => new Plugin({
	appendTransaction(trs, old, state) {
		return trs.some(tr => tr.docChanged) ? named(trs, old, state) : null;
	},
});

function named(trs: readonly Transaction[], old: EditorState, state: EditorState): Transaction | null {
	const at = new Map<string, number[]>(); // name → places of the blocks that bear it
	const bare: number[] = [];
	const crowded: [number, Node][] = [];
	state.doc.forEach((k, pos) => {
		const id = k.attrs["id"] as string | null;
		if (id === null) bare.push(pos);
		else at.set(id, [...at.get(id) ?? [], pos]);
		if (!proper.has(k)) {
			let inner = false;
			k.descendants(n => { inner ||= !!n.attrs["id"]; return !inner && !n.inlineContent; });
			if (inner) crowded.push([pos, k]);
			else proper.add(k);
		}
	});
	const twice = [...at].filter(([, places]) => places.length > 1);
	if (bare.length + twice.length + crowded.length === 0) return null;

	const tr = state.tr;
	const name = (pos: number, id: string | null) => tr.setNodeAttribute(pos, "id", id);
	const mapping = new Mapping(trs.flatMap(t => t.mapping.maps));
	const before = new Map<string, number>();
	old.doc.forEach((k, pos) => before.set(k.attrs["id"], pos));
	const pasted = trs.some(t => t.getMeta(foreign) || t.getMeta("paste") || t.getMeta("uiEvent") === "drop");

	// One of two is the block that was there before. A split keeps the name with
	// the first half, but for an empty one: then all words are in the second.
	for (const [id, places] of twice) {
		const was = before.get(id);
		const now = was === undefined ? -1 : mapping.map(was, 1);
		let keeps = places.indexOf(now);
		if (keeps < 0) keeps = 0;
		const first = state.doc.nodeAt(places[keeps]!)!, next = places[keeps + 1];
		if (next !== undefined && first.isTextblock && first.content.size === 0 && state.doc.nodeAt(next)!.content.size > 0) keeps++;
		places.forEach((pos, i) => { if (i !== keeps) name(pos, newID()); });
	}
	const given = new Set<string>();
	// What is put into a frame hands its name to the frame.
	for (const [pos, k] of crowded) {
		let first: string | null = null;
		k.descendants((n, inner) => {
			const id = n.attrs["id"] as string | null | undefined;
			if (!id) return !n.inlineContent;
			first ??= id;
			tr.setNodeAttribute(pos + 1 + inner, "id", null);
			return !n.inlineContent;
		});
		if (k.attrs["id"] === null && first && !at.has(first) && !given.has(first) && !pasted) {
			name(pos, first);
			given.add(first);
			bare.splice(bare.indexOf(pos), 1);
		}
	}
	// A frame that is taken away hands it to what stood in it first.
	if (bare.length > 0 && !pasted) {
		for (const [id, was] of before) {
			if (at.has(id) || given.has(id)) continue;
			const i = bare.indexOf(mapping.map(was, 1));
			if (i < 0) continue;
			name(bare[i]!, id);
			given.add(id);
			bare.splice(i, 1);
		}
	}
	for (const pos of bare) name(pos, newID());
	return tr;
}
