// Where something stands, as people and programs outside of the editor say it:
// the block and how many code points into its text, which is the text that
// richtext.Doc.Text gives of the block alone.

import type { Node } from "prosemirror-model";

/** A Place in the text. */
export interface Place { block: string; offset: number }

/** Flow is the text of a block; at[i] is where its i-th code point stands, from the block's beginning. */
interface Flow { text: string[]; at: number[] }

const flows = new WeakMap<Node, Flow>();

export function flowOf(block: Node): Flow {
	let f = flows.get(block);
	if (!f) {
		f = { text: [], at: [] };
		gather(f, block, 0, "\n\n");
		flows.set(block, f);
	}
	return f;
}

export const textOf = (block: Node): string => flowOf(block).text.join("");

function put(f: Flow, s: string, at: number): void {
	for (const c of s) {
		f.text.push(c);
		f.at.push(at);
	}
}

// divide puts what stands between two parts where the first ends, so that a caret
// there is in the first.
function divide(f: Flow, s: string, at: number): void {
	const last = f.at.length - 1;
	put(f, s, last < 0 ? at : f.at[last]! + (structural(f.text[last]!) ? 0 : f.text[last]!.length));
}
const structural = (c: string) => c === "\t" || c === "\n";

// pos is where node begins: its content begins one further.
function gather(f: Flow, node: Node, pos: number, sep: string): void {
	const mark = f.text.length;
	const line = (at: number) => { if (f.text.length > mark) divide(f, "\n", at); };
	const part = (k: Node, at: number, by: string, within: string) => {
		const start = f.text.length;
		if (start > mark) divide(f, by, at);
		const said = f.text.length;
		gather(f, k, at, within);
		if (f.text.length === said) f.text.length = f.at.length = start;
	};
	switch (node.type.name) {
		case "codeblock":
			put(f, node.textContent, 0);
			for (let i = 0, unit = 0; i < f.text.length - mark; unit += f.text[mark + i++]!.length) f.at[mark + i] = pos + 1 + unit;
			break;
		case "card":
			put(f, node.attrs["title"], pos);
			break;
		case "list":
			node.forEach((item, at) => part(item, pos + 1 + at, "\n", sep));
			break;
		case "item":
			words(f, node.firstChild!, pos + 1);
			{
				const inner: [Node, number][] = [];
				node.forEach((k, at, i) => { if (i > 0) inner.push([k, pos + 1 + at]); });
				if (inner.length > 0) {
					line(inner[0]![1]);
					let said = false;
					for (const [k, at] of inner) {
						const start = f.text.length;
						if (said) divide(f, "\n", at);
						const from = f.text.length;
						gather(f, k, at, "\n");
						if (f.text.length === from) f.text.length = f.at.length = start;
						else said = true;
					}
				}
			}
			break;
		case "table": {
			words(f, node.child(0), pos + 1);
			const grid = node.child(1), base = pos + 1 + node.child(0).nodeSize + 1;
			grid.forEach((row, at) => {
				line(base + at);
				row.forEach((cell, inner, i) => {
					const from = base + at + 1 + inner;
					if (i > 0) divide(f, "\t", from);
					words(f, cell, from);
				});
			});
			break;
		}
		case "gallery":
			node.forEach((k, at) => {
				if (k.type.name === "figure") part(k, pos + 1 + at, "\n", "\n");
				else if (filled(k)) {
					line(pos + 1 + at);
					words(f, k, pos + 1 + at);
				}
			});
			break;
		case "quote": case "aside":
			node.forEach((k, at) => {
				if (k.type.name !== "speaker") part(k, pos + 1 + at, sep, sep);
				else if (filled(k)) {
					line(pos + 1 + at);
					put(f, "— ", pos + 1 + at);
					words(f, k, pos + 1 + at);
				}
			});
			break;
		default:
			if (node.inlineContent) words(f, node, pos);
	}
}

// filled: there are words in it, or a reference to a note.
function filled(node: Node): boolean {
	let there = /[^ \t-\r]/.test(node.textContent);
	node.forEach(k => { there ||= k.type.name === "noteref"; });
	return there;
}

// words gives the text of a textblock as it will be stored: white space single.
function words(f: Flow, node: Node, pos: number): void {
	let solid = f.text.length; // what stands before it stays: a note's reference, which has no text, follows it
	let said = false, space = true;
	const last = () => f.text.length > solid ? f.text[f.text.length - 1] : undefined;
	const trim = (c: string) => {
		while (last() === c) { f.text.pop(); f.at.pop(); }
	};
	node.forEach((k, at) => {
		const from = pos + 1 + at;
		if (k.type.name === "break") {
			trim(" ");
			if (said && last() !== "\n") put(f, "\n", from);
			space = true;
		} else if (k.isText) {
			let unit = 0;
			for (const c of k.text!) {
				if (/[ \t-\r\u2028\u2029]/.test(c)) {
					if (!space) put(f, " ", from + unit);
					space = true;
				} else if (c > "\x1f") {
					put(f, c, from + unit);
					space = false;
					said = true;
				}
				unit += c.length;
			}
		} else {
			space = false;
			said = true;
			solid = f.text.length;
		}
	});
	trim(" ");
	trim("\n");
	trim(" ");
}

/** posOf is where a place is in the document; null: there is no such block. Beyond the block's end is its end. */
export function posOf(doc: Node, place: Place): number | null {
	let found: number | null = null;
	doc.forEach((k, start) => {
		if (found !== null || k.attrs["id"] !== place.block) return;
		const f = flowOf(k);
		const at = place.offset < f.at.length ? f.at[Math.max(place.offset, 0)] : undefined;
		found = start + (at ?? after(f, k));
	});
	return found;
}

const after = (f: Flow, k: Node) => {
	const last = f.at[f.at.length - 1];
	return last === undefined ? Math.min(1, k.nodeSize) : last + f.text[f.text.length - 1]!.length;
};

/** placeOf says where a position of the document is. */
export function placeOf(doc: Node, pos: number): Place | null {
	const $pos = doc.resolve(Math.min(pos, doc.content.size));
	const index = $pos.index(0);
	const k = doc.maybeChild(Math.min(index, doc.childCount - 1));
	if (!k) return null;
	const start = $pos.depth > 0 ? $pos.before(1) : pos;
	const f = flowOf(k);
	// the first code point that does not stand before the position
	let low = 0, high = f.at.length;
	while (low < high) {
		const mid = (low + high) >> 1;
		if (f.at[mid]! < pos - start) low = mid + 1;
		else high = mid;
	}
	return { block: k.attrs["id"], offset: low };
}
