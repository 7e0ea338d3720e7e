// What asks for words: a field or two under the toolbar, that closes with Escape
// and leaves the text in sight.

import { el, unique } from "./dom";
import type { Words } from "./words";

export interface Field {
	name: string;
	label: string; // word
	value?: string;
	hint?: string; // word
	many?: boolean; // several lines
	kind?: "text" | "url" | "number" | "date";
	max?: number;
	choices?: readonly { value: string; label: string }[];
	list?: readonly { value: string; label: string }[];
	find?: (text: string) => Promise<readonly { value: string; label: string }[]>;
}

export interface Form {
	title: string; // word
	fields: readonly Field[];
	submit: string; // word
	others?: readonly { word: string; run: () => void }[];
	/** done takes the values; it returns the field that is wrong and the word that says why. */
	done: (values: Record<string, string>) => { field: string; word: string } | null;
}

export class Panel {
	readonly dom: HTMLElement;
	private onclose: (() => void) | null = null;

	constructor(private readonly words: Words, private readonly back: () => void) {
		this.dom = el("section", { class: "dl-panel", hidden: true, onkeydown: e => {
			const k = e as KeyboardEvent;
			if (k.key !== "Escape" || k.isComposing) return;
			k.preventDefault();
			k.stopPropagation();
			this.close();
		} });
	}

	get open(): boolean { return !this.dom.hidden; }

	/** show puts something in and the caret on its first field. */
	show(title: string, ...inside: HTMLElement[]): void {
		this.drop();
		this.dom.setAttribute("aria-label", this.words.t(title));
		this.dom.replaceChildren(...inside);
		this.dom.hidden = false;
		const first = this.dom.querySelector<HTMLElement>("input, textarea, select, [data-first]");
		first?.focus();
		if (first instanceof HTMLInputElement) first.select(); // which takes the focus, too
	}

	/** closing is told once when the panel goes. */
	closing(f: () => void): void { this.onclose = f; }

	private drop(): void {
		const f = this.onclose;
		this.onclose = null;
		f?.();
	}

	close(focus = true): void {
		if (this.dom.hidden) return;
		this.dom.hidden = true;
		this.dom.replaceChildren();
		this.drop();
		if (focus) this.back();
	}

	form(f: Form): void {
		const inputs = new Map<string, HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>();
		const wrongs = new Map<string, HTMLElement>();
		const rows = f.fields.map(field => {
			const id = unique("field");
			const wrong = el("p", { class: "dl-wrong", id: id + "-wrong", hidden: true });
			wrongs.set(field.name, wrong);
			const hint = field.hint ? el("p", { class: "dl-hint", id: id + "-hint" }, this.words.t(field.hint)) : null;
			const props = { id, "aria-describedby": [hint?.id, wrong.id].filter(Boolean).join(" "), maxlength: field.max ? String(field.max) : undefined, autocomplete: "off" };
			let input: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
			let more: HTMLElement | null = null;
			if (field.choices) {
				input = el("select", props, ...field.choices.map(c => el("option", { value: c.value }, c.label)));
			} else if (field.many) input = el("textarea", { ...props, rows: "3" });
			else {
				if (field.list) {
					more = el("datalist", { id: id + "-list" }, ...field.list.map(c => el("option", { value: c.value }, c.label)));
				}
				input = el("input", { ...props, type: field.kind === "date" ? "date" : "text", inputmode: field.kind === "url" ? "url" : field.kind === "number" ? "numeric" : undefined, list: more?.id });
				if (field.find) more = this.finding(field.find, input as HTMLInputElement);
			}
			input.value = field.value ?? "";
			inputs.set(field.name, input);
			return el("div", { class: "dl-field" }, el("label", { for: id }, this.words.t(field.label)), input, more, hint, wrong);
		});
		const done = () => {
			const values: Record<string, string> = {};
			for (const [name, input] of inputs) {
				values[name] = input.value.trim();
				input.removeAttribute("aria-invalid");
				wrongs.get(name)!.hidden = true;
			}
			const bad = f.done(values);
			if (!bad) return this.close();
			const wrong = wrongs.get(bad.field)!;
			wrong.textContent = this.words.t(bad.word);
			wrong.hidden = false;
			inputs.get(bad.field)!.setAttribute("aria-invalid", "true");
			inputs.get(bad.field)!.focus();
		};
		// No form element: the page around may be one, and forms do not nest.
		const enter = (e: Event) => {
			const k = e as KeyboardEvent;
			if (k.key !== "Enter" || k.isComposing || !(k.target instanceof HTMLInputElement)) return;
			k.preventDefault();
			done();
		};
		this.show(f.title, el("div", { class: "dl-form", role: "group", "aria-label": this.words.t(f.title), onkeydown: enter },
			...rows,
			el("div", { class: "dl-acts" },
				el("button", { type: "button", class: "dl-btn", onclick: done }, this.words.t(f.submit)),
				...f.others?.map(o => el("button", { type: "button", class: "dl-btn dl-alt", onclick: () => { this.close(); o.run(); } }, this.words.t(o.word))) ?? [],
				el("button", { type: "button", class: "dl-btn dl-bare", onclick: () => this.close() }, this.words.t("cancel")))));
	}

	// Things to link to, found while one types; each is a button that fills the field.
	private finding(find: NonNullable<Field["find"]>, input: HTMLInputElement): HTMLElement {
		const list = el("ul", { class: "dl-hits" });
		let round = 0;
		input.addEventListener("input", () => {
			const mine = ++round;
			const text = input.value.trim();
			if (text.length < 2 || /^(https?:|mailto:|tel:|ref:|#)/.test(text)) return list.replaceChildren();
			setTimeout(() => {
				if (mine !== round) return;
				void find(text).catch(() => []).then(found => {
					if (mine !== round) return;
					list.replaceChildren(...found.slice(0, 6).map(f => el("li", {}, el("button", { type: "button", class: "dl-hit", onclick: () => {
						input.value = f.value;
						list.replaceChildren();
						input.focus();
					} }, f.label))));
				});
			}, 200);
		});
		return list;
	}
}
