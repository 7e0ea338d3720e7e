// Reporting an error: loaded when somebody marks words and presses Ctrl + Enter, or marks
// some on a screen that is touched. The form, with its words, is that of the page for
// those without a script. Nothing is stored on the device.

const beside = 200; // signs of the surroundings that go with the passage
const shown = 60; // and that are shown

// What is set around a passage, but is not the article's own words.
const foreign = ".vh,.credit,[role=doc-noteref],[role=doc-backlink],button,svg,noscript";
const parts = "h1,.stand,figcaption,caption,.crumb b,.txt>*";
const blocks = "p,li,td,th,tr,dt,dd,h1,h2,h3,h4,figure,figcaption,blockquote,pre,caption,cite,footer,br";

const segments = text => typeof Intl.Segmenter === "function"
	? [...new Intl.Segmenter(document.documentElement.lang, { granularity: "grapheme" }).segment(text)].map(s => s.index) : null;

// read gives the words of an element, and where each of its texts begins in them.
const read = root => {
	const all = [];
	let text = "";
	let after = null;
	const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, {
		acceptNode: n => n.nodeType === Node.ELEMENT_NODE && n.matches(foreign) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
	});
	for (let n = walker.nextNode(); n; n = walker.nextNode()) {
		if (n.nodeType !== Node.TEXT_NODE) {
			if (n.localName === "br") text += "\n";
			continue;
		}
		const block = n.parentElement.closest(blocks);
		if (after && block !== after && !/\s$/.test(text)) text += "\n";
		after = block;
		all.push({ node: n, at: text.length });
		text += n.data;
	}
	return { text, all };
};

// offset is where an end of a selection is in the words of an element.
const offset = (all, text, container, n, end) => {
	const point = document.createRange();
	point.setStart(container, n);
	let at = end ? 0 : text.length;
	for (const one of all) {
		if (one.node === container) return one.at + n;
		const range = document.createRange();
		range.selectNodeContents(one.node);
		const before = range.compareBoundaryPoints(Range.START_TO_START, point) < 0;
		if (end && before) at = one.at + one.node.length;
		if (!end && !before) return one.at;
	}
	return at;
};

// passage is what of an article is selected: within one of its parts, without the spaces
// at its ends, with whole signs.
export const passage = article => {
	const selection = getSelection();
	if (!selection.rangeCount || selection.isCollapsed) return null;
	const range = selection.getRangeAt(0);
	if (!range.intersectsNode(article)) return null;
	const touched = [...article.querySelectorAll(parts)].filter(p => !p.parentElement.closest("figcaption,.txt>*") && range.intersectsNode(p));
	let found = null;
	let many = false;
	for (const part of touched) {
		const { text, all } = read(part);
		if (!all.length) continue;
		let from = part.contains(range.startContainer) ? offset(all, text, range.startContainer, range.startOffset, false) : 0;
		let to = part.contains(range.endContainer) ? offset(all, text, range.endContainer, range.endOffset, true) : text.length;
		while (from < to && /[\s\u00ad]/.test(text[from])) from++;
		while (to > from && /[\s\u00ad]/.test(text[to - 1])) to--;
		if (from >= to) continue;
		if (found) {
			many = true;
			break;
		}
		const marks = segments(text);
		if (marks) {
			from = marks.findLast(i => i <= from) ?? from;
			to = marks.find(i => i >= to) ?? text.length;
		}
		found = { exact: text.slice(from, to), prefix: text.slice(Math.max(0, from - beside), from), suffix: text.slice(to, to + beside), range };
	}
	return found && { ...found, many };
};

const plain = text => text.replaceAll("\u00ad", "");

const el = (name, attributes = {}, ...inner) => {
	const e = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) if (value !== false) e.setAttribute(key, value === true ? "" : value);
	e.append(...inner);
	return e;
};

// form is that of the page, parsed by the browser and taken out of it.
const form = url => new Promise((resolve, reject) => {
	const r = new XMLHttpRequest();
	r.open("GET", url);
	r.responseType = "document";
	r.timeout = 15_000;
	r.onload = () => {
		const f = r.response?.querySelector(".rep-form");
		if (r.status === 200 && f) resolve({ form: document.importNode(f, true), title: r.response.querySelector("h1").textContent });
		else reject(new Error(`the form: ${r.status}`));
	};
	r.onerror = r.ontimeout = () => reject(new Error("no connection"));
	r.send();
});

const style = url => new Promise(resolve => {
	if (document.querySelector(`link[href="${CSS.escape(url)}"]`)) return resolve();
	const link = el("link", { rel: "stylesheet", href: url });
	link.onload = link.onerror = () => resolve();
	document.head.append(link);
});

let open = null;

// report asks what is wrong with a passage.
export const report = async (article, offer, what = passage(article)) => {
	if (open || !what) return;
	open = true;
	const { sheet, form: url } = offer.dataset;
	const back = document.activeElement;
	let got;
	try {
		[got] = await Promise.all([form(url), style(sheet)]);
	} catch {
		open = null;
		location.assign(url); // the browser says what is wrong, or the form comes after all
		return;
	}
	const f = got.form;
	const d = el("dialog", { class: "dlg", "aria-labelledby": "rep-h" });
	const cross = el("button", { class: "x", type: "button", "aria-label": f.dataset.close }, "×");
	d.append(el("h2", { id: "rep-h", tabindex: "-1" }, got.title), cross, f);
	const seen = el("blockquote", {}, ...(what.prefix.length > shown ? ["…"] : []), plain(what.prefix.slice(-shown)), el("mark", { class: "mark" }, plain(what.exact)),
		plain(what.suffix.slice(0, shown)), ...(what.suffix.length > shown ? ["…"] : []));
	const place = f.querySelector("[data-passage]");
	place.replaceChildren(el("span", { class: "label", id: "rep-p" }, f.dataset.selected), seen, ...(what.many ? [el("small", {}, f.dataset.one)] : []));
	seen.setAttribute("aria-labelledby", "rep-p");
	const field = f.elements.suggestion;
	field.value = plain(what.exact);
	field.placeholder = f.dataset.goes;
	field.rows = what.exact.length > 120 ? 4 : 2;
	field.autofocus = true;
	const button = f.querySelector("[type=submit]");
	const words = button.textContent;
	let busy = false;
	const trouble = el("p", { class: "msg bad", role: "alert", hidden: true });
	f.querySelector(".acts").before(trouble);
	const wrong = (message, name) => {
		trouble.textContent = message;
		trouble.hidden = false;
		for (const input of f.elements) input.removeAttribute?.("aria-invalid");
		const at = f.elements[name];
		if (at && at.type !== "hidden") {
			at.setAttribute("aria-invalid", "true");
			at.focus();
		}
	};
	const send = async () => {
		if (busy) return;
		busy = true;
		trouble.hidden = true;
		button.setAttribute("aria-disabled", "true");
		button.textContent = f.dataset.sending;
		try {
			const answer = await fetch(f.getAttribute("action"), { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, credentials: "same-origin",
				body: JSON.stringify({ article: Number(f.elements.article.value), exact: what.exact, prefix: what.prefix, suffix: what.suffix,
					suggestion: field.value === plain(what.exact) ? "" : field.value, remove: field.value.trim() === "", note: f.elements.note.value, email: f.elements.email?.value ?? "" }) });
			const said = await answer.json().catch(() => ({}));
			if (answer.status === 201) thanks(said);
			else wrong(said.message || f.dataset.offline, said.field);
		} catch {
			wrong(f.dataset.offline);
		} finally {
			busy = false;
			button.removeAttribute("aria-disabled");
			button.textContent = words;
		}
	};
	const thanks = said => {
		const close = el("button", { class: "btn", type: "button" }, f.dataset.close);
		close.addEventListener("click", () => d.close());
		const heading = d.querySelector("h2");
		heading.textContent = said.message;
		const to = new URL(said.status_url, location.href); // as this page is reached, whatever the site calls itself
		const wanted = field.value.trim();
		const mark = seen.querySelector("mark");
		if (wanted !== plain(what.exact)) mark.replaceWith(el("del", {}, mark.textContent), ...(wanted ? [" ", el("ins", {}, wanted)] : []));
		f.replaceWith(seen, el("p", { class: "follow" }, el("a", { class: "link", href: to.pathname }, f.dataset.follow)),
			el("p", { class: "follow" }, close));
		heading.focus();
	};
	f.addEventListener("submit", e => {
		e.preventDefault();
		send();
	});
	f.addEventListener("keydown", e => {
		if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
			e.preventDefault();
			e.stopPropagation();
			f.requestSubmit();
		}
	});
	cross.addEventListener("click", () => d.close());
	d.addEventListener("close", () => {
		d.remove();
		open = null;
		// Back to where the reader was, with their words marked.
		const selection = getSelection();
		selection.removeAllRanges();
		selection.addRange(what.range);
		if (back && back !== document.body) back.focus({ preventScroll: true });
	});
	document.body.append(d);
	d.showModal();
	field.focus();
	field.select();
};

// offer sets a button beside what is selected, where there are no keys.
let button = null;
export const offer = async (article, at) => {
	const what = passage(article);
	if (!what || open) {
		button?.remove();
		button = null;
		return;
	}
	await style(at.dataset.sheet);
	if (!button) {
		button = el("button", { class: "rep-offer", type: "button" }, at.dataset.button);
		// A selection is lost where the button takes the focus: it is kept from before.
		button.addEventListener("pointerdown", e => e.preventDefault());
		button.addEventListener("click", () => {
			const { kept } = button;
			button.remove();
			button = null;
			report(article, at, kept);
		});
		document.body.append(button);
	}
	button.kept = what;
	const box = what.range.getBoundingClientRect();
	const width = button.offsetWidth;
	button.style.top = `${scrollY + Math.min(box.bottom, innerHeight - 64) + 12}px`;
	button.style.left = `${Math.max(8, Math.min(box.left + box.width / 2 - width / 2, document.documentElement.clientWidth - width - 8))}px`;
};
