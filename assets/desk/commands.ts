// What can be done to the text. Everything has a name, a key and a place in the
// toolbar or one of its menus.

import { chainCommands, createParagraphNear, deleteSelection, exitCode, joinBackward, joinForward, liftEmptyBlock, newlineInCode, selectNodeBackward, selectNodeForward, splitBlockAs, toggleMark } from "prosemirror-commands";
import { type Mark, type MarkType, type Node, type NodeType, type ResolvedPos } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { NodeSelection, Selection, TextSelection, type Command, type EditorState, type Transaction } from "prosemirror-state";
import * as tables from "prosemirror-tables";
import { markTypes, schema, types } from "./schema";
import { newID } from "./text";

const maxListDepth = 6;

/** around is the innermost node of a kind that a place stands in, with where it begins. */
export function around($pos: ResolvedPos, ...names: string[]): { node: Node; pos: number; depth: number } | null {
	for (let d = $pos.depth; d > 0; d--) if (names.includes($pos.node(d).type.name)) return { node: $pos.node(d), pos: $pos.before(d), depth: d };
	return null;
}

/** chosen is the node of a kind that is selected or that the caret stands in. */
export function chosen(state: EditorState, ...names: string[]): { node: Node; pos: number } | null {
	const sel = state.selection;
	if (sel instanceof NodeSelection && names.includes(sel.node.type.name)) return { node: sel.node, pos: sel.from };
	return around(sel.$from, ...names);
}

// --- kinds of blocks

/** turnInto makes paragraphs, headings or pull quotes of the chosen textblocks. */
export function turnInto(type: NodeType, attrs: Record<string, unknown> = {}): Command {
	return (state, dispatch) => {
		const { from, to } = state.selection;
		let can = false;
		state.doc.nodesBetween(from, to, (n, pos) => {
			if (!n.isTextblock || !["paragraph", "heading", "pull", "codeblock", "footnote"].includes(n.type.name)) return true;
			const $pos = state.doc.resolve(pos);
			if ($pos.parent.canReplaceWith($pos.index(), $pos.index() + 1, type)) can = true;
			return false;
		});
		if (!can) return false;
		if (dispatch) {
			const tr = state.tr;
			tr.setBlockType(from, to, type, n => ({ ...attrs, id: n.attrs["id"] }));
			dispatch(tr.scrollIntoView());
		}
		return true;
	};
}

const asParagraph = (n: Node): Node | null => {
	switch (n.type.name) {
		case "paragraph": return n.attrs["id"] === null ? n : types.paragraph.create({ ...n.attrs }, n.content);
		case "heading": case "pull": case "footnote": return types.paragraph.create({ id: n.attrs["id"] }, n.content);
		case "codeblock": return types.paragraph.create({ id: n.attrs["id"] }, n.textContent === "" ? null : schema.text(n.textContent.replace(/\s+/g, " ")));
	}
	return null;
};

/** wrapped puts the chosen blocks into a quotation or an aside, or takes them out of it. */
export function wrapped(name: "quote" | "aside"): Command {
	return (state, dispatch) => {
		const { $from, $to } = state.selection;
		const outer = around($from, name);
		if (outer && $to.pos <= outer.pos + outer.node.nodeSize) {
			if (dispatch) dispatch(unwrapped(state, outer));
			return true;
		}
		const range = $from.blockRange($to, n => n.type === types.doc || n.type === types.aside);
		if (!range || range.parent.type === types[name]) return false;
		const inside: Node[] = [];
		for (let i = range.startIndex; i < range.endIndex; i++) {
			const k = range.parent.child(i);
			if (k.type === types.list) inside.push(k);
			else if (name === "aside" && ["heading", "quote", "figure", "card"].includes(k.type.name)) inside.push(k);
			else {
				const p = asParagraph(k);
				if (!p) return false;
				inside.push(p);
			}
		}
		const node = name === "quote" ? types.quote.create(null, [...inside, types.speaker.create()]) : types.aside.create(null, inside);
		if (!range.parent.canReplaceWith(range.startIndex, range.endIndex, node.type)) return false;
		if (dispatch) {
			const tr = state.tr.replaceWith(range.start, range.end, node);
			tr.setSelection(Selection.near(tr.doc.resolve(Math.min($from.pos + 1, tr.doc.content.size))));
			dispatch(tr.scrollIntoView());
		}
		return true;
	};
}

function unwrapped(state: EditorState, outer: { node: Node; pos: number }): Transaction {
	const out: Node[] = [];
	outer.node.forEach((k, _, i) => {
		if (k.type === types.speaker) {
			if (k.content.size > 0) out.push(types.paragraph.create(null, k.content));
		} else out.push(i === 0 && "id" in k.attrs ? k.type.create({ ...k.attrs, id: outer.node.attrs["id"] }, k.content) : k);
	});
	const tr = state.tr.replaceWith(outer.pos, outer.pos + outer.node.nodeSize, out);
	const at = Math.max(0, Math.min(state.selection.from - 1, tr.doc.content.size));
	return tr.setSelection(Selection.near(tr.doc.resolve(at))).scrollIntoView();
}

/** listed makes a list of the chosen paragraphs, of another kind of list, or paragraphs of a list of this kind. */
export function listed(ordered: boolean): Command {
	return (state, dispatch) => {
		const { $from, $to } = state.selection;
		const list = around($from, "list");
		if (list && $to.pos <= list.pos + list.node.nodeSize) {
			if (list.node.attrs["ordered"] !== ordered) {
				if (dispatch) dispatch(state.tr.setNodeMarkup(list.pos, null, { ...list.node.attrs, ordered, start: 1 }));
				return true;
			}
			return outOfList(state, dispatch);
		}
		const range = $from.blockRange($to, n => n.type === types.doc || n.type === types.aside || n.type === types.quote);
		if (!range) return false;
		const items: Node[] = [];
		for (let i = range.startIndex; i < range.endIndex; i++) {
			const k = range.parent.child(i);
			if (k.type === types.list) k.forEach(item => items.push(item));
			else {
				const p = asParagraph(k);
				if (!p) return false;
				items.push(types.item.create(null, p));
			}
		}
		if (!range.parent.canReplaceWith(range.startIndex, range.endIndex, types.list)) return false;
		if (dispatch) {
			const tr = state.tr.replaceWith(range.start, range.end, types.list.create({ ordered }, items));
			tr.setSelection(TextSelection.between(tr.doc.resolve(Math.min($from.pos + 2, tr.doc.content.size)), tr.doc.resolve(Math.min($to.pos + 2 * items.length, tr.doc.content.size))));
			dispatch(tr.scrollIntoView());
		}
		return true;
	};
}

const outOfList: Command = (state, dispatch) => liftListItem(types.item)(state, dispatch);

const indent: Command = (state, dispatch) => {
	let depth = 0;
	for (let d = state.selection.$from.depth; d > 0; d--) if (state.selection.$from.node(d).type === types.list) depth++;
	// the item's own lists go down with it
	const item = around(state.selection.$from, "item");
	if (!item || depth + listsIn(item.node) >= maxListDepth) return false;
	return sinkListItem(types.item)(state, dispatch);
};

function listsIn(n: Node): number {
	let most = 0;
	n.forEach(k => { most = Math.max(most, (k.type === types.list ? 1 : 0) + listsIn(k)); });
	return most;
}

// --- putting in

/** put places a block: instead of an empty paragraph, or after the block that the caret is in. */
export function put(state: EditorState, node: Node): Transaction | null {
	const sel = state.selection;
	const tr = state.tr;
	const $at = sel instanceof NodeSelection ? state.doc.resolve(sel.to) : sel.$to;
	for (let d = $at.depth; d >= 0; d--) {
		const parent = $at.node(d);
		const empty = $at.depth === d + 1 && $at.parent.type === types.paragraph && $at.parent.content.size === 0;
		if (parent.inlineContent || parent.type === types.item || parent.type === types.list) continue;
		const index = d === $at.depth ? $at.index(d) : $at.indexAfter(d);
		if (empty && parent.canReplaceWith($at.index(d), $at.index(d) + 1, node.type)) {
			const from = $at.before(d + 1);
			tr.replaceWith(from, $at.after(d + 1), node);
			return into(tr, from);
		}
		if (!parent.canReplaceWith(index, index, node.type)) continue;
		const pos = d === $at.depth ? $at.pos : $at.after(d + 1);
		tr.insert(pos, node);
		return into(tr, pos);
	}
	return null;
}

// into puts the caret into what was put at pos, and a paragraph behind it if it is the last.
function into(tr: Transaction, pos: number): Transaction {
	const node = tr.doc.nodeAt(pos)!;
	const end = pos + node.nodeSize;
	if (end === tr.doc.content.size && !node.isTextblock || node.type === types.figure && end === tr.doc.content.size) tr.insert(end, types.paragraph.create({ id: newID() }));
	if (node.isAtom || node.type === types.rule) return tr.setSelection(Selection.near(tr.doc.resolve(end))).scrollIntoView();
	return tr.setSelection(Selection.near(tr.doc.resolve(pos + 1))).scrollIntoView();
}

export const putting = (make: () => Node): Command => (state, dispatch) => {
	const tr = put(state, make());
	if (tr && dispatch) dispatch(tr);
	return tr !== null;
};

/** newTable has a head row, and a caption that stays empty if nobody wants one. */
export function newTable(rows = 3, cols = 2): Node {
	const row = (head: boolean) => types.row.create({ head }, Array.from({ length: cols }, () => (head ? types.headcell : types.cell).create()));
	return types.table.create({ id: newID() }, [types.caption.create(), types.grid.create(null, [row(true), ...Array.from({ length: rows - 1 }, () => row(false))])]);
}

/** footnote puts a reference at the caret and its note below the block. */
const footnote: Command = (state, dispatch) => {
	const { $to } = state.selection;
	if (!$to.parent.inlineContent || $to.parent.type.spec.code || $to.parent.type === types.footnote || $to.depth === 0) return false;
	if (dispatch) {
		const note = newID();
		const tr = state.tr.insert($to.pos, types.noteref.create({ note }, null, $to.marks().filter(m => m.type !== markTypes.link)));
		let pos = tr.mapping.map($to.after(1));
		while (tr.doc.nodeAt(pos)?.type === types.footnote) pos += tr.doc.nodeAt(pos)!.nodeSize;
		tr.insert(pos, types.footnote.create({ id: note }));
		dispatch(tr.setSelection(TextSelection.create(tr.doc, pos + 1)).scrollIntoView());
	}
	return true;
};

/** toNote goes from a note to where it is referred to. */
const toReference: Command = (state, dispatch) => {
	const note = around(state.selection.$from, "footnote");
	if (!note) return false;
	let at = -1;
	state.doc.descendants((n, pos) => {
		if (at < 0 && n.type === types.noteref && n.attrs["note"] === note.node.attrs["id"]) at = pos + 1;
		return at < 0;
	});
	if (at < 0) return false;
	if (dispatch) dispatch(state.tr.setSelection(TextSelection.create(state.doc, at)).scrollIntoView());
	return true;
};

const splitParagraph: Command = (s, d) => splitBlock(s, d);

const lineBreak: Command = (state, dispatch) => {
	const { $from, $to } = state.selection;
	if (!$from.parent.inlineContent || $from.parent.type.spec.code || !$from.sameParent($to)) return false;
	// Two breaks in a row are the end of a paragraph, and are stored as such.
	const beside = $from.nodeBefore?.type === types.break || $to.nodeAfter?.type === types.break;
	if (beside) return $from.parent.type === types.paragraph ? splitParagraph(state, dispatch) : true;
	if (dispatch) dispatch(state.tr.replaceSelectionWith(types.break.create()).scrollIntoView());
	return true;
};

/** leaveBlock goes on in a paragraph behind the picture, table, quotation … that the caret is in. */
const leaveBlock: Command = (state, dispatch) => {
	const { $from } = state.selection;
	const out = chosen(state, "gallery", "table", "quote", "figure", "aside", "footnote", "codeblock", "card", "rule", "pull", "heading");
	const outer = out && around(state.doc.resolve(out.pos + 1), "gallery") || out;
	const end = outer ? outer.pos + outer.node.nodeSize : $from.depth > 0 ? $from.after(1) : $from.pos;
	const $end = state.doc.resolve(end);
	if (!$end.parent.canReplaceWith($end.index(), $end.index(), types.paragraph)) return false;
	if (dispatch) {
		const tr = state.tr.insert(end, types.paragraph.create());
		dispatch(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView());
	}
	return true;
};

/** nextLine: Enter where there is one line alone: the next field of the same block, or out of it. */
const nextLine: Command = (state, dispatch) => {
	const { $from, empty } = state.selection;
	const parent = $from.parent;
	switch (parent.type.name) {
		case "footnote":
			return toReference(state, dispatch) || leaveBlock(state, dispatch);
		case "speaker":
			return leaveBlock(state, dispatch);
		case "caption": case "figure": {
			const gallery = around($from, "gallery"), table = around($from, "table");
			if (gallery && parent.type.name === "figure" || table) {
				const next = Selection.findFrom(state.doc.resolve($from.after()), 1, true);
				if (next && dispatch) dispatch(state.tr.setSelection(next).scrollIntoView());
				return next !== null;
			}
			return leaveBlock(state, dispatch);
		}
		case "cell": case "headcell": {
			const rect = tables.selectedRect(state);
			if (rect.bottom >= rect.map.height) return leaveBlock(state, dispatch);
			const pos = rect.tableStart + rect.map.map[rect.bottom * rect.map.width + rect.left]!;
			if (dispatch) dispatch(state.tr.setSelection(TextSelection.create(state.doc, pos + 1 + state.doc.nodeAt(pos)!.content.size)).scrollIntoView());
			return true;
		}
		case "paragraph": {
			// An empty line at the end of a quotation leads to the speaker.
			const quote = $from.depth > 1 && $from.node(-1).type === types.quote ? $from.node(-1) : null;
			if (!quote || !empty || parent.content.size > 0 || $from.index(-1) !== quote.childCount - 2 || quote.childCount < 3) return false;
			if (dispatch) {
				const tr = state.tr.delete($from.before(), $from.after());
				dispatch(tr.setSelection(Selection.near(tr.doc.resolve($from.before() + 1))).scrollIntoView());
			}
			return true;
		}
	}
	return false;
};

// --- edges: a field of a block is not joined with its neighbours

const lone = (n: Node) => ["speaker", "caption", "figure", "cell", "headcell", "footnote"].includes(n.type.name);

const startOfLone: Command = (state, dispatch) => {
	const { $from, empty } = state.selection;
	if (!empty || $from.parentOffset > 0 || !lone($from.parent)) return false;
	if ($from.parent.type === types.footnote && $from.parent.content.size === 0) {
		// An empty note goes, and what refers to it.
		if (dispatch) dispatch(withoutNote(state, $from.before(), $from.parent));
		return true;
	}
	if ($from.parent.type === types.speaker) {
		const back = Selection.findFrom(state.doc.resolve($from.before()), -1, true);
		if (back && dispatch) dispatch(state.tr.setSelection(back).scrollIntoView());
		return true;
	}
	if ($from.parent.type === types.figure && $from.parent.content.size === 0) {
		if (dispatch) dispatch(state.tr.setSelection(NodeSelection.create(state.doc, $from.before())));
		return true;
	}
	return true;
};

function withoutNote(state: EditorState, pos: number, note: Node): Transaction {
	const tr = state.tr;
	let back = -1;
	tr.delete(pos, pos + note.nodeSize);
	state.doc.descendants((n, at) => {
		if (n.type !== types.noteref || n.attrs["note"] !== note.attrs["id"]) return true;
		const from = tr.mapping.map(at);
		tr.delete(from, from + 1);
		if (back < 0) back = from;
		return true;
	});
	if (tr.doc.childCount === 0) tr.insert(0, types.paragraph.create());
	return tr.setSelection(Selection.near(tr.doc.resolve(back >= 0 ? back : Math.min(pos, tr.doc.content.size)), -1)).scrollIntoView();
}

const endOfLone: Command = state => {
	const { $from, empty } = state.selection;
	return empty && $from.parentOffset === $from.parent.content.size && lone($from.parent);
};

const startOfItem: Command = (state, dispatch) => {
	const { $from, empty } = state.selection;
	if (!empty || $from.parentOffset > 0 || $from.depth < 2 || $from.node(-1).type !== types.item || $from.index(-2) > 0) return false;
	return outOfList(state, dispatch);
};

const startOfStyled: Command = (state, dispatch) => {
	const { $from, empty } = state.selection;
	if (!empty || $from.parentOffset > 0 || ![types.heading, types.pull].includes($from.parent.type)) return false;
	return turnInto(types.paragraph)(state, dispatch);
};

// Before the first paragraph of a quotation or aside: out of it, as at the start of an item.
const startOfFrame: Command = (state, dispatch) => {
	const { $from, empty } = state.selection;
	if (!empty || $from.parentOffset > 0 || $from.depth < 2 || $from.index(-1) > 0) return false;
	const outer = $from.node(-1);
	if (outer.type !== types.quote && outer.type !== types.aside) return false;
	if (dispatch) dispatch(unwrapped(state, { node: outer, pos: $from.before(-1) }));
	return true;
};

// The kind that may follow is not always a paragraph: in a quotation it may be the speaker.
const splitBlock = splitBlockAs(n => n.type === types.paragraph ? { type: types.paragraph, attrs: n.attrs } : null);

export const enter = chainCommands(newlineInCode, nextLine, splitListItem(types.item), createParagraphNear, liftEmptyBlock, splitBlock);
export const backspace = chainCommands((s, d) => chosenPicture(s, d), deleteSelection, startOfLone, startOfItem, startOfStyled, startOfFrame, joinBackward, selectNodeBackward);
export const forward = chainCommands((s, d) => chosenPicture(s, d), deleteSelection, endOfLone, joinForward, selectNodeForward);

// --- moving

/** shifted moves the block that the caret is in before the one above, or behind the one below. */
export function shifted(by: 1 | -1): Command {
	return (state, dispatch) => {
		const sel = state.selection;
		const first = sel.$from.index(0), last = sel.$to.depth > 0 ? sel.$to.index(0) : sel.$to.index(0) - 1;
		const beside = by < 0 ? first - 1 : last + 1;
		const other = state.doc.maybeChild(beside);
		if (!other || last < first) return false;
		if (dispatch) {
			let start = 0;
			for (let i = 0; i < first; i++) start += state.doc.child(i).nodeSize;
			let end = start;
			for (let i = first; i <= last; i++) end += state.doc.child(i).nodeSize;
			const tr = state.tr;
			if (by < 0) {
				tr.insert(end, other);
				tr.delete(start - other.nodeSize, start);
			} else {
				tr.delete(end, end + other.nodeSize);
				tr.insert(start, other);
			}
			dispatch(tr.scrollIntoView());
		}
		return true;
	};
}

// --- tables

export const inTable = (state: EditorState) => tables.isInTable(state);

const table = (c: Command): Command => (state, dispatch) => inTable(state) && c(state, dispatch);

/** headRow says that the row and those above it are the head, or that none is from here on. */
const headRow: Command = (state, dispatch) => {
	if (!inTable(state)) return false;
	const rect = tables.selectedRect(state);
	const row = rect.table.child(rect.top);
	const head = !(row.attrs["head"] as boolean);
	if (dispatch) {
		const tr = state.tr;
		let pos = rect.tableStart;
		rect.table.forEach((r, _, i) => {
			const becomes = head ? i <= rect.top || r.attrs["head"] as boolean : i < rect.top && r.attrs["head"] as boolean;
			if (becomes !== r.attrs["head"]) {
				tr.setNodeAttribute(pos, "head", becomes);
				let cell = pos + 1;
				r.forEach(c => {
					tr.setNodeMarkup(cell, becomes ? types.headcell : types.cell, c.attrs);
					cell += c.nodeSize;
				});
			}
			pos += r.nodeSize;
		});
		dispatch(tr);
	}
	return true;
};

const eachCell = (change: (tr: Transaction, pos: number, cell: Node) => void): Command => (state, dispatch) => {
	if (!inTable(state)) return false;
	if (dispatch) {
		const rect = tables.selectedRect(state);
		const tr = state.tr;
		for (const at of rect.map.cellsInRect(rect)) change(tr, rect.tableStart + at, rect.table.nodeAt(at)!);
		dispatch(tr);
	}
	return true;
};

const cellAttr = (state: EditorState, test: (cell: Node) => boolean): boolean => {
	if (!inTable(state)) return false;
	const rect = tables.selectedRect(state);
	return rect.map.cellsInRect(rect).every(at => test(rect.table.nodeAt(at)!));
};

/** nextCell goes to the next cell, and behind the last one to a new row. */
const nextCell = (by: 1 | -1): Command => (state, dispatch) => {
	if (!inTable(state)) return false;
	if (tables.goToNextCell(by)(state, dispatch)) return true;
	if (by < 0 || !dispatch) return false;
	let tr: Transaction | null = null;
	tables.addRowAfter(state, t => { tr = t; });
	if (!tr) return false;
	const made = state.apply(tr);
	tables.goToNextCell(1)(made, t => {
		(tr as unknown as Transaction).setSelection(TextSelection.between(tr!.doc.resolve(t.selection.$anchor.pos), tr!.doc.resolve(t.selection.$head.pos)));
	});
	dispatch((tr as Transaction).scrollIntoView());
	return true;
};

// --- marks

/** markAround is the stretch of text around the caret, or the selection, that bears a mark. */
export function markAround(state: EditorState, type: MarkType): { from: number; to: number; mark: Mark } | null {
	const { $from, from, to, empty } = state.selection;
	const index = $from.index();
	if (!$from.parent.inlineContent) return null;
	const here = (n: Node | null | undefined) => n ? type.isInSet(n.marks) : undefined;
	const mark = here($from.parent.maybeChild(index)) ?? (empty ? here($from.nodeBefore) : undefined);
	if (!mark) return null;
	let i = index;
	if (!here($from.parent.maybeChild(index))) i--;
	let start = $from.start(), pos = start;
	const runs: { from: number; to: number; has: boolean }[] = [];
	$from.parent.forEach(n => {
		runs.push({ from: pos, to: pos + n.nodeSize, has: mark.isInSet(n.marks) });
		pos += n.nodeSize;
	});
	let a = i, b = i;
	while (a > 0 && runs[a - 1]!.has) a--;
	while (b < runs.length - 1 && runs[b + 1]!.has) b++;
	return { from: Math.min(runs[a]!.from, empty ? runs[a]!.from : from), to: Math.max(runs[b]!.to, empty ? runs[b]!.to : to), mark };
}

export const hasMark = (state: EditorState, type: MarkType): boolean => {
	const { from, to, $from, empty } = state.selection;
	return empty ? !!type.isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, type);
};

/** setMark gives the selection a mark with a value, or changes the one that the caret stands in; null takes it away. */
export function setMark(state: EditorState, type: MarkType, attrs: Record<string, unknown> | null, text = ""): Transaction {
	const range = state.selection.empty ? markAround(state, type) : null;
	let { from, to } = range ?? state.selection;
	const tr = state.tr;
	if (from === to && attrs) {
		if (text === "") return tr;
		tr.insertText(text, from);
		to = from + text.length;
	}
	tr.removeMark(from, to, type);
	if (attrs) tr.addMark(from, to, type.create(attrs));
	return tr.removeStoredMark(type).scrollIntoView();
}

const plainMarks: Command = (state, dispatch) => {
	const { from, to, empty } = state.selection;
	if (empty) return false;
	if (dispatch) dispatch(state.tr.removeMark(from, to).setStoredMarks([]));
	return true;
};

const inBlock = (state: EditorState, name: string, level?: number) => {
	const b = chosen(state, name);
	return !!b && (level === undefined || b.node.attrs["level"] === level);
};

/** A Deed is something that can be done: its name, its keys, whether it is done already. */
export interface Deed { keys: readonly string[]; run: Command; on?: (state: EditorState) => boolean }

const mark = (type: MarkType, ...keys: string[]): Deed => ({ keys, run: toggleMark(type), on: s => hasMark(s, type) });

/** deeds are those that need to ask nothing. Panels and the page add the others (editor.ts). */
export const deeds = {
	paragraph: { keys: ["Mod-Alt-0"], run: turnInto(types.paragraph), on: s => s.selection.$from.parent.type === types.paragraph && s.selection.$from.depth === 1 },
	heading2: { keys: ["Mod-Alt-2"], run: turnInto(types.heading, { level: 2 }), on: s => inBlock(s, "heading", 2) },
	heading3: { keys: ["Mod-Alt-3"], run: turnInto(types.heading, { level: 3 }), on: s => inBlock(s, "heading", 3) },
	heading4: { keys: ["Mod-Alt-4"], run: turnInto(types.heading, { level: 4 }), on: s => inBlock(s, "heading", 4) },
	quote: { keys: ["Mod-Shift-9"], run: wrapped("quote"), on: s => inBlock(s, "quote") },
	pull: { keys: ["Mod-Alt-5"], run: turnInto(types.pull), on: s => inBlock(s, "pull") },
	aside: { keys: ["Mod-Alt-6"], run: wrapped("aside"), on: s => inBlock(s, "aside") },
	bullets: { keys: ["Mod-Shift-8"], run: listed(false), on: s => around(s.selection.$from, "list")?.node.attrs["ordered"] === false },
	numbered: { keys: ["Mod-Shift-7"], run: listed(true), on: s => around(s.selection.$from, "list")?.node.attrs["ordered"] === true },
	codeblock: { keys: ["Mod-Alt-7"], run: turnInto(types.codeblock), on: s => inBlock(s, "codeblock") },
	table: { keys: ["Mod-Alt-t"], run: putting(newTable), on: s => inBlock(s, "table") },
	rule: { keys: ["Mod-Alt--"], run: putting(() => types.rule.create({ id: newID() })) },
	footnote: { keys: ["Mod-Alt-f"], run: footnote, on: s => inBlock(s, "footnote") },
	strong: mark(markTypes.strong, "Mod-b"),
	em: mark(markTypes.em, "Mod-i"),
	struck: mark(markTypes.s, "Mod-Shift-x"),
	sub: mark(markTypes.sub, "Mod-,"),
	sup: mark(markTypes.sup, "Mod-."),
	code: mark(markTypes.code, "Mod-e"),
	said: mark(markTypes.q, "Mod-Alt-s"),
	isolate: mark(markTypes.bdi, "Mod-Alt-b"),
	plain: { keys: ["Mod-\\"], run: plainMarks },
	indent: { keys: ["Mod-]"], run: indent },
	outdent: { keys: ["Mod-["], run: outOfList },
	up: { keys: ["Alt-ArrowUp"], run: shifted(-1) },
	down: { keys: ["Alt-ArrowDown"], run: shifted(1) },
	leave: { keys: ["Mod-Enter"], run: chainCommands(exitCode, leaveBlock) },
	break: { keys: ["Shift-Enter"], run: chainCommands(newlineInCode, lineBreak) },
	rowBefore: { keys: [], run: table(tables.addRowBefore) },
	rowAfter: { keys: [], run: table(tables.addRowAfter) },
	rowDelete: { keys: [], run: table(tables.deleteRow) },
	colBefore: { keys: [], run: table(tables.addColumnBefore) },
	colAfter: { keys: [], run: table(tables.addColumnAfter) },
	colDelete: { keys: [], run: table(tables.deleteColumn) },
	headRow: { keys: [], run: headRow, on: s => inTable(s) && tables.selectedRect(s).table.child(tables.selectedRect(s).top).attrs["head"] },
	headCell: {
		keys: [], on: s => cellAttr(s, c => c.type === types.headcell),
		run: (s, d) => { const off = cellAttr(s, c => c.type === types.headcell); return eachCell((tr, pos, c) => tr.setNodeMarkup(pos, off ? types.cell : types.headcell, c.attrs))(s, d); },
	},
	figures: {
		keys: [], on: s => cellAttr(s, c => c.attrs["number"]),
		run: (s, d) => { const off = cellAttr(s, c => c.attrs["number"]); return eachCell((tr, pos) => tr.setNodeAttribute(pos, "number", !off))(s, d); },
	},
	merge: { keys: [], run: table(tables.mergeCells) },
	split: { keys: [], run: table(tables.splitCell) },
	remove: { keys: ["Mod-Shift-Backspace"], run: (s, d) => remove(s, d) },
} satisfies Record<string, Deed>;

export type DeedName = keyof typeof deeds;

/** removed takes away what "remove" means here: a picture of a gallery or an aside, else the block at the top. */
function removed(state: EditorState): Transaction | null {
	const tr = state.tr;
	const figure = chosen(state, "figure");
	if (figure) {
		const $pos = state.doc.resolve(figure.pos);
		if ($pos.parent.type === types.gallery && $pos.parent.childCount === 3) { // of two one is left
			const other = $pos.parent.child(1 - $pos.index()), words = $pos.parent.lastChild!.content;
			tr.replaceWith($pos.before(), $pos.after(), other.type.create({ ...other.attrs, id: $pos.parent.attrs["id"] }, other.content.size > 0 ? other.content : words));
			return tr.setSelection(Selection.near(tr.doc.resolve($pos.before() + 1))).scrollIntoView();
		}
		if ($pos.parent.type === types.gallery || $pos.parent.type === types.aside && $pos.parent.childCount > 1) return gone(tr, figure);
	}
	const sel = state.selection;
	const top = sel.$from.depth > 0 ? { node: sel.$from.node(1), pos: sel.$from.before(1) } : sel instanceof NodeSelection ? { node: sel.node, pos: sel.from } : null;
	if (!top) return null;
	return top.node.type === types.footnote ? withoutNote(state, top.pos, top.node) : gone(tr, top);
}

function gone(tr: Transaction, b: { node: Node; pos: number }): Transaction {
	tr.delete(b.pos, b.pos + b.node.nodeSize);
	if (tr.doc.childCount === 0) tr.insert(0, types.paragraph.create());
	return tr.setSelection(Selection.near(tr.doc.resolve(Math.min(b.pos, tr.doc.content.size)))).scrollIntoView();
}

const remove: Command = (state, dispatch) => {
	const tr = removed(state);
	if (tr && dispatch) dispatch(tr);
	return tr !== null;
};

// A chosen picture of a gallery goes as "remove" takes it, so that no hole is left.
const chosenPicture: Command = (state, dispatch) =>
	state.selection instanceof NodeSelection && state.selection.node.type === types.figure && state.selection.$from.depth > 0 && remove(state, dispatch);

/** tab moves within tables and lists; elsewhere the key leaves the text. */
export const tab = (by: 1 | -1): Command => chainCommands(nextCell(by), by > 0 ? indentHere : outdentHere);
const inItem: Command = state => around(state.selection.$from, "item") !== null;
const indentHere: Command = (s, d) => inItem(s) && (indent(s, d) || true);
const outdentHere: Command = (s, d) => inItem(s) && outOfList(s, d);
