// How pictures and cards stand in the text: the picture itself with what is said
// of it, the card with where it leads. Their values are changed in panels.

import type { Node } from "prosemirror-model";
import type { NodeView } from "prosemirror-view";
import { el } from "./dom";
import { hostOf } from "./url";
import type { Words } from "./words";

/** A Medium is what the page knows of one. */
export interface Medium {
	url?: string; // of a rendition of some 1,200 pixels
	width?: number;
	height?: number;
	alt?: string;
	caption?: string;
	credit?: string;
	name?: string; // of a file that is no picture
	licence?: string;
	until?: string; // the last day on which it may be shown
}

export type MediaSource = (id: string) => Medium | null | Promise<Medium | null>;

export class FigureView implements NodeView {
	readonly dom: HTMLElement;
	readonly contentDOM: HTMLElement;
	private readonly frame: HTMLElement;
	private readonly facts: HTMLElement;
	private medium: Medium | null | undefined;

	constructor(private node: Node, private readonly getPos: () => number | undefined,
		private readonly media: MediaSource, private readonly words: Words, private readonly open: (pos: number) => void) {
		this.frame = el("div", { class: "dl-picture", contenteditable: "false" });
		this.facts = el("div", { class: "dl-facts", contenteditable: "false" });
		this.contentDOM = el("figcaption");
		this.dom = el("figure", { class: "dl-figure" }, this.frame, this.contentDOM, this.facts);
		this.load();
		this.tell();
	}

	private load(): void {
		const id = this.node.attrs["media"] as string;
		void Promise.resolve(id === "" ? null : this.media(id)).catch(() => null).then(m => {
			if (this.node.attrs["media"] !== id) return;
			this.medium = m;
			this.show();
			this.tell();
		});
	}

	private show(): void {
		const m = this.medium;
		if (m?.url) {
			const img = el("img", { src: m.url, alt: this.node.attrs["alt"] || m.alt || "", draggable: "false" });
			if (m.width && m.height) {
				img.width = m.width;
				img.height = m.height;
			}
			this.frame.replaceChildren(img);
		} else this.frame.replaceChildren(el("p", { class: "dl-lost" }, m?.name ?? this.words.t(m === null ? "media_lost" : "media_none", { id: this.node.attrs["media"] })));
	}

	private tell(): void {
		const { alt, credit } = this.node.attrs as { alt: string; credit: string };
		const m = this.medium;
		const said = alt || m?.alt;
		const by = credit || m?.credit;
		const change = (e: Event) => {
			e.preventDefault();
			const pos = this.getPos();
			if (pos !== undefined) this.open(pos);
		};
		this.facts.replaceChildren(
			el("span", { class: said ? "dl-fact dl-good" : "dl-fact dl-bad" }, this.words.t(said ? "alt_there" : "alt_missing")),
			el("span", { class: by ? "dl-fact" : "dl-fact dl-bad" }, by ? this.words.t("credit_is", { credit: by }) : this.words.t("credit_missing")),
			el("button", { type: "button", class: "dl-small", tabindex: "-1", onclick: change }, this.words.t("figure_change")));
		this.frame.querySelector("img")?.setAttribute("alt", said ?? "");
		// A caption left empty is the medium's own.
		this.contentDOM.setAttribute("data-own", m?.caption ?? "");
	}

	update(node: Node): boolean {
		if (node.type !== this.node.type) return false;
		const other = node.attrs["media"] !== this.node.attrs["media"];
		const said = node.attrs !== this.node.attrs;
		this.node = node;
		if (other) {
			this.medium = undefined;
			this.load();
		}
		if (said) this.tell();
		return true;
	}

	selectNode(): void { this.dom.classList.add("ProseMirror-selectednode"); }
	deselectNode(): void { this.dom.classList.remove("ProseMirror-selectednode"); }

	stopEvent(event: Event): boolean {
		return event.target instanceof HTMLElement && event.target.closest("button") !== null;
	}

	ignoreMutation(m: { target: globalThis.Node; type: string }): boolean {
		return m.type !== "selection" && !this.contentDOM.contains(m.target) || m.target === this.contentDOM && m.type === "attributes";
	}
}

export class CardView implements NodeView {
	readonly dom: HTMLElement;

	constructor(private node: Node, private readonly getPos: () => number | undefined, private readonly words: Words, private readonly open: (pos: number) => void) {
		this.dom = el("figure", { class: "dl-card", contenteditable: "false" });
		this.show();
	}

	private show(): void {
		const { href, title } = this.node.attrs as { href: string; title: string };
		const change = (e: Event) => {
			e.preventDefault();
			const pos = this.getPos();
			if (pos !== undefined) this.open(pos);
		};
		this.dom.replaceChildren(
			el("span", { class: "dl-card-title" }, title || href.replace(/^https?:\/\//, "")),
			el("span", { class: "dl-card-host" }, hostOf(href)),
			el("button", { type: "button", class: "dl-small", tabindex: "-1", onclick: change }, this.words.t("card_change")));
	}

	update(node: Node): boolean {
		if (node.type !== this.node.type) return false;
		this.node = node;
		this.show();
		return true;
	}

	stopEvent(event: Event): boolean {
		return event.target instanceof HTMLElement && event.target.closest("button") !== null;
	}

	ignoreMutation(): boolean { return true; }
}
