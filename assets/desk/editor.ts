// The editor as a page sees it: DatelineEditor, put on an element with a body in
// its stored form, and giving it back in its stored form.

import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { closeHistory, history, redo, redoDepth, undo, undoDepth } from "prosemirror-history";
import { keydownHandler } from "prosemirror-keymap";
import { Fragment, Slice, type Node } from "prosemirror-model";
import { EditorState, NodeSelection, Plugin, Selection, TextSelection, type Command, type Transaction } from "prosemirror-state";
import { tableEditing } from "prosemirror-tables";
import { Mapping } from "prosemirror-transform";
import { EditorView } from "prosemirror-view";
import { Bar, type Action, type Menu, type Tool } from "./bar";
import * as commands from "./commands";
import { deeds, type Deed, type DeedName } from "./commands";
import { lengthOfDoc, type Length } from "./count";
import { applied, decor, decorKey, decorsOf, suggestionAt, type Decor } from "./decor";
import { el } from "./dom";
import { find, findKey, replaced, type Query } from "./find";
import { foreign, ids } from "./ids";
import { numbers } from "./numbers";
import { Panel } from "./panel";
import { findPanel, helpPanel, typographyPanel, type LivePanel } from "./panels";
import { copySerializer, fromText, lineOf, PasteParser, withoutStyles } from "./paste";
import { flowOf, placeOf, posOf, textOf, type Place } from "./places";
import { usePolicy, type Policy } from "./policy";
import { read } from "./read";
import { adopt } from "./remote";
import { Saver, type Save, type SaveState } from "./saver";
import { markTypes, schema, types } from "./schema";
import { store } from "./store";
import { cleanLang, line, newID, sameLang, validMedia } from "./text";
import * as typo from "./typographer";
import { cleanURL, isWeb, looksWeb, typedURL } from "./url";
import { CardView, FigureView, type Medium, type MediaSource } from "./views";
import { Words, type Message } from "./words";

/** A Passage of the text: block, code points, and the words as they stand there. */
export interface Passage { block: string; from: number; to: number; exact: string; prefix: string; suffix: string }

export interface Options {
	/** The body in its stored form (docs/contracts/body.md). */
	stored: string;
	/** The article's language. */
	lang: string;
	/** Words of the interface ("editor.…" of locales/TAG.json) and their language. */
	words: Record<string, Message>;
	wordsLang: string;
	/** locales/data/TAG.json of the article's language: quotes, and what "typography" says. */
	typography?: typo.Typography;
	/** lines are texts beside the body that the typographer looks at, too. */
	lines?: readonly typo.Line[];
	/** The version that stored is, which every save names. */
	base?: string;
	/** save sends the text to the server; it is called within two seconds of a change. */
	save?: Save;
	/**
	 * pack makes of the body what is sent and kept as a draft, if that is more than the
	 * body; unpack takes such a whole in and gives the body of it.
	 */
	pack?: (stored: string) => string;
	unpack?: (whole: string) => string;
	/** key names the text among drafts kept in this browser; without one none is kept. */
	key?: string;
	/** onChange is told of the text when typing rests for debounce ms (300). */
	onChange?: (stored: string, length: Length) => void;
	debounce?: number;
	onState?: (state: SaveState, error?: unknown) => void;
	/** onRestored is told that a draft of a tab that is no more was brought in, and when it was kept. */
	onRestored?: (at: Date) => void;
	/** onSelect is told where the selection is, when it rests. */
	onSelect?: (passage: Passage | null) => void;
	/** onNote is asked to make a note to the editor of the chosen passage. */
	onNote?: (passage: Passage) => void;
	/** onDecide is told that a suggestion was taken (and has been applied) or refused. */
	onDecide?: (id: string, taken: boolean) => void;
	/** onDecor is told that somebody pressed what a decoration marks. */
	onDecor?: (id: string) => void;
	/** media says what is known of a medium; pickMedia lets somebody choose one; upload takes a file in. */
	media?: MediaSource;
	pickMedia?: () => Promise<{ id: string; alt?: string; credit?: string } | null>;
	upload?: (file: File) => Promise<{ id: string; alt?: string; credit?: string } | null>;
	/** describe is told what somebody says of a medium beside this text; licences are those that are proposed. */
	describe?: (id: string, said: { alt: string; credit: string; licence?: string; until?: string }) => void;
	licences?: readonly string[];
	/** findLinks finds what can be linked to: its address (ref:article/1) and how it is called. */
	findLinks?: (text: string) => Promise<readonly { value: string; label: string }[]>;
	/** policy is the page's own Trusted Types policy, if it has made one. */
	policy?: Policy;
}

// longFrom is how many blocks a text may have before those out of sight are not drawn.
const longFrom = 60;

export class DatelineEditor {
	readonly view: EditorView;
	private readonly words: Words;
	private readonly root: HTMLElement;
	private readonly bar: Bar;
	private readonly tools: Bar;
	private readonly panel: Panel;
	private readonly lengths = el("span", { class: "dl-length" });
	private readonly status = el("p", { class: "dl-vh", role: "status" });
	private live: LivePanel | null = null;
	private readonly lines: typo.LineOffers;
	private readonly saver: Saver;
	private sentDoc: Node | null = null;
	private since = new Mapping();
	private changeTimer = 0;
	private selectTimer = 0;
	private frame = 0;
	private context = "";
	private tabFree = false; // Escape was pressed: the next Tab leaves the text

	constructor(readonly place: HTMLElement, private readonly options: Options) {
		if (options.policy) usePolicy(options.policy);
		const doc = read(options.stored); // what is no stored form is not opened
		const words = this.words = new Words(options.wordsLang, options.words);
		this.lines = new typo.LineOffers(options.lines ?? [], options.typography ?? {}, options.lang.split("-")[0]!);
		const text = el("div", { class: "dl-doc" });
		const back = () => this.view.focus();
		this.bar = new Bar(words, words.t("toolbar"), () => this.view.state, back);
		this.tools = new Bar(words, words.t("tools"), () => this.view.state, back, true);
		this.panel = new Panel(words, back);
		this.root = el("div", { class: "dl-editor" },
			el("div", { class: "dl-head" }, this.bar.dom, this.panel.dom),
			text,
			el("div", { class: "dl-foot" }, this.tools.dom, this.lengths), this.status);
		place.append(this.root);

		this.view = new EditorView({ mount: text }, {
			state: EditorState.create({ schema, doc, plugins: this.plugins() }),
			attributes: state => ({
				class: state.doc.childCount > longFrom ? "dl-doc dl-long" : "dl-doc", role: "textbox", "aria-multiline": "true", "aria-label": words.t("text"), lang: options.lang, spellcheck: "true",
				"aria-keyshortcuts": "Alt+F10",
			}),
			dispatchTransaction: tr => this.dispatch(tr),
			nodeViews: {
				figure: (node, _, getPos) => new FigureView(node, getPos, options.media ?? (() => null), words, pos => this.figureForm(pos)),
				card: (node, _, getPos) => new CardView(node, getPos, words, pos => this.cardForm(pos)),
			},
			clipboardParser: new PasteParser(() => options.lang),
			clipboardSerializer: copySerializer(),
			transformPastedHTML: withoutStyles,
			clipboardTextParser: (text, $context) => fromText(text, $context.marks()),
			transformPasted: (slice, view) => this.pasted(slice, view.dragging !== null),
			handlePaste: (_, event, slice) => this.paste(event, slice),
			handleDrop: (_, event) => this.drop(event),
			handleClick: (_, __, event) => {
				const decor = event.target instanceof Element ? event.target.closest("[data-decor]") : null;
				if (decor && options.onDecor) options.onDecor(decor.getAttribute("data-decor")!);
				return false;
			},
			handleDOMEvents: {
				blur: () => { this.tabFree = false; return false; },
			},
		});
		// Typing in a link's own text is not following it.
		this.view.dom.addEventListener("click", e => { if (e.target instanceof Element && e.target.closest("a")) e.preventDefault(); });

		this.bar.set(this.toolbar());
		this.saver = new Saver({
			read: () => this.whole(),
			sent: () => {
				// What comes back may be put between what was typed before and after: that is not one deed to undo.
				this.view.dispatch(closeHistory(this.view.state.tr));
				this.sentDoc = this.view.state.doc;
				this.since = new Mapping();
			},
			merged: whole => this.merged(this.bodyOf(whole)),
			told: (state, error) => {
				if (state !== "saving" && state !== "changed") this.sentDoc = null;
				options.onState?.(state, error);
			},
		}, options.save, options.key, options.base ?? "", this.whole());
		void this.saver.restore((whole, at) => this.restored(whole && this.bodyOf(whole), at)).catch(error => options.onState?.("offline", error));
		this.refresh();
	}

	/** through gives what a stored form is after it was opened, and the text of its blocks. */
	static through(stored: string): { stored: string; text: string; fault: string } {
		const doc = read(stored);
		const texts: string[] = [];
		doc.forEach(k => texts.push(textOf(k)));
		return { stored: store(doc), text: texts.join("\x1f"), fault: "" };
	}

	// --- what a page calls

	/** getStored gives the text in its stored form. */
	getStored(): string { return store(this.view.state.doc); }

	/** setStored takes in a text that others changed: only what differs is touched, and the caret stays. */
	setStored(stored: string): void {
		const doc = read(stored);
		const tr = adopt(this.view.state, this.view.state.doc, doc, new Mapping());
		if (tr) this.view.dispatch(tr);
	}

	/** setDecorations shows colleagues' carets, comments, suggestions and stale paragraphs, instead of those before. */
	setDecorations(list: readonly Decor[]): void {
		this.view.dispatch(this.view.state.tr.setMeta(decorKey, list).setMeta("addToHistory", false));
	}

	/** decorations gives them where they are now that the text has moved. */
	decorations(): Decor[] { return decorsOf(this.view.state); }

	/** decide takes a suggestion into the text, or refuses it. */
	decide(id: string, take: boolean): boolean {
		if (take) {
			const tr = applied(this.view.state, id);
			if (!tr) return false;
			this.view.dispatch(tr);
		}
		this.setDecorations(this.decorations().filter(d => d.id !== id));
		this.options.onDecide?.(id, take);
		return true;
	}

	/** run does what the name says, as its key or button would; false: not here, not now. */
	run(name: string): boolean {
		const deed = this.deed(name);
		return !!deed && deed.run(this.view.state, tr => this.view.dispatch(tr), this.view);
	}

	/** can says whether run would do something. */
	can(name: string): boolean {
		const deed = this.deed(name);
		return !!deed && deed.run(this.view.state, undefined, this.view);
	}

	/** find marks what is found and gives how many there are; an empty text ends it. */
	find(text: string, options: Partial<Query> = {}): number {
		this.view.dispatch(this.view.state.tr.setMeta(findKey, { query: { exact: false, whole: false, ...options, text } }));
		return findKey.getState(this.view.state)!.matches.length;
	}

	/** replace puts text in the place of what is found: of the first from the caret on, or of all. It gives how often. */
	replace(text: string, all = false): number {
		const done = replaced(this.view.state, text, all);
		if (done) this.view.dispatch(done.tr);
		return done?.n ?? 0;
	}

	/** offers is how many changes the typographer offers; fresh: it has looked at the text of now. */
	offers(): { count: number; fresh: boolean } {
		return { count: this.lines.all().length + typo.offersOf(this.view.state).length, fresh: typo.typoKey.getState(this.view.state)!.fresh };
	}

	/** length is how long the text is: words, signs, minutes to read. */
	length(): Length { return lengthOfDoc(this.view.state.doc); }

	/** passage is the selection within its block; null: it is in none, or in several. */
	passage(): Passage | null {
		const { from, to } = this.view.state.selection, doc = this.view.state.doc;
		const a = placeOf(doc, from), b = placeOf(doc, to);
		if (!a || !b || a.block !== b.block) return null;
		let text: string[] = [];
		doc.forEach(k => { if (k.attrs["id"] === a.block) text = flowOf(k).text; });
		const cut = (i: number, j: number) => text.slice(Math.max(0, i), Math.max(0, j)).join("");
		return { block: a.block, from: a.offset, to: b.offset, exact: cut(a.offset, b.offset), prefix: cut(a.offset - 32, a.offset), suffix: cut(b.offset, b.offset + 32) };
	}

	/** select puts the selection on a passage and brings it into sight; false: there is no such block. */
	select(block: string, from: number, to = from): boolean {
		const doc = this.view.state.doc;
		const a = posOf(doc, { block, offset: from }), b = posOf(doc, { block, offset: to });
		if (a === null || b === null) return false;
		this.view.focus(); // before: a text that has not the focus is not scrolled
		this.view.dispatch(this.view.state.tr.setSelection(TextSelection.between(doc.resolve(a), doc.resolve(b))).scrollIntoView());
		return true;
	}

	/** insertMedium puts a picture where the caret is. */
	insertMedium(m: { id: string; alt?: string; credit?: string }): boolean {
		if (!validMedia(m.id)) return false;
		return commands.putting(() => this.figure(m))(this.view.state, tr => this.view.dispatch(tr));
	}

	/** version is the one that the next save will name. */
	get version(): string { return this.saver.version; }

	private whole(): string { return this.options.pack ? this.options.pack(this.getStored()) : this.getStored(); }

	private bodyOf(whole: string): string { return this.options.unpack ? this.options.unpack(whole) : whole; }

	/** changed tells that what pack adds to the body has changed. */
	changed(): void {
		this.saver.changed();
		this.soon();
	}

	/** pull asks for what others wrote: it saves, though there may be nothing to save. */
	pull(): Promise<void> { return this.saver.now(true); }

	/** save sends what has not been sent, now. */
	save(): Promise<void> { return this.saver.now(); }

	focus(): void { this.view.focus(); }

	destroy(): void {
		this.saver.stop();
		clearTimeout(this.changeTimer);
		clearTimeout(this.selectTimer);
		cancelAnimationFrame(this.frame);
		this.bar.destroy();
		this.tools.destroy();
		this.view.destroy();
		this.root.remove();
	}

	// --- keeping up

	private dispatch(tr: Transaction): void {
		const before = this.view.state;
		const { state, transactions } = before.applyTransaction(tr);
		this.view.updateState(state);
		if (state.doc !== before.doc) {
			for (const f of this.following) for (const t of transactions) f(t);
			if (this.sentDoc) for (const t of transactions) this.since.appendMapping(t.mapping);
			this.saver.changed();
			clearTimeout(this.changeTimer);
			if (this.options.onChange) this.changeTimer = window.setTimeout(() => this.options.onChange!(this.getStored(), this.length()), this.options.debounce ?? 300);
		}
		if (!state.selection.eq(before.selection) && this.options.onSelect) {
			clearTimeout(this.selectTimer);
			this.selectTimer = window.setTimeout(() => this.options.onSelect!(this.passage()), 150);
		}
		// Buttons follow with the next picture, once for however many keys there were.
		this.soon();
	}

	private soon(): void {
		if (this.frame === 0) this.frame = requestAnimationFrame(() => this.refresh());
	}

	private refresh(): void {
		this.frame = 0;
		if (this.view.isDestroyed) return;
		const state = this.view.state;
		this.contextTools(state);
		this.bar.update(state);
		this.tools.update(state);
		this.live?.update();
		const l = this.length();
		const said = l.words === 0 ? "" : `${this.words.t("words", { n: l.words })} · ${this.words.t("minutes", { n: l.minutes })}`;
		if (this.lengths.textContent !== said) this.lengths.textContent = said;
		const offers = this.lines.pressing() + typo.pressing(state);
		this.bar.face("typography", offers > 0 ? `«» ${this.words.number(offers)}` : "«»");
	}

	private say(text: string): void { this.status.textContent = text; }

	private merged(stored: string): void {
		const base = this.sentDoc ?? this.view.state.doc;
		const tr = adopt(this.view.state, base, read(stored), this.since);
		if (tr) this.view.dispatch(tr);
	}

	private restored(stored: string, at: number): void {
		if (stored !== "") {
			const tr = adopt(this.view.state, this.view.state.doc, read(stored), new Mapping());
			if (tr) this.view.dispatch(tr.setMeta("addToHistory", true)); // whoever does not want it takes it back
		}
		this.options.onRestored?.(new Date(at));
	}

	private plugins(): Plugin[] {
		return [
			this.keys(),
			ids(),
			tableEditing(),
			numbers(this.words),
			decor(),
			find(this.options.lang),
			typo.typographer(this.options.typography ?? {}, this.options.lang.split("-")[0]!),
			dropCursor({ width: 2, class: "dl-drop", color: false }),
			gapCursor(),
			history({ newGroupDelay: 600 }),
		];
	}

	// --- keys

	private deed(name: string): Deed | null {
		if (Object.hasOwn(deeds, name)) return deeds[name as DeedName];
		return this.asking()[name] ?? null;
	}

	/** asking are the deeds that open something, or ask the page. */
	private asking(): Record<string, Deed> { return this.asked ??= this.ask(); }
	private asked: Record<string, Deed> | null = null;

	private ask(): Record<string, Deed> {
		const open = (f: () => void, can: (s: EditorState) => boolean = () => true): Command => (state, dispatch) => {
			if (!can(state)) return false;
			if (dispatch) f();
			return true;
		};
		const inText = (s: EditorState) => s.selection.$from.parent.inlineContent && !s.selection.$from.parent.type.spec.code;
		const o = this.options;
		return {
			link: { keys: ["Mod-k"], run: open(() => this.linkForm(), inText), on: s => commands.hasMark(s, markTypes.link) },
			lang: { keys: ["Mod-Alt-l"], run: open(() => this.langForm(), inText), on: s => commands.hasMark(s, markTypes.lang) },
			abbr: { keys: ["Mod-Alt-a"], run: open(() => this.abbrForm(), inText), on: s => commands.hasMark(s, markTypes.abbr) },
			card: { keys: ["Mod-Alt-k"], run: open(() => this.cardForm(null)) },
			picture: { keys: ["Mod-Alt-p"], run: open(() => void this.pick(m => this.insertMedium(m)), () => !!o.pickMedia) },
			gallery: { keys: ["Mod-Alt-g"], run: open(() => void this.addPicture(), s => !!o.pickMedia && commands.chosen(s, "figure", "gallery") !== null) },
			note: { keys: ["Mod-Alt-m"], run: open(() => { const p = this.passage(); if (p) o.onNote?.(p); else this.say(this.words.t("note_one_block")); }, () => !!o.onNote) },
			find: { keys: ["Mod-f", "Mod-h"], run: open(() => this.show(() => findPanel(this.panel, this.view, this.words, t => this.say(t)))) },
			typography: { keys: ["Mod-Alt-y"], run: open(() => this.show(() => typographyPanel(this.panel, this.view, this.words, t => this.say(t), this.lines))) },
			take: { keys: ["Alt-Enter"], run: this.decideHere(true) },
			refuse: { keys: ["Alt-Shift-Enter"], run: this.decideHere(false) },
			undo: { keys: ["Mod-z"], run: undo },
			redo: { keys: ["Mod-Shift-z", "Mod-y"], run: redo },
			help: { keys: ["Mod-/", "Alt-F1"], run: open(() => this.help()) },
			properties: { keys: ["Mod-Alt-e"], run: this.properties },
			toolbarFocus: { keys: ["Alt-F10"], run: open(() => this.bar.focus()) },
			toolsFocus: { keys: ["Alt-F9"], run: open(() => this.tools.focus(), () => !this.tools.empty) },
			saveNow: { keys: ["Mod-s"], run: open(() => void this.save(), () => !!o.save) },
		};
	}

	// What the caret stands in: its own values.
	private readonly properties: Command = (state, dispatch) => {
		const figure = commands.chosen(state, "figure"), card = commands.chosen(state, "card");
		if (!figure && !card) return false;
		if (dispatch) {
			if (figure) this.figureForm(figure.pos);
			else this.cardForm(card!.pos);
		}
		return true;
	};

	/** decideHere takes or refuses the suggestion at the caret: a colleague's, else the typographer's. */
	private decideHere(take: boolean): Command {
		return (state, dispatch) => {
			const id = suggestionAt(state, state.selection.head);
			if (id !== null) {
				if (dispatch) this.decide(id, take);
				return true;
			}
			const offer = typo.nearest(state, state.selection.head);
			if (!offer) return false;
			if (dispatch) {
				dispatch(take ? typo.taken(state, [offer]) : typo.leave(state, [offer]));
				this.say(this.words.t(take ? "said_taken" : "said_refused"));
			}
			return true;
		};
	}

	private keys(): Plugin {
		const bindings: Record<string, Command> = {
			Enter: commands.enter,
			Backspace: commands.backspace,
			"Mod-Backspace": commands.backspace,
			Delete: commands.forward,
			"Mod-Delete": commands.forward,
			Tab: this.tab(1),
			"Shift-Tab": this.tab(-1),
			Escape: (state, dispatch) => {
				if (this.panel.open) {
					this.panel.close();
					return true;
				}
				if (state.selection instanceof NodeSelection && dispatch) {
					dispatch(state.tr.setSelection(Selection.near(state.selection.$to)));
					return true;
				}
				this.tabFree = true;
				this.say(this.words.t("tab_free"));
				return true;
			},
		};
		const all: Record<string, Deed> = { ...deeds, ...this.asking() };
		for (const [name, deed] of Object.entries(all)) {
			for (const key of deed.keys) {
				const before = bindings[key];
				const run: Command = (s, d, v) => this.deed(name)!.run(s, d, v);
				bindings[key] = before ? (s, d, v) => run(s, d, v) || before(s, d, v) : run;
			}
		}
		const handler = keydownHandler(bindings);
		return new Plugin({
			props: {
				handleKeyDown: (view, event) => {
					if (event.key !== "Tab" && event.key !== "Escape" && event.key !== "Shift") this.tabFree = false;
					return handler(view, event);
				},
			},
		});
	}

	private tab(by: 1 | -1): Command {
		const move = commands.tab(by);
		return (s, d, v) => !this.tabFree && move(s, d, v);
	}

	// --- toolbars

	private action(name: string, more: Partial<Action> = {}): Action {
		const deed = this.deed(name)!;
		return {
			name, keys: deed.keys, ...(deed.on ? { on: deed.on } : {}),
			run: () => {
				this.run(name);
				// A deed that opened a panel has put the caret there.
				if (!this.panel.dom.contains(document.activeElement)) this.view.focus();
			},
			...more,
		};
	}

	// With whether it can be done: for entries of menus, which ask when they open.
	private entry(name: string): Action { return this.action(name, { can: () => this.can(name) }); }

	private toolbar(): Tool[] {
		const o = this.options;
		const kinds = ["paragraph", "heading2", "heading3", "heading4", "quote", "pull", "aside", "bullets", "numbered", "codeblock"];
		const blocks: Menu = {
			name: "kind",
			items: kinds.map(k => this.entry(k)),
			current: s => kinds.slice().reverse().find(k => k !== "paragraph" && this.deed(k)!.on!(s)) ?? (this.deed("table")!.on!(s) ? "table" : commands.chosen(s, "figure") ? "picture" : commands.chosen(s, "footnote") ? "footnote" : "paragraph"),
		};
		const marks: Menu = { name: "marks", face: "Aa", items: [...["struck", "sup", "sub", "code", "said", "lang", "abbr", "isolate"].map(k => this.entry(k)), null, this.entry("plain")] };
		const insert: Menu = { name: "insert", items: [...(o.pickMedia ? ["picture", "gallery"] : []), "table", "footnote", "card", "rule"].map(k => this.entry(k)) };
		return [
			blocks, null,
			this.action("strong", { face: { bold: this.words.t("strong_sign") } }),
			this.action("em", { face: { slant: this.words.t("em_sign") } }),
			this.action("link", { face: { icon: "link" } }), marks, null,
			this.action("quote", { face: { icon: "quote" } }),
			this.action("bullets", { face: { icon: "bullets" } }),
			...(o.pickMedia ? [this.action("picture", { face: { icon: "picture" } })] : []),
			insert, null,
			...(o.onNote ? [this.action("note", { face: { icon: "note" } })] : []),
			this.action("typography", { face: "«»", label: () => this.words.t("typography_n", { n: this.lines.pressing() + typo.pressing(this.view.state) }) }),
			this.action("find", { face: { icon: "find" } }), null,
			this.action("undo", { face: { icon: "undo" }, can: s => undoDepth(s) > 0 }),
			this.action("redo", { face: { icon: "redo" }, can: s => redoDepth(s) > 0 }),
			this.action("help", { face: "?" }),
		];
	}

	// Tools for what the caret stands in, at the foot, where they move nothing.
	private contextTools(state: EditorState): void {
		const where = state.selection.$from.parent.inlineContent && commands.inTable(state) ? "table"
			: commands.chosen(state, "gallery") ? "gallery"
			: commands.chosen(state, "figure") ? "figure"
			: commands.chosen(state, "card") ? "card"
			: commands.chosen(state, "footnote") ? "footnote"
			: commands.around(state.selection.$from, "list") ? "list" + String(commands.around(state.selection.$from, "list")!.node.attrs["ordered"])
			: "block";
		if (where === this.context) return;
		this.context = where;
		const moves = [this.action("up", { face: "↑" }), this.action("down", { face: "↓" }), this.action("remove")];
		const pick = this.options.pickMedia;
		const sets: Record<string, () => Tool[]> = {
			table: () => [
				{ name: "row", items: ["rowBefore", "rowAfter", "headRow", "rowDelete"].map(k => this.entry(k)) },
				{ name: "column", items: ["colBefore", "colAfter", "colDelete"].map(k => this.entry(k)) },
				{ name: "cell", items: ["headCell", "figures", "merge", "split"].map(k => this.entry(k)) }, null, ...moves],
			gallery: () => [this.action("properties"), ...(pick ? [this.action("gallery")] : []), null, ...moves],
			figure: () => [this.action("properties"), ...(pick ? [this.exchange(), this.action("gallery")] : []), null, ...moves],
			card: () => [this.action("properties"), null, ...moves],
			footnote: () => [{ name: "note_back", run: () => { commands.enter(this.view.state, tr => this.view.dispatch(tr)); this.view.focus(); } }, null, ...moves],
			listtrue: () => [this.action("outdent", { face: "⇤" }), this.action("indent", { face: "⇥" }), { name: "start", run: () => this.startForm() }, null, ...moves],
			listfalse: () => [this.action("outdent", { face: "⇤" }), this.action("indent", { face: "⇥" }), null, ...moves],
			block: () => moves,
		};
		this.tools.set(sets[where]!());
	}

	private exchange(): Action {
		return { name: "figure_exchange", run: () => void this.pick(m => {
			const f = commands.chosen(this.view.state, "figure");
			if (f) this.view.dispatch(this.view.state.tr.setNodeMarkup(f.pos, null, { ...f.node.attrs, media: m.id, alt: line(m.alt ?? ""), credit: line(m.credit ?? "") }));
		}) };
	}

	// --- panels

	private show(make: () => LivePanel): void {
		this.panel.close(false);
		this.live = make();
		const live = this.live;
		const dom = this.panel.dom;
		const seen = new MutationObserver(() => {
			if (!dom.hidden) return;
			if (this.live === live) this.live = null;
			seen.disconnect();
		});
		seen.observe(dom, { attributeFilter: ["hidden"] });
		live.update();
	}

	private linkForm(): void {
		const state = this.view.state;
		const range = commands.markAround(state, markTypes.link);
		const fresh = state.selection.empty && !range;
		const headings: { value: string; label: string }[] = [];
		state.doc.forEach(k => { if (k.type === types.heading && k.content.size > 0) headings.push({ value: "#" + k.attrs["id"], label: k.textContent }); });
		this.panel.form({
			title: "link", submit: range ? "change" : "put",
			fields: [
				{ name: "href", label: "link_address", kind: "url", value: range?.mark.attrs["href"] ?? "", hint: this.options.findLinks ? "link_hint_find" : "link_hint", list: headings, ...(this.options.findLinks ? { find: this.options.findLinks } : {}) },
				...(fresh ? [{ name: "text", label: "link_text" }] : []),
			],
			...(range ? { others: [{ word: "link_off", run: () => this.view.dispatch(commands.setMark(this.view.state, markTypes.link, null)) }] } : {}),
			done: v => {
				const href = typedURL(v["href"]!);
				if (href === "") return { field: "href", word: "link_wrong" };
				if (href.startsWith("#") && posOf(this.view.state.doc, { block: href.slice(1), offset: 0 }) === null) return { field: "href", word: "link_nowhere" };
				this.view.dispatch(commands.setMark(this.view.state, markTypes.link, { href }, v["text"] || href.replace(/^(https?:\/\/|mailto:|tel:)/, "")));
				return null;
			},
		});
	}

	private langForm(): void {
		const range = commands.markAround(this.view.state, markTypes.lang);
		const names = new Intl.DisplayNames([this.options.wordsLang], { type: "language" });
		const list = ["en", "ru", "kk", "tr", "uz", "ky", "tg", "tt", "uk", "be", "de", "fr", "es", "it", "pl", "la", "ar", "fa", "he", "hi", "zh", "ja", "ko"]
			.filter(l => !sameLang(l, this.options.lang)).map(value => ({ value, label: names.of(value) ?? value }));
		this.panel.form({
			title: "lang", submit: range ? "change" : "put",
			fields: [{ name: "lang", label: "lang_which", hint: "lang_hint", value: range?.mark.attrs["lang"] ?? "", list }],
			...(range ? { others: [{ word: "mark_off", run: () => this.view.dispatch(commands.setMark(this.view.state, markTypes.lang, null)) }] } : {}),
			done: v => {
				const lang = cleanLang(v["lang"]!);
				if (lang === "") return { field: "lang", word: "lang_wrong" };
				if (sameLang(lang, this.options.lang)) return { field: "lang", word: "lang_same" };
				this.view.dispatch(commands.setMark(this.view.state, markTypes.lang, { lang }));
				return null;
			},
		});
	}

	private abbrForm(): void {
		const range = commands.markAround(this.view.state, markTypes.abbr);
		this.panel.form({
			title: "abbr", submit: range ? "change" : "put",
			fields: [{ name: "title", label: "abbr_means", value: range?.mark.attrs["title"] ?? "", max: 300 }],
			...(range ? { others: [{ word: "mark_off", run: () => this.view.dispatch(commands.setMark(this.view.state, markTypes.abbr, null)) }] } : {}),
			done: v => {
				this.view.dispatch(commands.setMark(this.view.state, markTypes.abbr, { title: line(v["title"]!) }));
				return null;
			},
		});
	}

	private cardForm(pos: number | null): void {
		const node = pos === null ? null : this.view.state.doc.nodeAt(pos);
		this.panel.form({
			title: "card", submit: node ? "change" : "put",
			fields: [
				{ name: "href", label: "card_address", kind: "url", value: node?.attrs["href"] ?? "" },
				{ name: "title", label: "card_title", hint: "card_hint", value: node?.attrs["title"] ?? "", max: 300 },
			],
			done: v => {
				const href = typedURL(v["href"]!);
				if (!isWeb(href)) return { field: "href", word: "card_wrong" };
				const attrs = { href, title: line(v["title"]!) };
				const state = this.view.state;
				const now = pos === null ? null : state.doc.nodeAt(pos);
				if (now?.type === types.card) this.view.dispatch(state.tr.setNodeMarkup(pos!, null, { ...now.attrs, ...attrs }));
				else {
					const tr = commands.put(state, types.card.create({ id: newID(), ...attrs }));
					if (tr) this.view.dispatch(tr);
				}
				return null;
			},
		});
	}

	private figureForm(pos: number): void {
		const node = this.view.state.doc.nodeAt(pos);
		if (node?.type !== types.figure) return;
		const media = node.attrs["media"] as string;
		if (!this.options.describe || media === "") return this.figureFields(pos, node, null);
		void Promise.resolve(this.options.media?.(media) ?? null).catch(() => null).then(m => this.figureFields(pos, node, m));
	}

	// What is known of the medium itself is asked about only where it can be told.
	private figureFields(pos: number, node: Node, m: Medium | null): void {
		const media = node.attrs["media"] as string, tell = m && this.options.describe;
		this.panel.form({
			title: "figure", submit: "change",
			fields: [
				{ name: "alt", label: "figure_alt", hint: "figure_alt_hint", many: true, value: node.attrs["alt"], max: 300 },
				{ name: "credit", label: "figure_credit", hint: "figure_credit_hint", value: node.attrs["credit"], max: 300 },
				...(tell ? [
					{ name: "licence", label: "figure_licence", hint: "figure_own_hint", value: m.licence ?? "", max: 300,
						list: (this.options.licences ?? []).map(value => ({ value, label: "" })) },
					{ name: "until", label: "figure_until", kind: "date" as const, value: m.until ?? "" },
				] : []),
			],
			done: v => {
				if (tell) tell(media, { alt: line(v["alt"]!), credit: line(v["credit"]!),
					...(v["licence"] !== (m.licence ?? "") || v["until"] !== (m.until ?? "") ? { licence: v["licence"]!, until: v["until"]! } : {}) });
				const now = this.view.state.doc.nodeAt(pos);
				if (now?.type === types.figure && now.attrs["media"] === media) this.view.dispatch(this.view.state.tr.setNodeMarkup(pos, null, { ...now.attrs, alt: line(v["alt"]!), credit: line(v["credit"]!) }));
				return null;
			},
		});
	}

	private startForm(): void {
		const list = commands.around(this.view.state.selection.$from, "list");
		if (!list) return;
		this.panel.form({
			title: "start", submit: "change",
			fields: [{ name: "start", label: "start_with", kind: "number", value: String(list.node.attrs["start"]) }],
			done: v => {
				if (!/^[0-9]{1,6}$/.test(v["start"]!)) return { field: "start", word: "start_wrong" };
				const now = commands.around(this.view.state.selection.$from, "list");
				if (now?.node.attrs["ordered"]) this.view.dispatch(this.view.state.tr.setNodeAttribute(now.pos, "start", Number(v["start"])));
				return null;
			},
		});
	}

	private help(): void {
		const all: Record<string, Deed> = { ...deeds, ...this.asking() };
		const rows = (names: string[]) => names.filter(n => all[n]).map(name => ({ name, keys: all[name]!.keys }));
		helpPanel(this.panel, this.words, [
			{ word: "help_text", rows: rows(["strong", "em", "link", "struck", "sup", "sub", "code", "said", "lang", "abbr", "isolate", "plain", "break"]) },
			{ word: "help_blocks", rows: rows(["paragraph", "heading2", "heading3", "heading4", "quote", "pull", "aside", "bullets", "numbered", "indent", "outdent", "codeblock", "up", "down", "leave", "remove"]) },
			{ word: "help_insert", rows: rows(["picture", "gallery", "table", "footnote", "card", "rule", "note", "properties"]) },
			{ word: "help_work", rows: [...rows(["find", "typography", "take", "refuse", "undo", "redo", "saveNow", "toolbarFocus", "toolsFocus", "help"]), { name: "help_tab", keys: ["Esc", "Tab"] }] },
		]);
	}

	// --- pictures

	private figure(m: Medium & { id: string }): Node {
		return types.figure.create({ id: newID(), media: m.id, alt: line(m.alt ?? ""), credit: line(m.credit ?? "") });
	}

	private async pick(take: (m: { id: string; alt?: string; credit?: string }) => void): Promise<void> {
		const m = await this.options.pickMedia!().catch(() => null);
		if (m && validMedia(m.id)) take(m);
		this.view.focus();
	}

	// To a gallery, or one is made of the picture and another.
	private async addPicture(): Promise<void> {
		await this.pick(m => {
			const state = this.view.state;
			const gallery = commands.chosen(state, "gallery"), figure = commands.chosen(state, "figure");
			const more = types.figure.create({ media: m.id, alt: line(m.alt ?? ""), credit: line(m.credit ?? "") });
			if (gallery) {
				const end = gallery.pos + 1 + gallery.node.content.size - gallery.node.lastChild!.nodeSize;
				this.view.dispatch(state.tr.insert(end, more).scrollIntoView());
			} else if (figure && state.doc.resolve(figure.pos).depth === 0) {
				const first = types.figure.create({ ...figure.node.attrs, id: null }, figure.node.content);
				this.view.dispatch(state.tr.replaceWith(figure.pos, figure.pos + figure.node.nodeSize, types.gallery.create({ id: figure.node.attrs["id"] }, [first, more, types.caption.create()])).scrollIntoView());
			}
		});
	}

	// Files that were dropped or pasted, each where the text then is.
	private async take(files: readonly File[], at: number): Promise<void> {
		const sown = this.view.state.doc;
		const mapping = new Mapping();
		const follow = (tr: Transaction) => mapping.appendMapping(tr.mapping);
		this.following.add(follow);
		this.say(this.words.t("uploading", { n: files.length }));
		try {
			for (const file of files) {
				const m = await this.options.upload!(file);
				if (!m || !validMedia(m.id)) continue;
				const state = this.view.state;
				const pos = state.doc === sown ? at : mapping.map(at);
				const there = state.apply(state.tr.setSelection(Selection.near(state.doc.resolve(Math.min(pos, state.doc.content.size)))));
				const tr = commands.put(there, this.figure(m));
				if (tr) {
					const mine = state.tr;
					for (const step of tr.steps) mine.step(step);
					this.view.dispatch(mine.scrollIntoView());
				}
			}
			this.say(this.words.t("uploaded"));
		} catch {
			this.say(this.words.t("upload_failed"));
		} finally {
			this.following.delete(follow);
		}
	}

	private readonly following = new Set<(tr: Transaction) => void>();

	// --- what comes from elsewhere

	private pasted(slice: Slice, dragged: boolean): Slice {
		if (dragged) return slice;
		const doc = this.view.state.doc;
		const names = new Map<string, string>(); // of blocks that came along
		slice.content.forEach(k => { if (k.type === types.footnote && k.attrs["id"]) names.set(k.attrs["id"], newID()); });
		const there = new Set<string>(), notes = new Set<string>();
		doc.forEach(k => {
			there.add(k.attrs["id"]);
			if (k.type === types.footnote) notes.add(k.attrs["id"]);
		});
		const walk = (f: Fragment, depth: number): Fragment => {
			const out: Node[] = [];
			f.forEach(n => {
				if (n.type === types.noteref) {
					const note = names.get(n.attrs["note"]) ?? (notes.has(n.attrs["note"]) ? n.attrs["note"] : null);
					if (note !== null) out.push(types.noteref.create({ note }, null, n.marks));
					return;
				}
				let k = n;
				const link = markTypes.link.isInSet(k.marks);
				if (link && link.attrs["href"].startsWith("#") && !there.has(link.attrs["href"].slice(1))) k = k.mark(link.removeFromSet(k.marks));
				if (k.isText) {
					out.push(k);
					return;
				}
				const attrs = k.attrs["id"] ? { ...k.attrs, id: names.get(k.attrs["id"]) ?? null } : k.attrs;
				out.push(k.type.create(attrs, walk(k.content, depth + 1), k.marks));
			});
			return Fragment.from(out);
		};
		return new Slice(walk(slice.content, 0), slice.openStart, slice.openEnd);
	}

	private paste(event: ClipboardEvent, slice: Slice): boolean {
		const data = event.clipboardData;
		const html = data?.getData("text/html") ?? "";
		const files = [...data?.files ?? []].filter(f => /^(image|video|audio)\//.test(f.type));
		if (files.length > 0 && this.options.upload && (html === "" || /^\s*(<meta[^>]*>\s*|<html>\s*|<body>\s*|<!--\w+-->\s*)*<img\b[^>]*>\s*(<!--\w+-->\s*|<\/body>\s*|<\/html>\s*)*$/i.test(html))) {
			void this.take(files, this.view.state.selection.from);
			return true;
		}
		const { state } = this.view;
		const { $from, $to, empty } = state.selection;
		const text = (data?.getData("text/plain") ?? "").trim();
		if (looksWeb(text) && !/\s/.test(text)) {
			const href = cleanURL(text);
			if (href !== "") {
				// An address over chosen words links them; alone in a paragraph it is a card.
				if (!empty && $from.sameParent($to) && $from.parent.inlineContent && !$from.parent.type.spec.code) {
					this.view.dispatch(commands.setMark(state, markTypes.link, { href }));
					return true;
				}
				if (empty && $from.parent.type === types.paragraph && $from.parent.content.size === 0 && html === "") {
					const tr = commands.put(state, types.card.create({ id: newID(), href }));
					if (tr) {
						this.view.dispatch(tr);
						return true;
					}
				}
				if (empty && $from.parent.inlineContent && !$from.parent.type.spec.code && html === "") {
					this.view.dispatch(state.tr.replaceSelectionWith(schema.text(text, markTypes.link.create({ href }).addToSet($from.marks())), false).scrollIntoView());
					return true;
				}
			}
		}
		// Where there is one line, what is pasted becomes one.
		const parent = $from.parent;
		if (parent.inlineContent && !parent.type.spec.code && parent.type !== types.paragraph && $from.sameParent($to) && slice.content.childCount > 0 && !slice.content.firstChild!.isInline) {
			const only = slice.content.childCount === 1 && slice.content.firstChild!.isTextblock;
			if (!only || parent.type === types.footnote) {
				const words = lineOf(slice);
				this.view.dispatch(state.tr.setMeta(foreign, true).replaceWith($from.pos, $to.pos, words).scrollIntoView().setMeta("paste", true));
				return true;
			}
		}
		return false;
	}

	private drop(event: DragEvent): boolean {
		const files = [...event.dataTransfer?.files ?? []].filter(f => /^(image|video|audio)\//.test(f.type));
		if (files.length === 0 || !this.options.upload) return false;
		const at = this.view.posAtCoords({ left: event.clientX, top: event.clientY });
		void this.take(files, at?.pos ?? this.view.state.selection.to);
		return true;
	}
}

export type { Decor, Place, Query, Length, Medium };
