// What is pasted or dropped, whoever made it: Word, Google Docs, Telegram, web
// pages, mail. Nothing of its markup is kept: the words are read into blocks of
// our vocabulary, as richtext.FromHTML does on the server, and this knows more of
// what clipboards carry.

import { DOMParser, DOMSerializer, Fragment, Slice, type Mark, type MarkType, type Node, type ParseOptions } from "prosemirror-model";
import { markTypes, schema, types } from "./schema";
import { BREAK, markNames, normal, spansOf, TEXT, type Span } from "./spans";
import { cleanCode, cleanLang, line, newID, sameLang } from "./text";
import { cleanURL, hostOf, isWeb, looksWeb } from "./url";

const own = "data-dateline";

/** What was copied here says so: it is read as it was written. */
export class CopySerializer extends DOMSerializer {
	override serializeFragment(fragment: Fragment, options?: { document?: Document }, target?: HTMLElement | DocumentFragment) {
		const dom = super.serializeFragment(fragment, options, target);
		dom.firstElementChild?.setAttribute(own, "");
		return dom;
	}
}

export const copySerializer = () => new CopySerializer(DOMSerializer.nodesFromSchema(schema), DOMSerializer.marksFromSchema(schema));

/** PasteParser reads what was copied elsewhere into blocks. */
export class PasteParser extends DOMParser {
	constructor(private readonly lang: () => string) {
		super(schema, DOMParser.fromSchema(schema).rules);
	}

	override parseSlice(dom: HTMLElement, options?: ParseOptions): Slice {
		if (dom.hasAttribute?.(own) || dom.querySelector(`[${own}]`)) return super.parseSlice(dom, options);
		return new Slice(Fragment.from(fromDOM(dom, this.lang())), 0, 0);
	}
}

// Where styles of elements are read: under their own name the page's policy would
// complain of each, though the document is one that nobody sees.
const styles = "data-dl-style";

/** withoutStyles takes style sheets and handlers out of HTML and puts styles of elements under another name. */
export function withoutStyles(html: string): string {
	html = html.replace(/<style\b[\s\S]*?(<\/style>|$)/gi, "");
	if (!/\b(style|on\w+)\s*=/i.test(html)) return html;
	let out = "", from = 0;
	for (const m of html.matchAll(/<!--[\s\S]*?(?:-->|$)|<[a-z][^\s>/]*((?:[^>"']|"[^"]*"|'[^']*')*)>/gi)) {
		if (!m[1]) continue;
		const at = m.index + m[0].length - 1 - m[1].length;
		// name, then what belongs to it: a value in quotes may hold anything
		out += html.slice(from, at) + m[1].replace(/([^\s=>"'/]+)(\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?/g, (all, name: string, value = "") =>
			name.toLowerCase() === "style" ? styles + value : /^on/i.test(name) ? "" : all);
		from = at + m[1].length;
	}
	return out + html.slice(from);
}

/** fromText reads plain text: a blank line ends a paragraph; without any, each line is one. */
export function fromText(text: string, marks: readonly Mark[]): Slice {
	text = text.replace(/\r\n?/g, "\n").trim();
	const parts = /\n[ \t]*\n/.test(text) ? text.split(/\n(?:[ \t]*\n)+/) : text.split("\n");
	const blocks = parts.map(part => {
		const nodes: Node[] = [];
		part.split("\n").forEach((one, i) => {
			if (i > 0) nodes.push(types.break.create(null, null, marks));
			if (one !== "") nodes.push(schema.text(one, marks));
		});
		return types.paragraph.create(null, tidy(nodes));
	}).filter(p => p.content.size > 0);
	return Slice.maxOpen(Fragment.from(blocks));
}

const markOf = (s: Span): Mark[] => markNames.flatMap((name, i) => {
	if (!(s.marks & 1 << i)) return [];
	const attrs = name === "link" ? { href: s.href } : name === "lang" ? { lang: s.lang } : name === "abbr" ? { title: s.title } : null;
	return [schema.marks[name]!.create(attrs)];
});

/** tidy brings words into the form in which they will be stored. */
function tidy(nodes: readonly Node[]): Node[] {
	return normal(spansOf(types.paragraph.create(null, nodes as Node[]))).map(s =>
		s.kind === TEXT ? schema.text(s.text, markOf(s)) : s.kind === BREAK ? types.break.create(null, null, markOf(s)) : types.noteref.create({ note: s.text }, null, markOf(s)));
}

/** lineOf makes one line of several blocks, for a place that holds one: a caption, a cell, a headline. */
export function lineOf(slice: Slice): Node[] {
	const out: Node[] = [];
	slice.content.descendants(n => {
		if (!n.inlineContent) return n.type !== types.rule;
		if (out.length > 0 && n.content.size > 0) out.push(types.break.create());
		n.forEach(k => { if (k.type !== types.noteref) out.push(k); });
		return false;
	});
	slice.content.forEach(n => { if (n.isInline) out.push(n); });
	return tidy(out);
}

// ---

type Style = Map<string, string>;

const styleText = (e: Element) => e.getAttribute(styles) ?? "";

function styleOf(e: Element): Style {
	const out: Style = new Map();
	for (const part of styleText(e).split(";")) {
		const colon = part.indexOf(":");
		if (colon > 0) out.set(part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1).trim().toLowerCase());
	}
	return out;
}

const skipped = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEXTAREA", "TITLE", "svg", "SVG", "SELECT", "TEMPLATE", "CANVAS", "META", "LINK", "BASE", "INPUT", "OBJECT", "MAP", "DATALIST", "NOEMBED", "NOFRAMES", "XML", "BUTTON", "HEAD", "math"]);
const inlineTags = new Set(["A", "B", "I", "EM", "STRONG", "SPAN", "S", "U", "SUB", "SUP", "SMALL", "BIG", "FONT", "ABBR", "ACRONYM", "Q", "BDI", "BDO", "CITE", "CODE", "KBD", "SAMP", "VAR", "MARK", "DEL", "INS", "STRIKE", "TT", "TIME", "WBR", "NOBR", "DFN", "DATA", "RUBY", "RB", "LABEL", "O:P", "PICTURE"]);

/** A Sink is what blocks and words are gathered in. */
interface Sink {
	kind: "root" | "quote" | "aside" | "figure" | "item" | "list" | "line";
	takes: ReadonlySet<string>; // kinds of blocks
	out: Node[];
	line: Node[];
	late: Node[]; // item: further items, from lists that would have been too deep
	br: boolean; // a break is due before the next word
	made: (words: Node[]) => Node; // of a paragraph of it
}

const paragraphOf = (words: Node[]) => types.paragraph.create(null, words);
const sinks: Record<Sink["kind"], readonly string[]> = {
	root: ["paragraph", "heading", "quote", "pull", "aside", "list", "figure", "gallery", "table", "rule", "codeblock", "footnote", "card"],
	quote: ["paragraph", "list"],
	aside: ["paragraph", "heading", "list", "quote", "figure", "card"],
	figure: ["paragraph", "figure", "gallery", "card", "table", "quote", "pull"],
	item: ["list"],
	list: [],
	line: [],
};

class Builder {
	private readonly root = this.sink("root");
	private stack: Sink[] = [this.root];
	private marks: readonly Mark[] = [];
	private after: Node[] = []; // blocks that could not stand where they were found
	private wordItems: { level: number; ordered: boolean; start: number; words: Node[] }[] = [];
	private readonly notes = new Map<string, string>(); // names of notes → their new ids
	private readonly noteElements = new Map<Element, string>();
	private inNote = false;
	private breaks = false; // ends of lines in the text are breaks
	private readonly word: boolean;

	constructor(private readonly top: HTMLElement, private readonly lang: string) {
		this.word = !!top.querySelector(`[class^="Mso"], [class*=" Mso"], [${styles}*="mso-"], o\\:p`);
		this.findNotes();
	}

	private sink(kind: Sink["kind"]): Sink {
		return { kind, takes: new Set(sinks[kind]), out: [], line: [], late: [], br: false, made: paragraphOf };
	}

	private get here(): Sink { return this.stack[this.stack.length - 1]!; }

	build(): Node[] {
		this.children(this.top);
		this.flush();
		return this.root.out;
	}

	// Whatever is still open at the top is complete.
	private flush(): void {
		this.endLine();
		this.endWordList();
		if (this.stack.length === 1) this.hoist();
	}

	// --- notes

	// Lists or boxes at the end of a text to whose items links in it lead.
	private findNotes(): void {
		const wanted = new Set<string>();
		for (const a of this.top.querySelectorAll("a[href^='#']")) wanted.add(place(a));
		if (wanted.size === 0) return;
		const note = (e: Element, names: string[]) => {
			const id = newID();
			this.noteElements.set(e, id);
			for (const name of names) this.notes.set(name, id);
		};
		for (const e of this.top.querySelectorAll<HTMLElement>(`div[id^="ftn"], div[id^="edn"], div[${styles}*="mso-element:footnote"], div[${styles}*="mso-element:endnote"]`)) {
			const names = [...e.querySelectorAll("[name], [id]")].flatMap(x => [x.getAttribute("name"), x.id]).concat(e.id).filter((n): n is string => !!n && wanted.has(n));
			if (names.length > 0 && e.id !== "") note(e, names);
		}
		for (const ol of this.top.querySelectorAll("ol")) {
			const items = [...ol.children];
			if (items.length === 0 || items.some(li => li.nodeName !== "LI" || !li.id) || !items.some(li => wanted.has(li.id))) continue;
			for (const li of items) note(li, [li.id]);
		}
		// Google Docs: a paragraph in a box of its own, which begins with the link back.
		for (const a of this.top.querySelectorAll("a[id^='ftnt']:not([id^='ftnt_ref'])")) {
			const box = a.closest("div") ?? a.closest("p");
			if (box && box !== this.top && !this.noteElements.has(box)) note(box, [a.id]);
		}
	}

	private note(e: Element, id: string): void {
		this.flush();
		this.inNote = true;
		const words = tidy(this.words(e).filter(n => n.type !== types.noteref));
		this.inNote = false;
		if (words.length > 0) this.emit(types.footnote.create({ id }, words));
	}

	// --- blocks

	// A block stands where it was found, or behind the top-level block that it was found in.
	private emit(k: Node): void {
		if (this.wordItems.length > 0 && this.stack.length === 1) this.endWordList();
		const s = this.here;
		if (s.kind === "quote" && k.type === types.heading) k = paragraphOf(k.content.content as Node[]);
		if (!s.takes.has(k.type.name)) {
			this.after.push(k);
			return;
		}
		this.endLine(s);
		s.out.push(k);
		if (this.stack.length === 1) this.hoist();
	}

	private hoist(): void {
		this.root.out.push(...this.after);
		this.after = [];
	}

	/** endLine ends the paragraph that is open in a sink. */
	private endLine(s = this.here): void {
		if (s.kind === "line" || s.kind === "item" || s.kind === "list") {
			if (s.line.length > 0) s.br = true;
			return;
		}
		const all = s.line;
		s.line = [];
		let part: Node[] = [];
		const one = () => {
			const words = tidy(part);
			part = [];
			if (!words.some(n => n.type === types.noteref || n.isText && /[^ \u00a0]/.test(n.text!))) return;
			const k = s.made(words);
			const href = k.type === types.paragraph && s.kind !== "quote" ? bare(k) : "";
			s.out.push(href === "" ? k : types.card.create({ href }));
		};
		// Two breaks in a row end a paragraph.
		all.forEach((n, i) => {
			const blank = (x: Node | undefined) => !!x && x.isText && /^[ \u00a0]*$/.test(x.text!);
			if (n.type !== types.break) { part.push(n); return; }
			let j = i + 1;
			while (blank(all[j])) j++;
			if (all[j]?.type === types.break) one();
			else part.push(n);
		});
		one();
	}

	private within(kind: Sink["kind"], e: Element, made?: (words: Node[]) => Node): Sink {
		const s = this.sink(kind);
		if (made) s.made = made;
		this.stack.push(s);
		this.children(e);
		if (s.kind !== "line" && s.kind !== "item") this.endLine(s);
		this.stack.pop();
		return s;
	}

	/** words are those of an element, as one line. */
	private words(e: Element): Node[] {
		return tidy(this.within("line", e).line);
	}

	// --- words

	private text(s: string): void {
		const here = this.here;
		if (here.kind === "list" && /\S/.test(s)) { // words of a list outside of its items
			const item = this.sink("item");
			this.stack.push(item);
			this.text(s);
			this.stack.pop();
			this.item(here, item);
			return;
		}
		if (this.wordItems.length > 0 && this.stack.length === 1 && /\S/.test(s)) this.endWordList();
		const parts = this.breaks ? s.split("\n") : [s];
		parts.forEach((part, i) => {
			if (i > 0) this.lineBreak();
			part = part.replace(/[ \t\r\n\f]+/g, " ");
			if (part === "" || part === " " && here.line.length === 0) return;
			if (here.br && part !== " ") {
				here.br = false;
				if (here.line.length > 0) here.line.push(types.break.create());
			}
			if (!(here.br && part === " ")) here.line.push(schema.text(part, this.marks as Mark[]));
		});
	}

	private lineBreak(): void {
		if (this.here.kind === "list") return;
		if (this.here.line.length > 0) this.here.line.push(types.break.create(null, null, this.marks as Mark[]));
	}

	private children(e: globalThis.Node): void {
		for (let c = e.firstChild; c; c = c.nextSibling) {
			if (c.nodeType === 3) this.text(c.nodeValue!);
			else if (c.nodeType === 1) this.element(c as HTMLElement);
		}
	}

	private marked(marks: readonly Mark[], f: () => void): void {
		const before = this.marks;
		this.marks = marks;
		f();
		this.marks = before;
	}

	private element(e: HTMLElement): void {
		const tag = e.nodeName;
		if (skipped.has(tag) || e.hidden) return;
		const style = styleOf(e);
		if (style.get("display") === "none" || style.get("mso-hide") === "all" || style.get("mso-list") === "ignore") return;
		if (/^mso-element:comment-list|;\s*mso-element:comment-list/.test(styleText(e))) return;
		const note = this.noteElements.get(e);
		if (note !== undefined) {
			this.noteElements.delete(e);
			this.note(e, note);
			return;
		}
		const space = style.get("white-space");
		const breaks = this.breaks;
		if (space !== undefined) this.breaks = /^(pre|break-spaces)/.test(space);
		if (inlineTags.has(tag)) this.inline(e, tag, style);
		else this.block(e, tag, style);
		this.breaks = breaks;
	}

	private inline(e: HTMLElement, tag: string, style: Style): void {
		if (tag === "O:P" && !/[^\s\u00a0]/.test(e.textContent ?? "")) return;
		if (tag === "CITE" && this.here.kind === "quote") {
			this.speaker(e);
			return;
		}
		if (e.classList.contains("emoji") && /\p{Extended_Pictographic}/u.test(e.textContent ?? "")) {
			this.marked(this.marks.filter(m => m.type === markTypes.link), () => this.text(e.textContent!));
			return;
		}
		let marks = this.marks;
		const add = (type: MarkType, attrs: Record<string, unknown> | null = null) => { marks = type.create(attrs).addToSet(marks); };
		const drop = (type: MarkType) => { marks = marks.filter(m => m.type !== type); };
		switch (tag) {
			case "A": {
				const href = this.href(e);
				if (href.startsWith("#")) { // leads to a note, or back from one
					const id = this.notes.get(href.slice(1));
					if (id) {
						const last = this.here.line[this.here.line.length - 1];
						if (last?.type !== types.noteref || last.attrs["note"] !== id) {
							const kept = this.marks.filter(m => !([markTypes.link, markTypes.abbr, markTypes.sub, markTypes.sup, markTypes.code] as MarkType[]).includes(m.type));
							if (this.here.kind !== "list") this.here.line.push(types.noteref.create({ note: id }, null, kept as Mark[]));
						}
						return;
					}
					// The mark at a note's beginning, or the arrow at its end, that leads back is ours to print.
					if (this.inNote && !/\p{L}{2}/u.test(e.textContent ?? "")) return;
				} else if (href !== "") add(markTypes.link, { href });
				break;
			}
			case "B": case "STRONG":
				if (!/^(normal|[1-4]00)$/.test(style.get("font-weight") ?? "")) add(markTypes.strong);
				break;
			case "I": case "EM": case "CITE": case "DFN": case "VAR":
				if (style.get("font-style") !== "normal") add(markTypes.em);
				break;
			case "S": case "STRIKE": case "DEL": add(markTypes.s); break;
			case "SUB": add(markTypes.sub); break;
			case "SUP": add(markTypes.sup); break;
			case "Q": add(markTypes.q); break;
			case "BDI": case "BDO": add(markTypes.bdi); break;
			case "ABBR": case "ACRONYM": add(markTypes.abbr, { title: line(e.getAttribute("title") ?? "") }); break;
			case "CODE": case "KBD": case "SAMP": case "TT": add(markTypes.code); break;
		}
		// What programs say by style. Weight and slant of headings are the headings' own.
		if (tag === "SPAN" || tag === "FONT" || tag === "A" || tag === "U" || tag === "INS") {
			const weight = style.get("font-weight") ?? "", slant = style.get("font-style") ?? "";
			if (/^(bold|bolder|[6-9]00)$/.test(weight)) add(markTypes.strong);
			else if (/^(normal|[1-5]00)$/.test(weight)) drop(markTypes.strong);
			if (slant.startsWith("italic")) add(markTypes.em);
			else if (slant === "normal") drop(markTypes.em);
			if (/line-through/.test((style.get("text-decoration") ?? "") + (style.get("text-decoration-line") ?? ""))) add(markTypes.s);
			const raised = style.get("vertical-align");
			if (raised === "super") add(markTypes.sup);
			else if (raised === "sub") add(markTypes.sub);
		}
		// Word names the keyboard that was set, not the language that was written.
		const lang = this.word ? "" : cleanLang(e.getAttribute("lang") ?? "");
		if (lang !== "" && !sameLang(lang, this.lang)) add(markTypes.lang, { lang });
		this.marked(marks, () => this.children(e));
	}

	private href(e: Element): string {
		const raw = (e.getAttribute("href") ?? "").trim();
		if (raw.startsWith("#")) return "#" + place(e);
		// Word and some mail programs write the whole address before the place.
		const hash = /^(?:file|about|blob):[^#]*#(.+)$/i.exec(raw);
		if (hash) return "#" + hash[1]!;
		const u = cleanURL(raw);
		// What was shared through Google Docs or Facebook leads there first.
		const through = /^https:\/\/(?:www\.google\.[a-z.]+\/url|l\.facebook\.com\/l\.php|away\.vk\.com\/away\.php|vk\.com\/away\.php)\?(.*)$/.exec(u);
		if (through) {
			const query = new URLSearchParams(through[1]);
			const real = cleanURL(query.get("q") ?? query.get("u") ?? query.get("to") ?? query.get("url") ?? "");
			if (isWeb(real)) return real;
		}
		return u;
	}

	// --- elements that are blocks

	private block(e: HTMLElement, tag: string, style: Style): void {
		switch (tag) {
			case "BR":
				if (!e.classList.contains("Apple-interchange-newline")) this.lineBreak();
				return;
			case "IMG": return this.picture(e as HTMLImageElement);
			case "IFRAME": case "EMBED": return this.card(watch(e.getAttribute("src") ?? ""), e.getAttribute("title") ?? "");
			case "VIDEO": case "AUDIO":
				return this.card(e.getAttribute("src") || e.querySelector("source")?.getAttribute("src") || "", e.getAttribute("title") ?? "");
			case "WBR": case "COL": case "COLGROUP": case "AREA": case "PARAM": case "SOURCE": case "TRACK": return;
		}
		if (this.here.kind === "line") { // one line: its blocks are breaks
			this.inLine(e, tag);
			return;
		}
		const item = this.word && tag === "P" && this.stack.length === 1 ? msoList(style) : 0;
		if (item > 0) {
			this.wordItem(e, item);
			return;
		}
		if (tag === "LI" && this.here.kind === "list") {
			const list = this.here;
			this.item(list, this.within("item", e));
			return;
		}
		if ((tag === "UL" || tag === "OL" || tag === "MENU" || tag === "DIR") && (this.here.kind === "list" || this.here.kind === "item")) {
			this.list(e, tag);
			return;
		}
		this.endLine();
		if (this.stack.length === 1) this.flush();
		switch (tag) {
			case "H1": case "H2": case "H3": case "H4": case "H5": case "H6": {
				if (this.here.kind === "item" || this.here.kind === "list") break;
				const level = Math.min(Math.max(Number(tag[1]), 2), 4);
				const words = this.words(e);
				if (words.some(said)) this.emit(types.heading.create({ level }, plainHeading(words)));
				return;
			}
			case "P":
				if (e.classList.contains("MsoTitle") && this.here.kind === "root") {
					const words = this.words(e);
					if (words.some(said)) this.emit(types.heading.create({ level: 2 }, plainHeading(words)));
					return;
				}
				if (e.classList.contains("pull") && this.here.kind === "root") {
					const words = this.words(e);
					if (words.some(said)) this.emit(types.pull.create(null, words));
					return;
				}
				break;
			case "HR":
				if (this.here.takes.has("rule") && !(this.word && /footnote-list|endnote-list/.test(e.parentElement ? styleText(e.parentElement) : ""))) this.emit(types.rule.create());
				return;
			case "UL": case "OL": case "MENU": case "DIR": return this.list(e, tag);
			case "BLOCKQUOTE":
				if (this.stack.some(s => s.kind === "quote")) break;
				return this.quote(e);
			case "FOOTER":
				if (this.here.kind === "quote") return this.speaker(e);
				break;
			case "ASIDE":
				if (this.here.kind === "root") {
					const s = this.within("aside", e);
					if (s.out.length > 0) this.emit(types.aside.create(null, s.out));
					return;
				}
				break;
			case "FIGURE": return this.figure(e);
			case "FIGCAPTION":
				break;
			case "TABLE": return this.table(e as HTMLTableElement);
			case "PRE": {
				if (this.here.kind === "item") break;
				const text = cleanCode(preText(e));
				if (text !== "") this.emit(types.codeblock.create(null, schema.text(text)));
				return;
			}
		}
		this.children(e);
		this.endLine();
	}

	private inLine(e: HTMLElement, tag: string): void {
		const here = this.here;
		if (here.line.length > 0) here.br = true;
		if (tag === "LI") { // lists in a cell are lines with their marks
			const ol = e.parentElement?.nodeName === "OL";
			const n = [...e.parentElement?.children ?? []].indexOf(e) + 1;
			this.text(ol ? n + ". " : "• ");
			here.br = false;
		}
		this.children(e);
		if (here.line.length > 0) here.br = true;
	}

	private list(e: HTMLElement, tag: string): void {
		const ordered = tag === "OL";
		const n = Number(e.getAttribute("start") ?? 1);
		const up = this.here;
		// Some programs put a list behind the item that it belongs to.
		const inner = up.kind === "list" && up.out.length > 0 ? up.out.pop()! : null;
		const depth = this.stack.filter(s => s.kind === "list").length;
		const s = this.within("list", e);
		if (s.out.length === 0) {
			if (inner) up.out.push(inner);
			return;
		}
		if (depth >= 6) { // no deeper: its items go on in the list around it
			if (inner) up.out.push(inner);
			(up.kind === "item" ? up.late : up.out).push(...s.out);
			return;
		}
		const list = types.list.create({ ordered, start: ordered && Number.isInteger(n) && n >= 0 && n <= 1e6 ? n : 1 }, s.out);
		if (inner) up.out.push(inner.copy(inner.content.addToEnd(list)));
		else if (up.kind === "list") up.out.push(types.item.create(null, [types.paragraph.create(), list]));
		else if (up.kind === "item") {
			up.out.push(list);
			up.br = up.line.length > 0;
		} else this.emit(list);
	}

	private item(list: Sink, s: Sink): void {
		const words = tidy(s.line);
		if (words.length + s.out.length > 0) list.out.push(types.item.create(null, [types.paragraph.create(null, words), ...s.out]));
		list.out.push(...s.late);
	}

	private quote(e: HTMLElement): void {
		const pull = /\b(pull|pullquote|wp-block-pullquote)\b/.test(e.className + " " + (e.parentElement?.nodeName === "FIGURE" ? e.parentElement.className : ""));
		const s = this.within("quote", e);
		const by = s.out.filter(k => k.type === types.speaker).flatMap((k, i) => i === 0 ? [...k.content.content] : [types.break.create(), ...k.content.content]);
		const said = s.out.filter(k => k.type !== types.speaker);
		if (said.length === 0) {
			if (by.length > 0) this.emit(paragraphOf(by));
			return;
		}
		if (pull) this.emit(types.pull.create(null, lineOf(new Slice(Fragment.from([...said, ...(by.length > 0 ? [paragraphOf(by)] : [])]), 0, 0))));
		else this.emit(types.quote.create(null, [...said, types.speaker.create(null, by)]));
	}

	private speaker(e: HTMLElement): void {
		this.endLine();
		const words = this.words(e);
		// A dash before the name is a matter of how it is shown.
		const first = words[0];
		if (first?.isText) {
			const text = first.text!.replace(/^[—–-]\s*/, "");
			if (text === "") words.shift();
			else words[0] = schema.text(text, first.marks);
		}
		if (words.length > 0) this.here.out.push(types.speaker.create(null, words));
	}

	private figure(e: HTMLElement): void {
		const caption = e.querySelector(":scope > figcaption, :scope > * > figcaption");
		const words = caption && caption.closest("figure") === e ? this.words(caption) : [];
		if (caption && caption.closest("figure") === e) caption.remove();
		const s = this.within("figure", e);
		const kids = s.out;
		const one = kids.length === 1 ? kids[0]! : null;
		if (one?.type === types.figure && one.content.size === 0) this.emit(one.copy(Fragment.from(words)));
		else if (kids.length > 1 && kids.every(k => k.type === types.figure)) this.emit(types.gallery.create(null, [...kids, types.caption.create(null, words)]));
		else if (one?.type === types.table && one.child(0).content.size === 0) this.emit(one.copy(Fragment.from([types.caption.create(null, words), one.child(1)])));
		else if (one?.type === types.card && one.attrs["title"] === "") this.emit(types.card.create({ href: one.attrs["href"], title: titleOf(one.attrs["href"], words.map(n => n.textContent).join("")) }));
		else {
			for (const k of kids) this.emit(k);
			if (words.some(said)) this.emit(paragraphOf(words));
		}
	}

	private picture(e: HTMLImageElement): void {
		const src = (e.getAttribute("src") ?? "").trim();
		const alt = e.getAttribute("alt") ?? "";
		if (alt !== "" && alt.length < 40 && (/\b(emoji|wp-smiley|custom-emoji)\b/.test(e.className) || /^\p{Extended_Pictographic}[\p{Extended_Pictographic}\u200d\ufe0f\u{1f3fb}-\u{1f3ff}]*$/u.test(alt))) {
			this.marked(this.marks.filter(m => m.type === markTypes.link), () => this.text(alt));
			return;
		}
		if (e.getAttribute("width") === "1" && e.getAttribute("height") === "1") return;
		this.card(src || e.getAttribute("data-src") || "", alt);
	}

	private card(src: string, title: string): void {
		const href = cleanURL(src);
		if (isWeb(href)) this.emit(types.card.create({ href, title: titleOf(href, title) }));
	}

	private table(e: HTMLTableElement): void {
		const rows = [...e.querySelectorAll<HTMLTableRowElement>("tr")].filter(r => r.closest("table") === e);
		const cells = rows.flatMap(r => [...r.children].filter(c => c.nodeName === "TD" || c.nodeName === "TH"));
		// A table of one cell, or around other tables, is layout.
		if (cells.length <= 1 || e.getAttribute("role") === "presentation" || e.querySelector("table")) {
			for (const c of cells) {
				this.children(c);
				this.endLine();
			}
			return;
		}
		const caption = e.querySelector(":scope > caption");
		const words = caption ? this.words(caption) : [];
		let said = false, heads = true;
		const made: Node[] = [];
		for (const r of rows) {
			let all = true;
			const row = [...r.children].filter(c => c.nodeName === "TD" || c.nodeName === "TH").map(c => {
				const inside = this.words(c);
				said ||= inside.length > 0;
				const style = styleOf(c);
				all &&= c.nodeName === "TH";
				const right = c.classList.contains("r") || style.get("text-align") === "right" || c.getAttribute("align") === "right" ||
					[...c.children].some(p => styleOf(p).get("text-align") === "right" || p.getAttribute("align") === "right");
				return (c.nodeName === "TH" ? types.headcell : types.cell).create({ colspan: spans(c, "colspan"), rowspan: spans(c, "rowspan"), number: right }, inside);
			});
			if (row.length === 0) continue;
			heads &&= r.parentElement?.nodeName === "THEAD" || made.length === 0 && all && rows.length > 1;
			made.push(types.row.create({ head: heads }, row));
		}
		if (!said) {
			if (words.length > 0) this.emit(paragraphOf(words));
			return;
		}
		this.emit(types.table.create(null, [types.caption.create(null, words), types.grid.create(null, made)]));
	}

	// --- Word's lists: paragraphs that say their level

	private wordItem(e: HTMLElement, level: number): void {
		this.endLine();
		const mark = (e.querySelector(`[${styles}*="mso-list:Ignore"], [${styles}*="mso-list: Ignore"]`)?.textContent ?? "").replace(/[\s\u00a0]+/g, "");
		const number = /^\(?([0-9]+|[a-zа-я]|[ivxlc]+)[.)]/i.exec(mark);
		this.wordItems.push({ level, ordered: number !== null && mark !== "o", start: number ? parseInt(number[1]!, 10) || 1 : 1, words: this.words(e) });
	}

	private endWordList(): void {
		const items = this.wordItems.filter(i => i.words.length > 0);
		this.wordItems = [];
		if (items.length === 0) return;
		const build = (from: number, level: number): [Node[], number] => {
			const lists: Node[] = [];
			let i = from;
			while (i < items.length && items[i]!.level >= level) {
				const { ordered, start } = items[i]!;
				const made: Node[] = [];
				while (i < items.length && items[i]!.level >= level && (items[i]!.level > level || items[i]!.ordered === ordered)) {
					if (items[i]!.level > level) {
						const [inner, next] = build(i, level + 1);
						const last = made.pop() ?? types.item.create(null, types.paragraph.create());
						made.push(last.copy(last.content.append(Fragment.from(inner))));
						i = next;
						continue;
					}
					made.push(types.item.create(null, types.paragraph.create(null, items[i++]!.words)));
				}
				lists.push(types.list.create({ ordered, start }, made));
			}
			return [lists, i];
		};
		const least = Math.min(...items.map(i => i.level));
		for (const item of items) item.level = Math.min(item.level - least + 1, 6);
		this.root.out.push(...build(0, 1)[0]);
	}
}

const place = (a: Element): string => {
	const raw = (a.getAttribute("href") ?? "").slice(1);
	try {
		return decodeURIComponent(raw);
	} catch {
		return raw;
	}
};

const said = (n: Node) => n.type === types.noteref || n.isText && /[^ \u00a0]/.test(n.text!);

const spans = (c: Element, name: string) => {
	const n = Number(c.getAttribute(name));
	return Number.isInteger(n) && n > 1 ? Math.min(n, 100) : 1;
};

// All of a heading in bold is how it was shown there, not a stress on it.
function plainHeading(words: Node[]): Node[] {
	const strong = markTypes.strong;
	if (!words.every(n => !n.isText || strong.isInSet(n.marks))) return words;
	return words.map(n => n.mark(strong.removeFromSet(n.marks)));
}

function titleOf(href: string, title: string): string {
	title = line(title);
	return title === href || cleanURL(title) === href ? "" : title;
}

function bare(k: Node): string {
	const one = k.childCount === 1 ? k.child(0) : null;
	if (!one?.isText || !looksWeb(one.text!) || /[ \u00a0]/.test(one.text!)) return "";
	if (one.marks.some(m => m.type !== markTypes.link)) return "";
	const u = cleanURL(one.text!);
	const link = markTypes.link.isInSet(one.marks);
	return link && link.attrs["href"] !== u ? "" : u;
}

function msoList(style: Style): number {
	const m = /level([0-9]+)/.exec(style.get("mso-list") ?? "");
	return m ? Number(m[1]) : 0;
}

function preText(e: Element): string {
	let out = "";
	const walk = (n: globalThis.Node) => {
		for (let c = n.firstChild; c; c = c.nextSibling) {
			if (c.nodeType === 3) out += c.nodeValue;
			else if (c.nodeName === "BR") out += "\n";
			else {
				if (/^(P|DIV|LI)$/.test(c.nodeName) && out !== "" && !out.endsWith("\n")) out += "\n";
				walk(c);
			}
		}
	};
	walk(e);
	return out;
}

// A player's address leads to the page that people open.
function watch(src: string): string {
	const u = cleanURL(src);
	const m = /^https:\/\/(?:www\.youtube(?:-nocookie)?\.com\/embed\/|player\.vimeo\.com\/video\/)([^?#&/]+)/.exec(u);
	if (!m || m[1] === "videoseries") return u;
	return (hostOf(u) === "player.vimeo.com" ? "https://vimeo.com/" : "https://www.youtube.com/watch?v=") + m[1];
}

/** fromDOM reads an element's content into blocks, which have no names yet. */
export function fromDOM(top: HTMLElement, lang: string): Node[] {
	const blocks = new Builder(top, lang).build();
	// What refers to a note that did not come along goes.
	const notes = new Set(blocks.filter(k => k.type === types.footnote).map(k => k.attrs["id"]));
	return blocks.map(k => without(k, notes));
}

function without(k: Node, notes: ReadonlySet<string>): Node {
	if (k.isLeaf) return k;
	const out: Node[] = [];
	let changed = false;
	k.forEach(c => {
		if (c.type === types.noteref && !notes.has(c.attrs["note"])) {
			changed = true;
			return;
		}
		const kept = without(c, notes);
		changed ||= kept !== c;
		out.push(kept);
	});
	return changed ? k.copy(Fragment.from(out)) : k;
}
