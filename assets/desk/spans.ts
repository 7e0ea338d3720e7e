// Words with marks in normal form: internal/richtext/tidy.go (normal) and
// canonical.go (appendSpans), so that what is sent is what will be stored.

import type { Mark, Node } from "prosemirror-model";
import { clean } from "./text";

export const markNames = ["q", "bdi", "lang", "link", "abbr", "strong", "em", "s", "sub", "sup", "code"] as const;
const tags = ["q", "bdi", "span", "a", "abbr", "strong", "em", "s", "sub", "sup", "code"] as const;
const bits = new Map<string, number>(markNames.map((name, i) => [name, 1 << i]));
export const QUOTE = 1, LANG = 4, LINK = 8, ABBR = 16;
const END = 1 << markNames.length;
// What a reference to a note may carry without being cut out of its surroundings.
const NOTE = 1 | 2 | 4 | 32 | 64 | 128;

export const TEXT = 0, BREAK = 1, NOTEREF = 2;

export interface Span {
	kind: number;
	marks: number;
	text: string; // TEXT: the words; NOTEREF: the note's id
	href: string;
	lang: string;
	title: string;
}

function marked(kind: number, text: string, marks: readonly Mark[]): Span {
	const s: Span = { kind, marks: 0, text, href: "", lang: "", title: "" };
	for (const m of marks) {
		s.marks |= bits.get(m.type.name)!;
		if (m.type.name === "link") s.href = m.attrs["href"];
		else if (m.type.name === "lang") s.lang = m.attrs["lang"];
		else if (m.type.name === "abbr") s.title = m.attrs["title"];
	}
	if (kind === NOTEREF) {
		s.marks &= NOTE;
		s.href = s.title = "";
	}
	return s;
}

/** spansOf reads the words of a textblock as they are. */
export function spansOf(node: Node): Span[] {
	const spans: Span[] = [];
	node.forEach(child => {
		if (child.isText) {
			const text = clean(child.text!);
			if (text !== "") spans.push(marked(TEXT, text, child.marks));
		} else if (child.type.name === "break") spans.push(marked(BREAK, "", child.marks));
		else if (child.type.name === "noteref") spans.push(marked(NOTEREF, child.attrs["note"], child.marks));
	});
	return spans;
}

const same = (a: Span, b: Span) => a.marks === b.marks && a.href === b.href && a.lang === b.lang && a.title === b.title;

/** normal: neighbours with the same marks are one, white space is single and never at an end or beside a break. */
export function normal(spans: readonly Span[]): Span[] {
	const out: Span[] = [];
	let space = true;
	for (const one of spans) {
		let s = one;
		const last = out[out.length - 1];
		if (s.kind === TEXT) {
			if (space && s.text.startsWith(" ")) s = { ...s, text: s.text.replace(/^ +/, "") };
			if (s.text === "") continue;
			space = s.text.endsWith(" ");
			if (last && last.kind === TEXT && same(last, s)) {
				out[out.length - 1] = { ...last, text: last.text + s.text };
				continue;
			}
		} else if (s.kind === BREAK) {
			trimSpace(out);
			const before = out[out.length - 1];
			if (!before || before.kind === BREAK) continue;
			space = true;
		} else {
			if (last && last.kind === NOTEREF && last.text === s.text) continue;
			space = false;
		}
		out.push(s);
	}
	for (let n = -1; n !== out.length;) {
		n = out.length;
		trimSpace(out);
		if (out.length > 0 && out[out.length - 1]!.kind === BREAK) out.pop();
	}
	return out.map(s => s.kind === TEXT ? { ...s, text: s.text.normalize("NFC") } : s);
}

function trimSpace(spans: Span[]): void {
	while (spans.length > 0) {
		const last = spans[spans.length - 1]!;
		if (last.kind !== TEXT) return;
		const text = last.text.replace(/ +$/, "");
		if (text !== "") {
			if (text !== last.text) spans[spans.length - 1] = { ...last, text };
			return;
		}
		spans.pop();
	}
}

/** fork is the first mark, in the order of nesting, that a and b do not share. */
function fork(a: Span | null, b: Span): number {
	const am = a?.marks ?? 0;
	const differ = am ^ b.marks;
	let m = differ === 0 ? END : differ & -differ;
	const shared = am & b.marks;
	if (a) {
		if (shared & LANG && a.lang !== b.lang) m = Math.min(m, LANG);
		if (shared & LINK && a.href !== b.href) m = Math.min(m, LINK);
		if (shared & ABBR && a.title !== b.title) m = Math.min(m, ABBR);
	}
	return m;
}

export function escapeText(s: string): string {
	return s.replace(/[&<>]/g, c => c === "&" ? "&amp;" : c === "<" ? "&lt;" : "&gt;");
}

export function attr(name: string, value: string): string {
	return ` ${name}="${escapeText(value).replace(/"/g, "&quot;")}"`;
}

/** write prints spans as nested elements: one stays open as long as those that follow share it. */
export function write(spans: readonly Span[]): string {
	let out = "";
	let prev: Span | null = null;
	for (const s of spans) {
		const from = fork(prev, s);
		out += close(prev?.marks ?? 0, from);
		for (let i = 0, m = 1; m < END; i++, m <<= 1) {
			if (m < from || !(s.marks & m)) continue;
			out += "<" + tags[i];
			if (m === LANG) out += attr("lang", s.lang);
			else if (m === LINK) out += attr("href", s.href);
			else if (m === ABBR && s.title !== "") out += attr("title", s.title);
			out += ">";
		}
		if (s.kind === TEXT) out += escapeText(s.text);
		else if (s.kind === BREAK) out += "<br>";
		else out += `<a class="fn" href="#${s.text}"></a>`;
		prev = s;
	}
	return out + close(prev?.marks ?? 0, 1);
}

function close(open: number, from: number): string {
	let out = "";
	for (let i = tags.length - 1, m = END >> 1; m >= from; i--, m >>= 1) if (open & m) out += `</${tags[i]}>`;
	return out;
}
