// What the server made of a text that others changed as well, taken into the text
// that is being written: by blocks, in a changed block by words, and never over
// words that were typed since the text was sent.

import { Slice, type Node } from "prosemirror-model";
import type { EditorState, Transaction } from "prosemirror-state";
import type { Mapping } from "prosemirror-transform";
import { newID } from "./text";

/**
 * adopt leads the text from base, which the server merged into theirs, to theirs;
 * since is what has happened to base here. null: there is nothing to do.
 */
export function adopt(state: EditorState, base: Node, theirs: Node, since: Mapping): Transaction | null {
	if (base.eq(theirs)) return null;
	const tr = state.tr;
	const now = (pos: number, side: number) => tr.mapping.map(since.map(pos, side), side);
	const untouched = (from: number, to: number) => {
		const a = since.map(from, 1), b = since.map(to, -1);
		return a <= b && state.doc.slice(a, b).content.eq(base.slice(from, to).content);
	};
	const starts = new Map<string, number>(), nodes = new Map<string, Node>();
	base.forEach((k, pos) => {
		starts.set(k.attrs["id"], pos);
		nodes.set(k.attrs["id"], k);
	});
	const kept = inOrder(base, theirs);
	const there = new Set<string>();
	theirs.forEach(k => there.add(k.attrs["id"]));

	// Blocks that are gone, unless somebody here has gone on with them.
	const gone: Node[] = [];
	base.forEach((k, pos) => {
		const id = k.attrs["id"] as string;
		if (kept.has(id)) return;
		const from = pos, to = pos + k.nodeSize;
		if (!there.has(id) && !untouched(from, to)) return;
		const a = now(from, 1), b = now(to, -1);
		if (a < b) {
			gone.push(k);
			tr.delete(a, b);
		}
	});
	// What is new stands behind the block that it stands behind there.
	let behind = 0; // where, in base
	theirs.forEach(k => {
		const id = k.attrs["id"] as string;
		const old = nodes.get(id);
		if (kept.has(id)) {
			const start = starts.get(id)!;
			if (!k.eq(old!)) changed(start, old!, k);
			behind = start + old!.nodeSize;
			return;
		}
		const at = now(behind, 1);
		// A block that was moved there and changed here is moved as it is here.
		const here = old && k.eq(old) ? current(state.doc, id) ?? k : k;
		tr.insert(tr.doc.resolve(at).depth === 0 ? at : tr.doc.resolve(at).after(1), here);
	});

	function changed(start: number, old: Node, k: Node): void {
		if (old.type === k.type && old.isTextblock && k.isTextblock) {
			const pos = now(start, 1), node = tr.doc.nodeAt(pos);
			if (node && node.type === old.type && !node.hasMarkup(k.type, k.attrs) && old.hasMarkup(node.type, node.attrs)) tr.setNodeMarkup(pos, null, k.attrs);
			for (const h of hunks(old, k)) {
				const from = start + 1 + h.from, to = start + 1 + h.to;
				const put = k.content.cut(h.start, h.end);
				if (from < to && untouched(from, to)) tr.replace(now(from, 1), now(to, -1), new Slice(put, 0, 0));
				else if (put.size > 0) tr.insert(now(to, from < to ? 1 : -1), put); // both texts
			}
			return;
		}
		const end = start + old.nodeSize;
		if (untouched(start, end)) tr.replaceWith(now(start, 1), now(end, -1), k);
		// Both were changed in ways that cannot be laid over one another: both stand there.
		else tr.insert(now(end, 1), named(k));
	}

	return tr.docChanged ? tr.setMeta("addToHistory", false).setMeta("remote", true) : null;
}

const named = (k: Node) => k.type.create({ ...k.attrs, id: newID() }, k.content, k.marks);

function current(doc: Node, id: string): Node | null {
	let found: Node | null = null;
	doc.forEach(k => { if (k.attrs["id"] === id) found = k; });
	return found;
}

/** inOrder gives the names of blocks that are in both and in the same order: the longest such row. */
function inOrder(a: Node, b: Node): Set<string> {
	const at = new Map<string, number>();
	a.forEach((k, _, i) => at.set(k.attrs["id"], i));
	const row: string[] = [];
	b.forEach(k => { if (at.has(k.attrs["id"])) row.push(k.attrs["id"]); });
	const tails: number[] = [], before: number[] = [];
	row.forEach((id, i) => {
		let low = 0, high = tails.length;
		while (low < high) {
			const mid = (low + high) >> 1;
			if (at.get(row[tails[mid]!]!)! < at.get(id)!) low = mid + 1;
			else high = mid;
		}
		before[i] = low > 0 ? tails[low - 1]! : -1;
		tails[low] = i;
	});
	const out = new Set<string>();
	for (let i = tails[tails.length - 1] ?? -1; i >= 0; i = before[i]!) out.add(row[i]!);
	return out;
}

interface Hunk { from: number; to: number; start: number; end: number } // in the old, in the new content

/** hunks are the stretches in which two textblocks differ, word by word. */
function hunks(a: Node, b: Node): Hunk[] {
	const x = pieces(a), y = pieces(b);
	let head = 0;
	while (head < x.length && head < y.length && x[head]!.key === y[head]!.key) head++;
	let tail = 0;
	while (tail < x.length - head && tail < y.length - head && x[x.length - 1 - tail]!.key === y[y.length - 1 - tail]!.key) tail++;
	const n = x.length - head - tail, m = y.length - head - tail;
	const out: Hunk[] = [];
	const end = (p: Piece[], i: number) => i < p.length ? p[i]!.at : p.length > 0 ? p[p.length - 1]!.at + p[p.length - 1]!.size : 0;
	const hunk = (i: number, j: number, k: number, l: number) => out.push({ from: end(x, i), to: end(x, j), start: end(y, k), end: end(y, l) });
	if (n * m > 250_000) { // too long to be compared word by word
		hunk(head, head + n, head, head + m);
		return out;
	}
	const width = m + 1;
	const longest = new Uint16Array((n + 1) * width);
	for (let i = n - 1; i >= 0; i--) {
		for (let j = m - 1; j >= 0; j--) {
			longest[i * width + j] = x[head + i]!.key === y[head + j]!.key ? longest[(i + 1) * width + j + 1]! + 1 : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
		}
	}
	let i = 0, j = 0, si = 0, sj = 0;
	const flush = () => { if (si < i || sj < j) hunk(head + si, head + i, head + sj, head + j); };
	while (i < n || j < m) {
		if (i < n && j < m && x[head + i]!.key === y[head + j]!.key) {
			flush();
			si = ++i;
			sj = ++j;
		} else if (j < m && (i === n || longest[i * width + j + 1]! >= longest[(i + 1) * width + j]!)) j++;
		else i++;
	}
	flush();
	return out;
}

interface Piece { key: string; at: number; size: number }

function pieces(node: Node): Piece[] {
	const out: Piece[] = [];
	node.forEach((n, at) => {
		const marks = n.marks.map(m => m.type.name + JSON.stringify(m.attrs)).join();
		if (!n.isText) {
			out.push({ key: `${n.type.name}${JSON.stringify(n.attrs)}${marks}`, at, size: n.nodeSize });
			return;
		}
		for (const m of n.text!.matchAll(/[\p{L}\p{N}\p{M}]+|\s+|[^]/gu)) out.push({ key: m[0] + "\0" + marks, at: at + m.index, size: m[0].length });
	});
	return out;
}
