// Toolbars and their menus: one stop for the Tab key, arrows within (ARIA
// Authoring Practices, toolbar and menu button).

import type { EditorState } from "prosemirror-state";
import { ariaKey, el, icon, keyName } from "./dom";
import type { Words } from "./words";

/** An Action is a button or an entry of a menu. */
export interface Action {
	name: string; // its word is "editor.NAME"
	keys?: readonly string[];
	run: () => void;
	on?: (s: EditorState) => boolean;
	can?: (s: EditorState) => boolean;
	face?: string | { icon: string } | { bold: string } | { slant: string }; // what is seen instead of the word
	label?: () => string;
}

export interface Menu { name: string; face?: string; items: (Action | null)[]; current?: (s: EditorState) => string | null }

export type Tool = Action | Menu | null; // null: a line between groups

const isMenu = (t: Action | Menu): t is Menu => "items" in t;

export class Bar {
	readonly dom: HTMLElement;
	private readonly row: HTMLElement;
	private readonly popup: HTMLElement;
	private buttons: { e: HTMLButtonElement; tool: Action | Menu }[] = [];
	private opened: { button: HTMLButtonElement; menu: Menu } | null = null;
	private readonly watch = new ResizeObserver(() => this.fade());
	private readonly outside = (e: Event) => { if (this.opened && !this.dom.contains(e.target as globalThis.Node)) this.shut(false); };

	constructor(private readonly words: Words, label: string, private readonly state: () => EditorState, private readonly back: () => void, up = false) {
		this.row = el("div", { class: "dl-row", role: "toolbar", "aria-label": label, onkeydown: e => this.keys(e as KeyboardEvent) });
		this.popup = el("div", { class: up ? "dl-menu dl-up" : "dl-menu", role: "menu", hidden: true, onkeydown: e => this.menuKeys(e as KeyboardEvent) });
		this.dom = el("div", { class: "dl-tools" }, this.row, this.popup);
		// A press must not take the caret out of the text.
		this.dom.addEventListener("mousedown", e => e.preventDefault());
		document.addEventListener("pointerdown", this.outside);
		this.row.addEventListener("scroll", () => this.fade(), { passive: true });
		this.watch.observe(this.row);
	}

	destroy(): void {
		document.removeEventListener("pointerdown", this.outside);
		this.watch.disconnect();
	}

	// Where there is more than fits, the edge fades.
	private fade(): void {
		const over = this.row.scrollWidth - this.row.clientWidth, at = Math.abs(this.row.scrollLeft);
		this.row.classList.toggle("dl-before", over > 1 && at > 1);
		this.row.classList.toggle("dl-after", over > 1 && at < over - 1);
	}

	/** set puts the tools in. */
	set(tools: readonly Tool[]): void {
		const focused = this.buttons.findIndex(b => b.e === document.activeElement);
		this.shut(false);
		this.buttons = [];
		const parts: HTMLElement[] = [];
		for (const tool of tools) {
			if (!tool) {
				parts.push(el("span", { class: "dl-sep" }));
				continue;
			}
			const e = this.button(tool);
			this.buttons.push({ e, tool });
			parts.push(e);
		}
		this.row.replaceChildren(...parts);
		this.rove(this.buttons[Math.max(focused, 0)]?.e);
		if (focused >= 0) (this.buttons[focused] ?? this.buttons[0])?.e.focus();
		this.update(this.state());
		this.fade();
	}

	get empty(): boolean { return this.buttons.length === 0; }

	private button(tool: Action | Menu): HTMLButtonElement {
		const said = this.words.t(tool.name);
		if (isMenu(tool)) {
			const e = el("button", {
				type: "button", class: "dl-tool dl-opens", tabindex: "-1", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": said, title: said,
				onclick: () => this.opened?.button === e ? this.shut(true) : this.open(e, tool, false),
			}, el("span", { class: "dl-face" }, tool.face ?? said), icon("more"));
			return e;
		}
		const key = tool.keys?.[0];
		const face = tool.face ?? said;
		return el("button", {
			type: "button", class: typeof face === "string" && face === said ? "dl-tool dl-worded" : "dl-tool", tabindex: "-1", "aria-label": said, title: key ? `${said} (${keyName(key)})` : said,
			"aria-keyshortcuts": tool.keys?.length ? tool.keys.map(ariaKey).join(" ") : undefined,
			"aria-pressed": tool.on ? "false" : undefined,
			onclick: e => { if ((e.currentTarget as HTMLElement).getAttribute("aria-disabled") !== "true") tool.run(); },
		}, typeof face === "string" ? el("span", {}, face) : "icon" in face ? icon(face.icon) : "bold" in face ? el("b", {}, face.bold) : el("i", {}, face.slant));
	}

	update(state: EditorState): void {
		for (const { e, tool } of this.buttons) {
			if (isMenu(tool)) {
				const current = tool.current?.(state);
				if (current !== undefined) {
					const said = current === null ? this.words.t(tool.name) : this.words.t(current);
					e.firstElementChild!.textContent = said;
					e.setAttribute("aria-label", `${this.words.t(tool.name)}: ${said}`);
				}
				continue;
			}
			if (tool.on) e.setAttribute("aria-pressed", String(tool.on(state)));
			if (tool.can) e.setAttribute("aria-disabled", String(!tool.can(state)));
			if (tool.label) {
				const said = tool.label();
				if (e.getAttribute("aria-label") !== said) e.setAttribute("aria-label", said);
			}
		}
	}

	/** face changes what is seen of a tool: a count beside its sign. */
	face(name: string, text: string): void {
		const b = this.buttons.find(b => b.tool.name === name);
		if (b && b.e.firstElementChild!.textContent !== text) b.e.firstElementChild!.textContent = text;
	}

	focus(): void { (this.buttons.find(b => b.e.tabIndex === 0) ?? this.buttons[0])?.e.focus(); }

	private rove(to: HTMLButtonElement | undefined): void {
		for (const { e } of this.buttons) e.tabIndex = e === to ? 0 : -1;
	}

	private keys(event: KeyboardEvent): void {
		const all = this.buttons.map(b => b.e);
		const at = all.indexOf(document.activeElement as HTMLButtonElement);
		if (at < 0) return;
		const forth = getComputedStyle(this.row).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
		let to = -1;
		switch (event.key) {
			case "ArrowLeft": case "ArrowRight":
				to = (at + (event.key === forth ? 1 : -1) + all.length) % all.length;
				break;
			case "Home": to = 0; break;
			case "End": to = all.length - 1; break;
			case "ArrowDown": case "ArrowUp": {
				const { e, tool } = this.buttons[at]!;
				if (!isMenu(tool)) return;
				this.open(e, tool, event.key === "ArrowUp");
				break;
			}
			case "Escape": this.back(); break;
			default: return;
		}
		event.preventDefault();
		if (to >= 0) {
			this.rove(all[to]);
			all[to]!.focus();
			all[to]!.scrollIntoView({ block: "nearest", inline: "nearest" });
		}
	}

	private open(button: HTMLButtonElement, menu: Menu, last: boolean): void {
		this.shut(false);
		this.rove(button);
		const state = this.state();
		const entries = menu.items.map(item => {
			if (!item) return el("div", { role: "separator", class: "dl-line" });
			const on = item.on?.(state);
			const key = item.keys?.[0];
			return el("button", {
				type: "button", tabindex: "-1", class: "dl-entry",
				role: item.on ? menu.current ? "menuitemradio" : "menuitemcheckbox" : "menuitem",
				"aria-checked": item.on ? String(on) : undefined,
				"aria-disabled": item.can && !item.can(state) ? "true" : undefined,
				"aria-keyshortcuts": key ? ariaKey(key) : undefined,
				onclick: e => {
					if ((e.currentTarget as HTMLElement).getAttribute("aria-disabled") === "true") return;
					this.shut(false);
					this.back();
					item.run();
				},
			}, el("span", {}, this.words.t(item.name)), key ? el("kbd", { "aria-hidden": "true" }, keyName(key)) : null);
		});
		this.popup.replaceChildren(...entries);
		this.popup.setAttribute("aria-label", this.words.t(menu.name));
		this.popup.hidden = false;
		button.setAttribute("aria-expanded", "true");
		const room = this.dom.clientWidth - this.popup.offsetWidth;
		const left = button.getBoundingClientRect().left - this.dom.getBoundingClientRect().left;
		this.popup.style.left = `${Math.max(0, Math.min(left, room))}px`;
		this.opened = { button, menu };
		const items = this.entries();
		(last ? items[items.length - 1] : items[0])?.focus({ preventScroll: true });
	}

	private entries(): HTMLElement[] { return [...this.popup.querySelectorAll<HTMLElement>(".dl-entry")]; }

	private shut(focus: boolean): void {
		if (!this.opened) return;
		const { button } = this.opened;
		this.opened = null;
		this.popup.hidden = true;
		button.setAttribute("aria-expanded", "false");
		if (focus) button.focus();
	}

	private menuKeys(event: KeyboardEvent): void {
		const all = this.entries();
		const at = all.indexOf(document.activeElement as HTMLElement);
		let to = -1;
		switch (event.key) {
			case "ArrowDown": to = (at + 1) % all.length; break;
			case "ArrowUp": to = (at - 1 + all.length) % all.length; break;
			case "Home": to = 0; break;
			case "End": to = all.length - 1; break;
			case "Escape": this.shut(true); break;
			case "Tab": this.shut(true); return;
			default: {
				if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || event.key === " ") return;
				const found = [...all.slice(at + 1), ...all.slice(0, at + 1)].find(e => e.textContent!.toLocaleLowerCase().startsWith(event.key.toLocaleLowerCase()));
				if (!found) return;
				to = all.indexOf(found);
			}
		}
		event.preventDefault();
		event.stopPropagation();
		if (to >= 0) all[to]!.focus();
	}
}
