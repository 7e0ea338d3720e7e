// From the stored form to the editor: a reader of its own instead of the
// browser's, which would have to trust the string, and which forgives.

import type { Mark, Node } from "prosemirror-model";
import { markNames } from "./spans";
import { markTypes, schema, types } from "./schema";
import { cleanLang, newID, validID, validMedia } from "./text";
import { cleanHref, cleanURL, isWeb } from "./url";

/** NotStored is thrown for what is not the stored form of a body. */
export class NotStored extends Error {
	constructor(readonly at: number) {
		super(`not the stored form of a body, at ${at}`);
		this.name = "NotStored";
	}
}

/** read makes a document of a body in its stored form. An empty one is an empty paragraph. */
export function read(stored: string): Node {
	const r = new Reader(stored);
	const blocks: Node[] = [];
	const ids = new Set<string>();
	while (!r.done()) {
		const k = r.block(true, 0);
		r.want("\n");
		if (ids.has(k.attrs["id"])) r.fail();
		ids.add(k.attrs["id"]);
		blocks.push(k);
	}
	if (blocks.length === 0) blocks.push(types.paragraph.create({ id: newID() }));
	return schema.node("doc", null, blocks);
}

const maxDepth = 10;
const creditOpen = `<span class="credit">`;
const marksOf = new Map([["q", "q"], ["bdi", "bdi"], ["span", "lang"], ["a", "link"], ["abbr", "abbr"], ["strong", "strong"], ["em", "em"], ["s", "s"], ["sub", "sub"], ["sup", "sup"], ["code", "code"]]);
const ranks = new Map<string, number>(markNames.map((name, i) => [name, i]));
const said: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": `"` };

class Reader {
	private pos = 0;

	constructor(private readonly s: string) {}

	done() { return this.pos >= this.s.length; }

	fail(): never { throw new NotStored(this.pos); }

	private eat(lit: string): boolean {
		if (!this.s.startsWith(lit, this.pos)) return false;
		this.pos += lit.length;
		return true;
	}

	want(lit: string): void {
		if (!this.eat(lit)) this.fail();
	}

	private sees(lit: string): boolean { return this.s.startsWith(lit, this.pos); }

	private attr(name: string): string | null {
		if (!this.sees(` ${name}="`)) return null;
		const start = this.pos + name.length + 3;
		const end = this.s.indexOf(`"`, start);
		if (end < 0) this.fail();
		this.pos = end + 1;
		return this.plain(this.s.slice(start, end));
	}

	private plain(raw: string): string {
		return raw.includes("&") ? raw.replace(/&(amp|lt|gt|quot);/g, ref => said[ref]!) : raw;
	}

	private text(): string {
		const end = this.s.indexOf("<", this.pos);
		if (end < 0) this.fail();
		const raw = this.s.slice(this.pos, end);
		this.pos = end;
		return this.plain(raw);
	}

	private tag(): string {
		this.want("<");
		const m = /^[a-z0-9]+/.exec(this.s.slice(this.pos, this.pos + 12));
		if (!m) this.fail();
		this.pos += m[0].length;
		return m[0];
	}

	block(top: boolean, depth: number): Node {
		if (depth > maxDepth) this.fail();
		const tag = this.tag();
		const id = this.attr("id");
		if (top ? id === null || !validID(id) : id !== null) this.fail();
		const name = this.attr("class");
		switch (tag) {
			case "p":
				this.want(">");
				return this.ended((name === "pull" ? types.pull : types.paragraph).create({ id }, this.words()), tag);
			case "h2": case "h3": case "h4":
				this.want(">");
				return this.ended(types.heading.create({ id, level: Number(tag[1]) }, this.words()), tag);
			case "blockquote": {
				this.want(">");
				const inside = this.children(depth, ["</blockquote>", "<footer>"], ["paragraph", "list"]);
				let by: Node[] = [];
				if (this.eat("<footer>")) {
					by = this.words();
					this.want("</footer>");
				}
				return this.ended(types.quote.create({ id }, [...inside, types.speaker.create(null, by)]), tag);
			}
			case "aside":
				this.want(">");
				if (name === "note") {
					if (!top) this.fail();
					return this.ended(types.footnote.create({ id }, this.words()), tag);
				}
				return this.ended(types.aside.create({ id }, this.children(depth, ["</aside>"], ["paragraph", "heading", "list", "quote", "figure", "card"])), tag);
			case "ul": case "ol":
				return this.list(tag, id, depth);
			case "figure":
				return this.figure(name, id, depth);
			case "table":
				return this.table(id);
			case "hr":
				this.want(">");
				return types.rule.create({ id });
			case "pre": {
				this.want("><code>");
				const text = this.text();
				this.want("</code></pre>");
				return types.codeblock.create({ id }, text === "" ? null : schema.text(text));
			}
		}
		this.fail();
	}

	private ended(k: Node, tag: string): Node {
		this.want(`</${tag}>`);
		k.check();
		return k;
	}

	private children(depth: number, ends: string[], kinds: string[]): Node[] {
		const out: Node[] = [];
		while (!ends.some(end => this.sees(end))) {
			const k = this.block(false, depth + 1);
			if (!kinds.includes(k.type.name)) this.fail();
			out.push(k);
		}
		return out;
	}

	private list(tag: string, id: string | null, depth: number): Node {
		const attrs = { id, ordered: tag === "ol", start: 1 };
		if (attrs.ordered) {
			const start = this.attr("start");
			if (start !== null) attrs.start = /^[0-9]{1,7}$/.test(start) && Number(start) <= 1_000_000 ? Number(start) : this.fail();
		}
		this.want(">");
		const items: Node[] = [];
		while (this.eat("<li>")) {
			const words = types.paragraph.create(null, this.words());
			items.push(types.item.create(null, [words, ...this.children(depth, ["</li>"], ["list"])]));
			this.want("</li>");
		}
		if (items.length === 0) this.fail();
		return this.ended(types.list.create(attrs, items), tag);
	}

	private figure(name: string | null, id: string | null, depth: number): Node {
		this.want(">");
		switch (name) {
			case "card": {
				this.want("<a");
				const href = this.attr("href") ?? this.fail();
				this.want(">");
				if (cleanURL(href) !== href || !isWeb(href)) this.fail();
				const title = this.text();
				this.want("</a></figure>");
				return types.card.create({ id, href, title: title === href ? "" : title });
			}
			case "gallery": {
				const figures = this.children(depth, ["</figure>", "<figcaption>"], ["figure"]);
				const caption = types.caption.create(null, this.caption(false).words);
				return this.ended(types.gallery.create({ id }, [...figures, caption]), "figure");
			}
			case null: {
				this.want("<img");
				const media = /^ref:media\/([0-9]+)$/.exec(this.attr("src") ?? "")?.[1] ?? "";
				if (!validMedia(media)) this.fail();
				const alt = this.attr("alt") ?? "";
				this.want(">");
				const { words, credit } = this.caption(true);
				return this.ended(types.figure.create({ id, media, alt, credit }, words), "figure");
			}
		}
		this.fail();
	}

	private caption(credited: boolean): { words: Node[]; credit: string } {
		if (!this.eat("<figcaption>")) return { words: [], credit: "" };
		const words = this.words();
		let credit = "";
		if (credited && this.eat(creditOpen)) {
			credit = this.text();
			this.want("</span>");
			const last = words.pop();
			if (last) { // the space before the credit is the writer's, not the caption's
				if (!last.isText || !last.text!.endsWith(" ")) this.fail();
				const rest = last.text!.slice(0, -1);
				if (rest !== "") words.push(schema.text(rest, last.marks));
			}
		}
		this.want("</figcaption>");
		return { words, credit };
	}

	private table(id: string | null): Node {
		this.want(">");
		let caption: Node[] = [];
		if (this.eat("<caption>")) {
			caption = this.words();
			this.want("</caption>");
		}
		const rows: Node[] = [];
		for (;;) {
			const part = this.eat("<thead>") ? "thead" : this.eat("<tbody>") ? "tbody" : "";
			if (part === "") break;
			while (this.eat("<tr>")) {
				const cells: Node[] = [];
				while (this.sees("<t")) {
					const tag = this.tag();
					if (tag !== "td" && tag !== "th") this.fail();
					const number = this.attr("class") === "r";
					const colspan = this.times("colspan"), rowspan = this.times("rowspan");
					this.want(">");
					const type = tag === "th" ? types.headcell : types.cell;
					cells.push(this.ended(type.create({ number, colspan, rowspan }, this.words()), tag));
				}
				this.want("</tr>");
				rows.push(types.row.create({ head: part === "thead" }, cells));
			}
			this.want(`</${part}>`);
		}
		this.want("</table>");
		const table = types.table.create({ id }, [types.caption.create(null, caption), types.grid.create(null, rows)]);
		table.check();
		return table;
	}

	private times(name: string): number {
		const n = Number(this.attr(name) ?? 1);
		return Number.isInteger(n) && n >= 2 && n <= 100 ? n : 1;
	}

	/** words reads up to a tag that belongs to somebody else. */
	private words(): Node[] {
		const out: Node[] = [];
		const stack: Mark[] = [];
		for (;;) {
			const text = this.text();
			if (text !== "") out.push(schema.text(text, stack));
			if (this.sees("</")) {
				const mark = stack[stack.length - 1];
				if (!mark) return out;
				this.pos += 2;
				const tag = [...marksOf].find(([, name]) => name === mark.type.name)![0];
				this.want(tag + ">");
				stack.pop();
			} else if (this.eat("<br>")) out.push(types.break.create(null, null, stack));
			else if (this.eat(`<a class="fn" href="#`)) {
				const end = this.s.indexOf(`"`, this.pos);
				const note = end < 0 ? "" : this.s.slice(this.pos, end);
				if (!validID(note)) this.fail();
				this.pos = end;
				this.want(`"></a>`);
				out.push(types.noteref.create({ note }, null, stack));
			} else {
				if (stack.length === 0 && this.sees(creditOpen)) return out;
				const start = this.pos;
				const tag = this.tag();
				const name = marksOf.get(tag);
				if (name === undefined) {
					this.pos = start;
					if (stack.length > 0) this.fail();
					return out;
				}
				const mark = this.mark(name);
				this.want(">");
				if (stack.length > 0 && ranks.get(name)! <= ranks.get(stack[stack.length - 1]!.type.name)!) this.fail();
				stack.push(mark);
			}
		}
	}

	private mark(name: string): Mark {
		switch (name) {
			case "lang": {
				const lang = this.attr("lang") ?? "";
				if (lang === "" || cleanLang(lang) !== lang) this.fail();
				return markTypes.lang.create({ lang });
			}
			case "link": {
				const href = this.attr("href") ?? "";
				if (href === "" || cleanHref(href) !== href) this.fail();
				return markTypes.link.create({ href });
			}
			case "abbr":
				return markTypes.abbr.create({ title: this.attr("title") ?? "" });
		}
		return schema.marks[name]!.create();
	}
}
