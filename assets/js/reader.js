// The reader's script: it reports a read, brings the number up to date, finds a comment
// that stands on a later page, and loads what reports an error once somebody wants to. It stores nothing on the device, and a page works whole without it. Text enters
// the page through textContent only (Trusted Types).
(() => {
	"use strict";
	// "#comment-123" is told to no server, so an old link leads to the article's page even
	// where that comment stands on a later one. Its place is asked for then.
	const comments = document.querySelector("[data-comments]");
	const said = /^#comment-(\d{1,15})$/.exec(location.hash);
	if (comments && said && !document.getElementById(location.hash.slice(1))) location.replace(`${comments.dataset.comments}/${said[1]}`);

	const text = document.querySelector("[data-article]");
	const offer = text?.querySelector("[data-report][data-form]");
	if (offer) {
		const load = () => import(offer.dataset.report);
		document.addEventListener("keydown", e => {
			if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey) || e.target.closest?.("input,textarea,select,dialog") || getSelection().isCollapsed) return;
			e.preventDefault();
			load().then(m => m.report(text, offer), () => location.assign(offer.dataset.form));
		});
		// Where there are no keys a button stands beside what is marked.
		if (matchMedia("(pointer: coarse)").matches) {
			let wait = 0;
			document.addEventListener("selectionchange", () => {
				clearTimeout(wait);
				wait = setTimeout(() => load().then(m => m.offer(text, offer)).catch(() => {}), 350);
			});
		}
	}

	const article = document.querySelector("[data-article][data-beacon]");
	if (!article) return;
	const beacon = article.dataset.beacon;
	const counter = article.querySelector("[data-views]");
	const second = 1000;
	let seen = 0; // milliseconds for which the page has been visible
	let since = 0; // when it last became visible; 0 while it is hidden
	let timer = 0;
	let done = false;

	// The name of the site that led here, as far as the browser tells it: what is kept
	// of it is a kind of site, counted by the hour.
	const from = /^[\w-]+:\/\/([^/:]+)/.exec(document.referrer)?.[1];

	const read = async () => {
		done = true;
		try {
			const told = await fetch(beacon, { method: "POST", body: from, keepalive: true, credentials: "omit" });
			if (told.status !== 204 || !counter) return;
			// The server writes the number: browsers do not know every language's way.
			const answer = await fetch(`${beacon}?lang=${document.documentElement.lang}`, { credentials: "omit", cache: "no-store" });
			if (!answer.ok) return;
			const { text } = await answer.json();
			if (text) counter.textContent = text;
		} catch {
			// No connection: the page stays as it was printed.
		}
	};

	// A read counts when the page was visible for one second, in one go or not.
	const look = () => {
		if (done) return;
		clearTimeout(timer);
		const now = performance.now();
		if (since) seen += now - since;
		since = document.visibilityState === "visible" ? now : 0;
		if (seen >= second) read();
		else if (since) timer = setTimeout(look, second - seen);
	};

	document.addEventListener("visibilitychange", look);
	if (document.prerendering) document.addEventListener("prerenderingchange", look, { once: true });
	else look();
})();
