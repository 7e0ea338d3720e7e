// The reader's script: it reports a read and brings the number up to date. It
// stores nothing on the device, and a page works whole without it. Text enters
// the page through textContent only (Trusted Types).
(() => {
	"use strict";
	const article = document.querySelector("[data-article][data-beacon]");
	if (!article) return;
	const beacon = article.dataset.beacon;
	const counter = article.querySelector("[data-views]");
	const second = 1000;
	let seen = 0; // milliseconds for which the page has been visible
	let since = 0; // when it last became visible; 0 while it is hidden
	let timer = 0;
	let done = false;

	const number = (n) => {
		try {
			return new Intl.NumberFormat(document.documentElement.lang).format(n);
		} catch {
			return String(n); // a language tag that the browser cannot read
		}
	};

	const read = async () => {
		done = true;
		try {
			const told = await fetch(beacon, { method: "POST", keepalive: true, credentials: "omit" });
			if (told.status !== 204 || !counter) return;
			const answer = await fetch(beacon, { credentials: "omit", cache: "no-store" });
			if (!answer.ok) return;
			const { views } = await answer.json();
			if (Number.isSafeInteger(views)) counter.textContent = number(views);
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
