// Signing in by passkey, and adding one: the browser is asked with what the server
// says, and its answer is sent. Everything else of an account works without a script.
(() => {
	"use strict";
	if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
	const json = async (address, body) => {
		const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), cache: "no-store" });
		const said = await answer.json().catch(() => ({}));
		if (!answer.ok) throw new Error(said.message ?? "");
		return said;
	};
	for (const form of document.querySelectorAll("form[data-passkey]")) {
		const wrong = form.appendChild(document.createElement("p"));
		wrong.className = "wrong";
		wrong.setAttribute("role", "alert");
		wrong.hidden = true;
		const edition = form.elements.edition.value;
		form.hidden = false;
		const part = form.closest("[data-scripted]");
		if (part) part.hidden = false;
		form.addEventListener("submit", async (event) => {
			event.preventDefault();
			wrong.hidden = true;
			const button = form.querySelector("button");
			button.disabled = true;
			try {
				const { options, kept } = await json(form.dataset.options, { edition });
				const key = form.dataset.passkey === "create"
					? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
					: await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
				const { next } = await json(form.getAttribute("action"), { edition, kept, answer: key.toJSON() });
				location.assign(next);
			} catch (error) {
				button.disabled = false;
				if (error.name === "NotAllowedError" || error.name === "AbortError") return; // they have thought better of it
				wrong.textContent = error.name === "Error" && error.message ? error.message : form.dataset.failed;
				wrong.hidden = !wrong.textContent;
			}
		});
	}
})();
