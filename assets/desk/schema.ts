// The vocabulary of docs/contracts/body.md as ProseMirror's schema. Whatever it
// can hold, store.ts can write; whatever the stored form can say, it can hold.

import { Schema, type Attrs, type DOMOutputSpec, type Node, type NodeSpec, type MarkSpec } from "prosemirror-model";
import { cleanLang, line, validID, validMedia } from "./text";
import { cleanHref, cleanURL, isWeb } from "./url";

const id = { default: null, validate: "string|null" };

// What is pasted may claim any name; paste.ts gives new ones.
const idOf = (e: HTMLElement) => {
	const name = e.getAttribute("data-block") ?? "";
	return validID(name) ? name : null;
};
const named = (n: Node, more: Record<string, string | null | undefined> = {}) => ({ "data-block": n.attrs["id"] as string | null, ...more });

function element(tag: string, over: Partial<NodeSpec> & { class?: string; from?: NodeSpec["parseDOM"] }): NodeSpec {
	const { class: name, from, ...spec } = over;
	return {
		attrs: { id },
		parseDOM: from ?? [{ tag: name ? `${tag}.${name}` : tag, getAttrs: e => ({ id: idOf(e) }), ...(name ? { priority: 60 } : {}) }],
		// In the editor an aside is part of the text, no landmark of the page.
		toDOM: (n): DOMOutputSpec => [tag, named(n, { class: name, role: tag === "aside" ? "note" : undefined }), 0],
		...spec,
	};
}

const figureOf = (e: HTMLElement): Attrs | false => {
	const img = e.querySelector("img");
	const media = (img?.getAttribute("data-media") ?? "");
	if (!validMedia(media)) return false;
	return { id: idOf(e), media, alt: line(img?.getAttribute("alt") ?? ""), credit: line(e.getAttribute("data-credit") ?? "") };
};

const cardOf = (e: HTMLElement): Attrs | false => {
	const href = cleanURL(e.querySelector("a")?.getAttribute("href") ?? "");
	if (!isWeb(href)) return false;
	const title = line(e.querySelector("a")?.textContent ?? "");
	return { id: idOf(e), href, title: title === href ? "" : title };
};

const span = (e: HTMLElement, name: string) => {
	const n = Number(e.getAttribute(name));
	return Number.isInteger(n) && n > 1 ? Math.min(n, 100) : 1;
};

const cell = (tag: "td" | "th", role: string): NodeSpec => ({
	content: "inline*",
	attrs: { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null }, number: { default: false } },
	tableRole: role,
	isolating: true,
	parseDOM: [{ tag, getAttrs: e => ({ colspan: span(e, "colspan"), rowspan: span(e, "rowspan"), number: e.classList.contains("r") }) }],
	toDOM: n => [tag, {
		colspan: n.attrs["colspan"] > 1 ? String(n.attrs["colspan"]) : undefined,
		rowspan: n.attrs["rowspan"] > 1 ? String(n.attrs["rowspan"]) : undefined,
		class: n.attrs["number"] ? "r" : undefined,
	}, 0],
});

const nodes = {
	doc: { content: "block+" },
	paragraph: element("p", { group: "block", content: "inline*" }),
	heading: {
		group: "block", content: "inline*", defining: true,
		attrs: { id, level: { default: 2 } },
		parseDOM: [2, 3, 4].map(level => ({ tag: "h" + level, getAttrs: (e: HTMLElement) => ({ id: idOf(e), level }) })),
		toDOM: n => ["h" + n.attrs["level"], named(n), 0],
	},
	quote: element("blockquote", { group: "block", content: "(paragraph | list)+ speaker", defining: true }),
	speaker: { content: "inline*", isolating: false, defining: true, parseDOM: [{ tag: "footer", context: "quote/" }], toDOM: () => ["footer", 0] },
	pull: element("p", { group: "block", content: "inline*", defining: true, class: "pull" }),
	aside: element("aside", { group: "block", content: "(paragraph | heading | list | quote | figure | card)+", defining: true }),
	list: {
		group: "block", content: "item+",
		attrs: { id, ordered: { default: false }, start: { default: 1 } },
		parseDOM: [
			{ tag: "ul", getAttrs: e => ({ id: idOf(e), ordered: false, start: 1 }) },
			{ tag: "ol", getAttrs: e => {
				const n = Number(e.getAttribute("start") ?? 1);
				return { id: idOf(e), ordered: true, start: Number.isInteger(n) && n >= 0 && n <= 1_000_000 ? n : 1 };
			} },
		],
		toDOM: n => n.attrs["ordered"] ? ["ol", named(n, { start: n.attrs["start"] === 1 ? undefined : String(n.attrs["start"]) }), 0] : ["ul", named(n), 0],
	},
	item: { content: "paragraph list*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
	figure: {
		group: "block", content: "inline*", isolating: true, defining: true, draggable: true,
		// Without a medium it is not stored; it has a default only because a gallery needs two.
		attrs: { id, media: { default: "", validate: "string" }, alt: { default: "" }, credit: { default: "" } },
		parseDOM: [{ tag: "figure", getAttrs: figureOf, contentElement: "figcaption" }],
		// The address of the picture is not part of the body: views.ts shows it.
		toDOM: n => ["figure", named(n, { "data-credit": n.attrs["credit"] || undefined }),
			["img", { "data-media": n.attrs["media"], alt: n.attrs["alt"] }], ["figcaption", 0]],
	},
	gallery: element("figure", { group: "block", content: "figure{2,} caption", isolating: true, class: "gallery" }),
	caption: { content: "inline*", isolating: true, defining: true, parseDOM: [{ tag: "figcaption.of" }, { tag: "div.caption" }], toDOM: () => ["div", { class: "caption" }, 0] },
	table: element("div", { group: "block", content: "caption grid", isolating: true, class: "tw" }),
	grid: { content: "row+", tableRole: "table", isolating: true, parseDOM: [{ tag: "table" }], toDOM: () => ["table", ["tbody", 0]] },
	row: {
		content: "(cell | headcell)+", tableRole: "row",
		attrs: { head: { default: false } },
		parseDOM: [{ tag: "tr", getAttrs: e => ({ head: e.classList.contains("head") || e.parentElement?.nodeName === "THEAD" }) }],
		toDOM: n => ["tr", { class: n.attrs["head"] ? "head" : undefined }, 0],
	},
	cell: cell("td", "cell"),
	headcell: cell("th", "header_cell"),
	rule: { group: "block", attrs: { id }, parseDOM: [{ tag: "hr", getAttrs: e => ({ id: idOf(e) }) }], toDOM: n => ["hr", named(n)] },
	codeblock: {
		group: "block", content: "text*", marks: "", code: true, defining: true,
		attrs: { id },
		parseDOM: [{ tag: "pre", preserveWhitespace: "full", getAttrs: e => ({ id: idOf(e) }) }],
		toDOM: n => ["pre", named(n), ["code", 0]],
	},
	footnote: element("aside", { group: "block", content: "(text | break)*", defining: true, class: "note" }),
	card: {
		group: "block", atom: true, draggable: true,
		attrs: { id, href: { validate: "string" }, title: { default: "" } },
		parseDOM: [{ tag: "figure.card", getAttrs: cardOf, priority: 60 }],
		toDOM: n => ["figure", named(n, { class: "card" }), ["a", { href: n.attrs["href"] }, n.attrs["title"] || n.attrs["href"]]],
	},
	text: { group: "inline" },
	break: { group: "inline", inline: true, selectable: false, linebreakReplacement: true, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
	noteref: {
		group: "inline", inline: true, atom: true,
		attrs: { note: { validate: "string" } },
		parseDOM: [{ tag: "sup[data-note]", priority: 60, getAttrs: e => validID(e.getAttribute("data-note") ?? "") && { note: e.getAttribute("data-note") } }],
		toDOM: n => ["sup", { "data-note": n.attrs["note"], class: "fn" }],
	},
} satisfies Record<string, NodeSpec>;

const simple = (...tags: string[]): MarkSpec => ({ parseDOM: tags.map(tag => ({ tag })), toDOM: () => [tags[0]!, 0] });

// In the order in which the stored form nests them, outermost first: that is
// also the order in which ProseMirror keeps them.
const marks = {
	q: simple("q"),
	bdi: simple("bdi"),
	lang: {
		attrs: { lang: { validate: "string" } },
		parseDOM: [{ tag: "span[lang]", getAttrs: e => { const lang = cleanLang(e.getAttribute("lang") ?? ""); return lang !== "" && { lang }; } }],
		toDOM: m => ["span", { lang: m.attrs["lang"] }, 0],
	},
	link: {
		attrs: { href: { validate: "string" } },
		inclusive: false,
		parseDOM: [{ tag: "a[href]", getAttrs: e => { const href = cleanHref(e.getAttribute("href") ?? ""); return href !== "" && { href }; } }],
		toDOM: m => ["a", { href: m.attrs["href"] }, 0],
	},
	abbr: {
		attrs: { title: { default: "" } },
		parseDOM: [{ tag: "abbr", getAttrs: e => ({ title: line(e.getAttribute("title") ?? "") }) }],
		toDOM: m => ["abbr", { title: m.attrs["title"] || undefined }, 0],
	},
	strong: simple("strong", "b"),
	em: simple("em", "i"),
	s: simple("s", "del"),
	sub: simple("sub"),
	sup: simple("sup"),
	code: simple("code"),
} satisfies Record<string, MarkSpec>;

export const schema = new Schema({ nodes: nodes as Record<string, NodeSpec>, marks: marks as Record<string, MarkSpec> });

/** node and mark types by name: the schema's own tables, known to be complete. */
export const types = schema.nodes as { [K in keyof typeof nodes]: (typeof schema.nodes)[string] };
export const markTypes = schema.marks as { [K in keyof typeof marks]: (typeof schema.marks)[string] };

/** top reports whether a node may stand at the top of a body, so that it has a name of its own. */
export const hasID = (n: Node): boolean => n.type.spec.group === "block";

/** wordy: its text counts and is read: everything that holds words but code. */
export const wordy = (n: Node): boolean => n.inlineContent && !n.type.spec.code;
