// From the editor to the stored form (docs/contracts/body.md): what the
// sanitiser would leave alone, so that opening and saving changes no byte.

import type { Node } from "prosemirror-model";
import { attr, escapeText, LANG, LINK, normal, NOTEREF, spansOf, TEXT, write, type Span } from "./spans";
import { cleanCode, line, validMedia } from "./text";
import { cleanHref, cleanURL, isWeb, looksWeb } from "./url";

/** What blocks must know of one another: which notes and which blocks there are. */
interface Body {
	notes: ReadonlySet<string>;
	blocks: ReadonlySet<string> | null; // null: not yet known, every link within the text passes
	loose: boolean; // the block that is being written depends on others
}

// A block that refers to no other is written once and kept.
const written = new WeakMap<Node, string>();
const notesIn = new WeakMap<Node, Span[]>();

/** store writes a document in its stored form. */
export function store(doc: Node): string {
	const notes = new Set<string>();
	doc.forEach(k => {
		if (k.type.name === "footnote" && noteText(k).length > 0) notes.add(k.attrs["id"]);
	});
	const body: Body = { notes, blocks: null, loose: false };
	const parts: string[] = [], loose: number[] = [];
	const blocks = new Set<string>();
	doc.forEach((k, _, i) => {
		let part = written.get(k);
		if (part === undefined) {
			body.loose = false;
			part = block(k, body, true, false);
			if (body.loose) loose.push(i);
			else written.set(k, part);
		}
		if (part !== "" && k.type.name !== "footnote") blocks.add(k.attrs["id"]);
		parts.push(part);
	});
	body.blocks = blocks;
	for (const i of loose) parts[i] = block(doc.child(i), body, true, false);
	return parts.map(part => part === "" ? "" : part + "\n").join("");
}

/** storeBlock writes one top-level block as if every place it refers to were there. */
export function storeBlock(k: Node): string {
	return written.get(k) ?? block(k, { notes: everything, blocks: null, loose: false }, true, false);
}
const everything = { has: () => true } as unknown as ReadonlySet<string>;

function inline(node: Node, body: Body): Span[] {
	const spans: Span[] = [];
	for (const s of spansOf(node)) {
		if (s.kind === NOTEREF) {
			body.loose = true;
			if (body.notes.has(s.text)) spans.push(s);
			continue;
		}
		if (s.marks & LINK) {
			if (s.href.startsWith("#")) {
				body.loose = true;
				if (body.blocks && !body.blocks.has(s.href.slice(1))) unlink(s);
			} else if (cleanHref(s.href) !== s.href) unlink(s);
		}
		spans.push(s);
	}
	return normal(spans);
}

function unlink(s: Span): void {
	s.marks &= ~LINK;
	s.href = "";
}

// A note is the end of the way: it refers to nothing in the text.
function noteText(node: Node): Span[] {
	let spans = notesIn.get(node);
	if (spans) return spans;
	spans = [];
	for (const s of spansOf(node)) {
		if (s.kind === NOTEREF) continue;
		if (s.marks & LINK && (s.href.startsWith("#") || cleanHref(s.href) !== s.href)) {
			if (s.href.startsWith("#") && !/[\p{L}\p{Nd}]/u.test(s.text)) continue;
			unlink(s);
		}
		spans.push(s);
	}
	spans = normal(spans);
	notesIn.set(node, spans);
	return spans;
}

const open = (tag: string, id: string | null, name = "") => "<" + tag + (id ? attr("id", id) : "") + (name ? attr("class", name) : "");

function block(k: Node, body: Body, top: boolean, quoted: boolean): string {
	const id = top ? k.attrs["id"] as string : null;
	const el = (tag: string, name: string, inside: string) => inside === "" ? "" : `${open(tag, id, name)}>${inside}</${tag}>`;
	switch (k.type.name) {
		case "paragraph": {
			const spans = inline(k, body);
			const href = quoted ? "" : bare(spans);
			return href ? card(id, href, "") : el("p", "", write(spans));
		}
		case "heading":
			return el("h" + k.attrs["level"], "", write(inline(k, body)));
		case "pull":
			return el("p", "pull", write(inline(k, body)));
		case "footnote":
			return el("aside", "note", write(noteText(k)));
		case "quote": {
			let said = "", by = "";
			let speaker: Span[] = [];
			k.forEach(c => {
				if (c.type.name === "speaker") {
					speaker = inline(c, body);
					by = write(speaker);
				} else said += block(c, body, false, true);
			});
			if (said === "") return el("p", "", by);
			return el("blockquote", "q", said + (by === "" ? "" : `<footer>${by}</footer>`));
		}
		case "aside":
			return el("aside", "", children(k, body));
		case "list": {
			const items = list(k, body);
			if (!k.attrs["ordered"]) return el("ul", "", items);
			const start = k.attrs["start"] === 1 ? "" : attr("start", String(k.attrs["start"]));
			return items === "" ? "" : `${open("ol", id)}${start}>${items}</ol>`;
		}
		case "figure": {
			if (!validMedia(k.attrs["media"])) return "";
			const alt = line(k.attrs["alt"]);
			return `${open("figure", id)}><img src="ref:media/${k.attrs["media"]}"${alt === "" ? "" : attr("alt", alt)}>` +
				caption(inline(k, body), line(k.attrs["credit"])) + "</figure>";
		}
		case "gallery":
			return gallery(k, id, body);
		case "table":
			return table(k, id, body);
		case "rule":
			return open("hr", id) + ">";
		case "codeblock": {
			const text = cleanCode(k.textContent);
			return text === "" ? "" : `${open("pre", id)}><code>${escapeText(text)}</code></pre>`;
		}
		case "card":
			return card(id, k.attrs["href"], k.attrs["title"]);
	}
	throw new Error(`a block of kind ${k.type.name} cannot be stored`);
}

function children(k: Node, body: Body): string {
	let out = "";
	k.forEach(c => { out += block(c, body, false, false); });
	return out;
}

// A gallery of which one picture is left is that picture.
function gallery(k: Node, id: string | null, body: Body): string {
	const there: Node[] = [];
	k.forEach(c => { if (c.type.name === "figure" && validMedia(c.attrs["media"])) there.push(c); });
	const words = inline(k.lastChild!, body);
	if (there.length > 1) return `${open("figure", id, "gallery")}>${there.map(c => block(c, body, false, false)).join("")}${caption(words, "")}</figure>`;
	const one = there[0];
	if (!one) return words.length > 0 ? `${open("p", id)}>${write(words)}</p>` : "";
	const own = inline(one, body);
	const alt = line(one.attrs["alt"]);
	return `${open("figure", id)}><img src="ref:media/${one.attrs["media"]}"${alt === "" ? "" : attr("alt", alt)}>` +
		caption(own.length > 0 ? own : words, line(one.attrs["credit"])) + "</figure>";
}

function list(k: Node, body: Body): string {
	let out = "";
	k.forEach(item => {
		let inside = "";
		item.forEach((c, _, i) => { inside += i === 0 ? write(inline(c, body)) : block(c, body, false, false); });
		if (inside !== "") out += `<li>${inside}</li>`;
	});
	return out;
}

function caption(spans: Span[], credit: string): string {
	if (spans.length === 0 && credit === "") return "";
	const by = credit === "" ? "" : `<span class="credit">${escapeText(credit)}</span>`;
	return `<figcaption>${write(spans)}${spans.length > 0 && by !== "" ? " " : ""}${by}</figcaption>`;
}

function card(id: string | null, raw: string, title: string): string {
	const href = cleanURL(raw);
	if (!isWeb(href)) return "";
	title = line(title);
	const text = title === "" || cleanURL(title) === href ? href : title;
	return `${open("figure", id, "card")}><a${attr("href", href)}>${escapeText(text)}</a></figure>`;
}

// bare: a paragraph that is nothing but an address is a card.
function bare(spans: Span[]): string {
	const s = spans[0];
	if (spans.length !== 1 || !s || s.kind !== TEXT || s.marks & ~(LINK | LANG) || !looksWeb(s.text) || /[ \u00a0]/.test(s.text)) return "";
	const u = cleanURL(s.text);
	return u !== "" && (s.href === "" || s.href === u) ? u : "";
}

function table(k: Node, id: string | null, body: Body): string {
	let words: Span[] = [];
	const rows: { head: boolean; cells: string[]; heads: boolean }[] = [];
	let said = false, heads = true;
	k.forEach(part => {
		if (part.type.name === "caption") {
			words = inline(part, body);
			return;
		}
		part.forEach(row => {
			const cells: string[] = [];
			let all = true;
			row.forEach(c => {
				const spans = inline(c, body);
				said ||= spans.length > 0;
				const tag = c.type.name === "headcell" ? "th" : "td";
				all &&= tag === "th";
				cells.push(open(tag, null, c.attrs["number"] ? "r" : "") + times("colspan", c) + times("rowspan", c) + `>${write(spans)}</${tag}>`);
			});
			heads &&= row.attrs["head"] as boolean;
			rows.push({ head: heads, cells, heads: all });
		});
	});
	const by = write(words);
	if (!said) {
		if (by === "") return "";
		const href = bare(words);
		return href ? card(id, href, "") : `${open("p", id)}>${by}</p>`;
	}
	if (rows.length > 1 && !rows[0]!.head) rows[0]!.head = rows[0]!.heads;
	let out = open("table", id) + ">" + (by === "" ? "" : `<caption>${by}</caption>`);
	let part = "";
	for (const row of rows) {
		const want = row.head ? "thead" : "tbody";
		if (part !== want) out += (part === "" ? "" : `</${part}>`) + `<${part = want}>`;
		out += `<tr>${row.cells.join("")}</tr>`;
	}
	return `${out}</${part}></table>`;
}

const times = (name: string, c: Node) => c.attrs[name] > 1 ? attr(name, String(Math.min(c.attrs[name], 100))) : "";
