// What careful setting would change: quotation marks, dashes, ellipses, spaces at
// which a line should not break. Everything is offered and nothing done unasked,
// and within quotations nothing is offered: their words are somebody else's.
// The language's rules are handed in (locales/data).

import type { Node } from "prosemirror-model";
import { Mapping, type StepMap } from "prosemirror-transform";
import { Plugin, PluginKey, type EditorState, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

/** Typography is what locales/data/TAG.json says of a language: its quotes, and "typography". */
export interface Typography {
	quotes?: readonly string[];
	next?: string; previous?: string; abbreviations?: string; units?: string;
	numberWord?: number; dashes?: boolean;
}

export type Kind = "quotes" | "dash" | "dots" | "apostrophe" | "space";

/** An Offer to put text in the place of what stands from–to. */
export interface Offer { from: number; to: number; was: string; text: string; kind: Kind }

const nbsp = "\u00a0";

class Rules {
	readonly quotes: readonly string[];
	readonly next: ReadonlySet<string>;
	readonly previous: ReadonlySet<string>;
	readonly abbreviations: ReadonlySet<string>;
	readonly units: ReadonlySet<string>;
	readonly numberWord: number;
	readonly dashes: boolean;
	readonly tight: boolean; // a dash between words has no spaces, as in English

	constructor(t: Typography, lang: string) {
		const set = (s = "") => new Set(s.split(" ").filter(Boolean));
		this.quotes = t.quotes?.length === 4 ? t.quotes : ["“", "”", "‘", "’"];
		this.next = set(t.next);
		this.previous = set(t.previous);
		this.abbreviations = set(t.abbreviations);
		this.units = set(t.units);
		this.numberWord = t.numberWord ?? 0;
		this.dashes = t.dashes ?? false;
		this.tight = lang === "en";
	}
}

// Signs of a textblock by the place in its content; what is no text, or is not to be touched, is one of these.
const away = "\ufffc", kept = "\ufffd";

/** offersIn looks at the words of one textblock. Places are from the beginning of its content. */
export function offersIn(node: Node, rules: Rules): Offer[] {
	if (!node.textContent) return [];
	let text = "";
	node.forEach(k => {
		if (!k.isText) text += k.type.name === "break" ? "\n" : away.repeat(k.nodeSize);
		// Quotations, code and passages in another language are left as they are.
		else text += k.marks.some(m => m.type.name === "q" || m.type.name === "code" || m.type.name === "lang") ? kept.repeat(k.text!.length) : k.text;
	});
	return offersFor(text, rules);
}

function offersFor(text: string, rules: Rules): Offer[] {
	const out: Offer[] = [];
	const closed: [number, number][] = []; // inside of quotation marks
	quotes(text, rules, out, closed);
	dashes(text, rules, out);
	dots(text, out);
	spaces(text, rules, out);
	// Outermost quotation marks alone are ours to judge; nothing between them is.
	const free = out.filter(o => !closed.some(([a, b]) => o.from < b && o.to > a));
	return free.sort((a, b) => a.from - b.from || a.to - b.to).filter((o, i, all) => i === 0 || o.from >= all[i - 1]!.to);
}

const letter = /[\p{L}\p{M}]/u;
const opens = (before: string | undefined) => before === undefined || /[\s\u00a0([{«„“‘—–\-/]/.test(before);

function quotes(text: string, rules: Rules, out: Offer[], closed: [number, number][]): void {
	const [open, close] = rules.quotes as [string, string];
	const stack: { at: number }[] = []; // marks that are open
	const pairs: { from: number; to: number; depth: number }[] = [];
	for (let i = 0; i < text.length; i++) {
		const c = text[i]!, before = text[i - 1], after = text[i + 1];
		if (c === "'" || c === "’") {
			if (c === "'" && before !== undefined && after !== undefined && letter.test(before) && letter.test(after)) {
				out.push({ from: i, to: i + 1, was: c, text: "’", kind: "apostrophe" });
			}
			continue;
		}
		if (c === `"`) {
			const inch = before !== undefined && /[0-9]/.test(before) && stack.length === 0;
			if (inch) continue;
			// After a space, or right behind another that opened, it opens; behind a word it closes.
			const opening = (opens(before) || stack[stack.length - 1]?.at === i - 1) && after !== undefined && !/[\s\u00a0]/.test(after);
			if (opening) stack.push({ at: i });
			else if (stack.length > 0) {
				const from = stack.pop()!;
				pairs.push({ from: from.at, to: i, depth: stack.length });
			}
		} else if (c === "«" || c === "“" && open !== "«" || c === "„") stack.push({ at: i });
		else if ((c === "»" || c === "”" || c === "“" && open === "«") && stack.length > 0) {
			const from = stack.pop()!;
			pairs.push({ from: from.at, to: i, depth: stack.length });
		}
	}
	for (const p of pairs) {
		if (p.depth > 0) continue;
		closed.push([p.from + 1, p.to]);
		const was = text[p.from]!, end = text[p.to]!;
		if (was === `"`) out.push({ from: p.from, to: p.from + 1, was, text: open, kind: "quotes" });
		if (end === `"`) out.push({ from: p.to, to: p.to + 1, was: end, text: close, kind: "quotes" });
	}
}

function dashes(text: string, rules: Rules, out: Offer[]): void {
	const wide = rules.dashes ? nbsp : " ";
	for (const m of text.matchAll(/(^|\n)[-–](?=[ \u00a0]\p{L})|([ \u00a0]*)(---?|[-–—])(?=[ \u00a0])|(?<=\p{L})--(?=\p{L})/gu)) {
		const from = m.index, was = m[0];
		if (m[1] !== undefined) { // speech: the dash begins the line
			const at = from + m[1].length;
			out.push({ from: at, to: at + 1, was: text[at]!, text: "—", kind: "dash" });
			continue;
		}
		if (m[3] === undefined) {
			out.push({ from, to: from + 2, was, text: "—", kind: "dash" });
			continue;
		}
		if (m[2] === "") continue; // word- and word
		if (from === 0 || text[from - 1] === "\n") continue;
		const before = text[from - 1]!, after = text[from + was.length + 1];
		if (/[0-9]/.test(before) && after !== undefined && /[0-9]/.test(after)) continue; // 5 - 3: a sum
		if (rules.tight && m[3] === "–") continue; // a spaced en dash is one of two English ways
		const text2 = wide + "—";
		if (was !== text2 && !(m[3] === "—" && !rules.dashes)) {
			out.push({ from, to: from + was.length, was, text: text2, kind: m[3] === "—" ? "space" : "dash" });
		}
	}
	for (const m of text.matchAll(/(?<![\p{L}\p{N}.,\-–:/])(\d{1,4})-(?=\d{1,4}(?![\p{L}\p{N}\-–:/]|[.,]\d))/gu)) {
		const at = m.index + m[0].length - 1;
		out.push({ from: at, to: at + 1, was: "-", text: "–", kind: "dash" });
	}
}

function dots(text: string, out: Offer[]): void {
	for (const m of text.matchAll(/(?<!\.)\.\.\.(?!\.)/g)) out.push({ from: m.index, to: m.index + 3, was: "...", text: "…", kind: "dots" });
}

const strip = (word: string) => word.replace(/^[«„“‘("[]+/, "");

/** spaces: the rules of internal/typeset that a writer may want in the text itself. */
function spaces(text: string, rules: Rules, out: Offer[]): void {
	for (const m of text.matchAll(/(?<=([^\s\u00a0]+)) (?=([^\s\u00a0]+))/g)) {
		const before = m[1]!, after = m[2]!;
		if (before.includes(away) || after.includes(away)) continue;
		const left = strip(before).toLowerCase(), core = after.replace(/[.,;:!?…»”)\]]+$/, "");
		const tail = /[.,;:!?…—–]$/.test(before);
		const big = /^\p{Lu}/u.test(after), digit = /^[0-9]/.test(after);
		const tied =
			rules.next.has(left) ||
			!tail && rules.previous.has(core.toLowerCase()) && core !== "" ||
			(digit || big) && rules.abbreviations.has(strip(before)) ||
			/^[0-9][0-9.,\u00a0]*$/.test(strip(before)) && !tail && (rules.units.has(core) || core.length <= rules.numberWord && /^\p{Ll}+$/u.test(core) && !rules.next.has(core)) ||
			/^[0-9]{1,3}$/.test(strip(before)) && /^[0-9]{3}(?![0-9])/.test(after) ||
			/^(\p{Lu}\.){1,3}$/u.test(strip(before)) && big;
		if (tied) out.push({ from: m.index, to: m.index + 1, was: " ", text: nbsp, kind: "space" });
	}
}

/** Line is a text beside the body that is looked at, too: a headline, say. */
export interface Line { name: string; text(): string; put(text: string): void; show(): void }

/** LineOffers are those for lines, which are looked at whenever somebody asks. */
export class LineOffers {
	private readonly rules: Rules;
	private readonly known = new Map<Line, { text: string; offers: readonly Offer[] }>();
	private readonly left = new Set<string>();

	constructor(private readonly lines: readonly Line[], t: Typography, lang: string) { this.rules = new Rules(t, lang); }

	all(): { line: Line; offer: Offer }[] {
		return this.lines.flatMap(line => {
			const text = line.text();
			let known = this.known.get(line);
			if (known?.text !== text) this.known.set(line, known = { text, offers: offersFor(text, this.rules) });
			return known.offers.filter(o => this.left.size === 0 || !this.left.has(called(line, text, o))).map(offer => ({ line, offer }));
		});
	}

	pressing(): number { return this.all().filter(x => x.offer.kind !== "space").length; }

	/** take makes changes of one look, the last of a line first: the places of the others stay. */
	take(list: readonly { line: Line; offer: Offer }[]): void {
		for (const { line, offer } of [...list].sort((a, b) => b.offer.from - a.offer.from)) {
			const text = line.text();
			if (text.slice(offer.from, offer.to) === offer.was) line.put(text.slice(0, offer.from) + offer.text + text.slice(offer.to));
		}
	}

	leave(list: readonly { line: Line; offer: Offer }[]): void {
		for (const { line, offer } of list) this.left.add(called(line, line.text(), offer));
	}
}

const called = (line: Line, text: string, o: Offer) => `${line.name} ${o.kind} ${text.slice(Math.max(0, o.from - 12), o.from)}|${text.slice(o.to, o.to + 12)}`;

// The offers are those of the last look; what was typed since moves them when they
// are asked for, not at every key.
interface State { offers: readonly Offer[]; since: readonly StepMap[]; pressing: number; current: number; set: DecorationSet; fresh: boolean }

export const typoKey = new PluginKey<State>("typographer");

type Meta = { look: true } | { current: number } | { leave: readonly Offer[] };

export function typographer(t: Typography, lang: string) {
	const rules = new Rules(t, lang);
	const known = new WeakMap<Node, readonly Offer[]>();
	const left = new Set<string>(); // offers that were refused: kind, words before and after

	const look = (doc: Node, current: number): State => {
		const offers: Offer[] = [];
		const walk = (n: Node, pos: number): boolean => {
			if (n.type.name === "quote" || n.type.name === "pull" || n.type.name === "codeblock") return false;
			if (!n.inlineContent) return true;
			let own = known.get(n);
			if (!own) known.set(n, own = offersIn(n, rules));
			for (const o of own) {
				if (left.size === 0 || !left.has(nameOf(n, o))) offers.push({ ...o, from: pos + 1 + o.from, to: pos + 1 + o.to });
			}
			return false;
		};
		doc.descendants((n, pos) => walk(n, pos));
		const pressing = offers.reduce((n, o) => n + (o.kind === "space" ? 0 : 1), 0);
		return paint(doc, { offers, since: [], pressing, current: Math.min(current, offers.length - 1), set: DecorationSet.empty, fresh: true });
	};

	return new Plugin<State>({
		key: typoKey,
		state: {
			init: () => ({ offers: [], since: [], pressing: 0, current: -1, set: DecorationSet.empty, fresh: false }),
			apply(tr, old, _, state) {
				const meta = tr.getMeta(typoKey) as Meta | undefined;
				if (meta && "leave" in meta) {
					for (const o of meta.leave) {
						const $at = tr.doc.resolve(o.from), start = $at.start();
						left.add(nameOf($at.parent, { ...o, from: o.from - start, to: o.to - start }));
					}
					return look(tr.doc, old.current);
				}
				if (meta && "look" in meta) return look(tr.doc, old.current);
				if (meta) return paint(tr.doc, { ...old, offers: now(old, state.doc), since: [], current: meta.current });
				if (!tr.docChanged) return old;
				return { ...old, since: [...old.since, ...tr.mapping.maps], set: old.set.map(tr.mapping, tr.doc), fresh: false };
			},
		},
		props: { decorations: state => typoKey.getState(state)!.set },
		// Looked for when nobody types: a pause, and then when the browser has nothing else to do.
		view: view => {
			let timer = 0;
			const later = () => {
				clearTimeout(timer);
				timer = window.setTimeout(() => idle(() => { if (!view.isDestroyed && !view.composing) view.dispatch(view.state.tr.setMeta(typoKey, { look: true } satisfies Meta).setMeta("addToHistory", false)); }), 600);
			};
			later();
			return {
				update: (v, before) => { if (v.state.doc !== before.doc) later(); },
				destroy: () => clearTimeout(timer),
			};
		},
	});
}

const idle = (f: () => void) => "requestIdleCallback" in window ? requestIdleCallback(f, { timeout: 2000 }) : setTimeout(f, 50);

const nameOf = (n: Node, o: Offer) => {
	const text = n.textBetween(0, n.content.size, undefined, away);
	return `${o.kind} ${text.slice(Math.max(0, o.from - 12), o.from)}|${text.slice(o.to, o.to + 12)}`;
};

const most = 1000;

function paint(doc: Node, s: State): State {
	// Spaces are many, and pages set them right in any case: they are marked while
	// offers are gone through. One would be a speck: the letters beside it are marked, too.
	const list = s.offers.slice(0, most).flatMap((o, i) => {
		let { from, to } = o;
		if (o.kind === "space") {
			if (s.current < 0) return [];
			from = Math.max(doc.resolve(from).start(), from - 1);
			to = Math.min(doc.resolve(to).end(), to + 1);
		}
		return [Decoration.inline(from, to, { class: i === s.current ? "dl-typo dl-on" : "dl-typo" })];
	});
	return { ...s, set: DecorationSet.create(doc, list) };
}

/** pressing are the offers that the text shows unasked: as many as at the last look. */
export const pressing = (state: EditorState): number => typoKey.getState(state)?.pressing ?? 0;

// now moves the offers to where their words are; one whose words were changed is none.
function now(s: State, doc: Node): readonly Offer[] {
	if (s.since.length === 0) return s.offers;
	const mapping = new Mapping(s.since as StepMap[]);
	return s.offers.flatMap(o => {
		const from = mapping.map(o.from, 1), to = mapping.map(o.to, -1);
		return to - from === o.to - o.from && doc.textBetween(from, to, undefined, away) === o.was ? [{ ...o, from, to }] : [];
	});
}

export function offersOf(state: EditorState): readonly Offer[] {
	const s = typoKey.getState(state);
	return s ? now(s, state.doc) : [];
}

/** taken makes the changes that are offered. */
export function taken(state: EditorState, offers: readonly Offer[]): Transaction {
	const tr = state.tr;
	for (const o of offers) {
		const from = tr.mapping.map(o.from), to = tr.mapping.map(o.to);
		tr.replaceWith(from, to, state.schema.text(o.text, tr.doc.resolve(from).marksAcross(tr.doc.resolve(to)) ?? tr.doc.resolve(from).marks()));
	}
	return tr.setMeta(typoKey, { look: true } satisfies Meta);
}

/** leave says that an offer is not wanted; it is not made again. */
export const leave = (state: EditorState, offers: readonly Offer[]): Transaction => state.tr.setMeta(typoKey, { leave: offers } satisfies Meta).setMeta("addToHistory", false);

/** show marks the offer that is being decided. */
export const show = (state: EditorState, current: number): Transaction => state.tr.setMeta(typoKey, { current } satisfies Meta).setMeta("addToHistory", false);

/** nearest is the offer beside or before a place in its paragraph, or the next one in it. */
export function nearest(state: EditorState, pos: number): Offer | null {
	const $pos = state.doc.resolve(pos), start = $pos.start(), end = $pos.end();
	let best: Offer | null = null;
	for (const o of offersOf(state)) {
		if (o.from < start || o.to > end) continue;
		if (o.from <= pos || !best) best = o;
	}
	return best;
}

