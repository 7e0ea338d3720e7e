// Addresses as a body may hold them: internal/richtext/url.go, step for step.

import { validID } from "./text";

const maxURL = 2048;
const bytes = new TextEncoder();
const size = (s: string) => bytes.encode(s).length;

/** cleanURL gives an address in its stored form, or "" if we take none such. */
export function cleanURL(raw: string): string {
	if (size(raw) > 3 * maxURL) return "";
	raw = raw.replace(/^[\0- \u00a0\ufeff]+|[\0- \u00a0\ufeff]+$/g, "").replace(/[\t\n\r\0]/g, "");
	if (raw.startsWith("//")) raw = "https:" + raw;
	const colon = raw.indexOf(":");
	if (colon < 0 || colon > 6) return "";
	const scheme = raw.slice(0, colon).toLowerCase();
	if (!["https", "http", "mailto", "tel"].includes(scheme)) return "";
	let rest = raw.slice(colon + 1);
	let host = "";
	if (scheme.startsWith("http")) {
		if (!rest.startsWith("//")) return "";
		rest = rest.slice(2);
		const end = rest.search(/[/?#\\]/);
		host = end < 0 ? rest : rest.slice(0, end);
		rest = end < 0 ? "" : rest.slice(end);
		if (!validHost(host) || rest.startsWith("\\")) return ""; // browsers read \ as /
		host = "//" + host;
	} else if (rest === "" || rest.startsWith("//")) return "";
	const u = scheme + ":" + host + escape(rest);
	return size(u) <= maxURL ? u : "";
}

function validHost(h: string): boolean {
	if (h === "" || size(h) > 260) return false;
	for (const c of h) {
		if (/[A-Za-z0-9.\-_:[\]]/.test(c)) continue;
		if (c < "\x80") return false;
		// a host in its own script: letters only, in normal form
		return h.normalize("NFC") === h && !/["'<>&%@\\`^{|} \t\n]/.test(h) && !/[^\0-\x7f\p{L}\p{Nd}\p{M}]/u.test(h) && !/[\0-\x1f\x7f]/.test(h);
	}
	return true;
}

const plain = (c: string) => c > " " && c < "\x7f" && !"\"<>\\^`{|}'".includes(c);

function escape(s: string): string {
	let out = "";
	for (const c of s) {
		if (c < "\x80") {
			if (plain(c)) out += c;
			else if (c >= " " && c !== "\x7f") out += "%" + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
			continue;
		}
		for (const b of bytes.encode(c)) out += "%" + b.toString(16).toUpperCase();
	}
	return out;
}

/** cleanHref gives a link's address in its stored form: an address, a reference or a block of the same body. */
export function cleanHref(s: string): string {
	if (s.startsWith("ref:")) {
		const ref = escape(s);
		return s.length > 4 && size(s) <= 3 * maxURL && size(ref) <= maxURL ? ref : "";
	}
	if (s.startsWith("#")) return validID(s.slice(1)) ? s : "";
	return cleanURL(s);
}

export const isWeb = (u: string) => u.startsWith("https://") || u.startsWith("http://");

export const looksWeb = (s: string) => size(s) > 8 && /^https?:\/\//i.test(s);

/** typedURL completes what somebody types as an address: example.com, a@example.com. */
export function typedURL(s: string): string {
	s = s.trim();
	if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/.]+$/.test(s)) return cleanURL("mailto:" + s);
	if (/^\+?[0-9][0-9 ()-]{4,}$/.test(s)) return cleanURL("tel:" + s.replace(/[^+0-9]/g, ""));
	if (/^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+([/?#:]|$)/u.test(s)) return cleanURL("https://" + s);
	return cleanHref(s);
}

/** hostOf gives the host of a web address as people say it. */
export function hostOf(u: string): string {
	const m = /^https?:\/\/([^/?#]+)/.exec(u);
	return m ? m[1]!.replace(/:[0-9]+$/, "").toLowerCase().replace(/^www\./, "") : "";
}
