// The script of a discussion: it sends a comment without leaving the page, names the
// rule that a text would break while it is written, answers in place, quotes, and shows
// what others say meanwhile. Loaded where comments are taken; without it the form posts.
// On the device it keeps the last private address of this reader's comments, once they
// have written one, and nothing else. Text enters the page through textContent only.
(() => {
	"use strict";
	const key = "dateline-comment";
	const kept = () => { try { return localStorage.getItem(key) || ""; } catch { return ""; } };
	const keep = (token) => { try { localStorage.setItem(key, token); } catch { /* not kept: a guest is a newcomer again */ } };
	const make = (tag, text, name) => {
		const e = document.createElement(tag);
		if (text) e.textContent = text;
		if (name) e.className = name;
		return e;
	};
	const post = (url, body) => fetch(url, { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
	const section = document.getElementById("comments");

	for (const form of document.querySelectorAll("form[data-talk][action='/-/comments']")) write(form);
	if (section?.dataset.live) listen();

	function write(form) {
		const word = (name) => form.querySelector(`[data-word="${name}"]`)?.textContent || "";
		const field = (name) => form.elements.namedItem(name);
		const text = field("text"), button = form.querySelector("button"), home = form.parentNode;
		const article = Number(field("article").value);
		let parent = Number(field("parent")?.value || 0), quote = field("quote")?.value || "", sending = "";
		field("private")?.closest("p").remove(); // whoever has scripts keeps the address anyway

		const tell = (message, wrong) => {
			let at = form.querySelector(".wrong, .told");
			if (!at) form.insertBefore(at = make("p"), form.querySelector("p"));
			at.className = wrong ? "wrong" : "told";
			at.setAttribute("role", wrong ? "alert" : "status");
			at.id = "tf-wrong";
			at.textContent = message;
			at.hidden = !message;
			text.toggleAttribute("aria-invalid", !!wrong);
			if (wrong) text.setAttribute("aria-describedby", at.id);
			return at;
		};

		// While it is written.
		let timer = 0, asked = 0;
		text.addEventListener("input", () => {
			sending = "";
			clearTimeout(timer);
			timer = setTimeout(async () => {
				const mine = ++asked;
				if (!text.value.trim()) return tell("");
				try {
					const r = await post("/-/comments/try", { article, text: text.value });
					if (mine !== asked) return;
					if (r.status === 200) tell((await r.json()).message, true);
					else if (r.ok && form.querySelector(".wrong")) tell("");
				} catch { /* it will be said when it is sent */ }
			}, 600);
		});

		// Answering in place.
		const stop = make("button", word("stop"), "btn quiet");
		stop.type = "button";
		const whom = make("p", "", "meta");
		stop.addEventListener("click", () => { parent = 0; whom.remove(); stop.remove(); home.append(form); });
		section?.addEventListener("click", (e) => {
			const a = e.target.closest?.("a[data-reply]");
			if (!a || e.ctrlKey || e.metaKey || e.shiftKey) return;
			e.preventDefault();
			const item = a.closest("li");
			parent = Number(/(\d+)$/.exec(a.getAttribute("href"))[1]);
			whom.textContent = word("answer").replace("{name}", item.querySelector("header b").textContent);
			form.prepend(whom);
			button.after(" ", stop);
			item.append(form);
			text.focus();
		});

		// Quoting what is selected in the article.
		const cite = make("button", word("quote"), "btn quiet");
		cite.type = "button";
		const shown = make("blockquote", quote, "said");
		const selected = () => {
			const s = getSelection();
			return s && !s.isCollapsed && document.querySelector(".e-content")?.contains(s.anchorNode) ? s.toString().replace(/\s+/g, " ").trim().slice(0, 600) : "";
		};
		let passage = "";
		if (word("quote") && document.querySelector(".e-content")) {
			document.addEventListener("selectionchange", () => {
				const s = selected();
				if (s) { passage = s; text.closest("p").after(cite); }
			});
			cite.addEventListener("click", () => {
				quote = passage;
				shown.textContent = quote;
				text.closest("p").before(shown);
				cite.remove();
				text.focus();
			});
		}

		form.addEventListener("submit", async (e) => {
			e.preventDefault();
			if (button.disabled) return;
			button.disabled = true;
			button.setAttribute("aria-busy", "true");
			sending ||= crypto.randomUUID?.() || String(Math.random()).slice(2) + Date.now(); // sent twice, it is one
			try {
				const r = await post("/-/comments", { article, parent, name: field("name").value, text: text.value, quote, token: kept(), key: sending, website: field("website").value });
				const told = await r.json();
				if (!r.ok) { tell(told.message, true); text.focus(); return; }
				if (told.token) keep(told.token);
				text.value = quote = "";
				shown.remove();
				sending = "";
				clearTimeout(timer);
				asked++;
				if (told.url && section) await news();
				const at = tell(told.message, false);
				if (told.mine) {
					const a = make("a", word("mine"));
					a.href = told.mine;
					at.append(" ", a);
				}
				if (parent) stop.click();
				at.scrollIntoView({ block: "nearest" });
			} catch {
				tell(word("lost"), true);
			} finally {
				button.disabled = false;
				button.removeAttribute("aria-busy");
			}
		});
	}

	// What others say meanwhile: asked for now and then while the page is seen, and set in
	// when the reader wants it.
	let waiting = [];
	async function fetchNews() {
		const r = await fetch(section.dataset.live, { credentials: "omit", cache: "no-store" });
		if (!r.ok) return [];
		return (await r.json()).comments;
	}
	async function news() {
		if (!section.dataset.live) return;
		insert(await fetchNews());
	}
	function insert(list) {
		waiting = [];
		section.querySelector(".new")?.remove();
		let ol = section.querySelector("ol");
		if (!ol) {
			ol = make("ol");
			section.querySelector(".bys")?.remove();
			section.querySelector("form, .bys")?.before(ol);
		}
		for (const c of list) {
			section.dataset.live = section.dataset.live.replace(/\d+$/, c.id);
			if (document.getElementById(`comment-${c.id}`)) continue;
			const li = make("li", "", "c h-cite");
			li.id = `comment-${c.id}`;
			const head = make("header");
			head.append(make("b", c.name));
			if (c.role) head.append(" ", make("span", c.role, "role"));
			const a = make("a"), time = make("time", c.time);
			time.dateTime = c.iso;
			a.href = c.url;
			a.append(time);
			head.append(" ", a);
			li.append(head);
			if (c.quote) li.append(make("blockquote", c.quote, "said"));
			for (const p of c.text) li.append(make("p", p));
			const acts = make("p", "", "acts");
			for (const [word, to] of [["reply", "answer"], ["report", "report"]]) {
				const label = section.querySelector(`[data-word="${word}"]`)?.textContent;
				if (!label) continue;
				const a = make("a", label);
				a.href = `/-/comments/${to}/${c.id}`;
				if (word === "reply") a.dataset.reply = "";
				acts.append(a, " ");
			}
			li.append(acts);
			const above = c.parent && document.querySelector(`a[data-reply][href$="/answer/${c.parent}"]`)?.closest("li");
			if (above) li.classList.add("kid");
			let at = above;
			while (at?.nextElementSibling?.classList.contains("kid")) at = at.nextElementSibling;
			if (at) at.after(li);
			else ol.append(li);
		}
	}
	function listen() {
		const every = 30000;
		setInterval(async () => {
			if (document.visibilityState !== "visible") return;
			try {
				waiting = await fetchNews();
			} catch { return; }
			if (!waiting.length) return;
			let at = section.querySelector(".new");
			if (!at) {
				at = make("div", "", "new");
				at.setAttribute("role", "status");
				const b = make("button", "", "btn");
				b.type = "button";
				b.addEventListener("click", () => insert(waiting));
				at.append(b);
				section.append(at);
			}
			const words = section.querySelector('[data-word="new"]')?.textContent || "{n}";
			at.firstChild.textContent = words.replace("{n}", waiting.length);
		}, every);
	}
})();
