// What a body's text may hold: internal/richtext/text.go, letter for letter.

const bannedInWords = /[\0-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\p{Noncharacter_Code_Point}]/gu;
const bannedInCode = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\p{Noncharacter_Code_Point}]/gu;
const halves = /\p{Surrogate}/gu;
const unusual = /[^ -~\u00a0-\u024f\u0400-\u04ff\u2010-\u2027\u2030-\u203f\u2116]| {2}/;

/** clean makes the text of a run: white space single, what no text needs gone. */
export function clean(s: string): string {
	if (!unusual.test(s)) return s;
	return s.replace(/[\t-\r\u2028\u2029]/g, " ").replace(bannedInWords, "").replace(halves, "\ufffd").replace(/ {2,}/g, " ");
}

/** cleanCode makes the text of a code block, where white space counts. */
export function cleanCode(s: string): string {
	s = s.replace(/\r\n?/g, "\n").replace(bannedInCode, "").replace(halves, "\ufffd").normalize("NFC");
	return s.replace(/^\n+/, "").replace(/[\n\t ]+$/, "");
}

const maxTitle = 300;

/** line makes a title, credit or alternative text: one line, bounded. */
export function line(s: string): string {
	if (s === "") return "";
	s = s.trim().replace(/[ \t\n\r\f]+/g, " ").trim();
	s = s.replace(/[\u2028\u2029]/g, "").replace(/[\t-\r]/g, "").replace(bannedInWords, "").replace(halves, "\ufffd").normalize("NFC");
	s = s.trim().replace(/ {2,}/g, " ");
	const signs = [...s];
	if (signs.length <= maxTitle) return s;
	let cut = signs.slice(0, maxTitle - 1).join("");
	const space = cut.lastIndexOf(" ");
	if (space * 2 >= maxTitle) cut = cut.slice(0, space);
	return cut.replace(/[\s,;:.…–—\-([{«„“‘\u00a0]+$/, "") + "…";
}

/** validID: b, a digit, up to 30 digits or small letters. */
export function validID(s: string): boolean {
	return /^b[0-9][0-9a-z]{0,30}$/.test(s);
}

/** newID makes a block's name that nobody else has, now or ever. */
export function newID(): string {
	const sown = crypto.getRandomValues(new Uint32Array(12));
	let id = "b" + (sown[0]! % 10);
	for (let i = 1; i < sown.length; i++) id += (sown[i]! % 36).toString(36);
	return id;
}

/** validMedia: the number of a medium, an int64 above 0, in digits. */
export function validMedia(s: string): boolean {
	return /^[1-9][0-9]{0,18}$/.test(s) && (s.length < 19 || BigInt(s) <= 9223372036854775807n);
}

/** cleanLang gives a language tag in its usual letters (RFC 5646 §2.1.1), or "". */
export function cleanLang(s: string): string {
	s = s.trim();
	if (s.length < 2 || s.length > 35) return "";
	const parts = s.split(/[-_]/);
	const usual: string[] = [];
	for (const [i, part] of parts.entries()) {
		if (!/^[A-Za-z0-9]{1,8}$/.test(part)) return "";
		if (i === 0) {
			if (!/^[A-Za-z]{2}[A-Za-z]?$/.test(part)) return "";
			usual.push(part.toLowerCase());
		} else if (part.length === 2) usual.push(part.toUpperCase());
		else if (part.length === 4) usual.push(part[0]!.toUpperCase() + part.slice(1).toLowerCase());
		else usual.push(part.toLowerCase());
	}
	return usual.join("-");
}

/** sameLang: a passage in a within text in b needs no mark. */
export function sameLang(a: string, b: string): boolean {
	if (a === b) return true;
	const [first = "", second = ""] = a.split("-");
	return first === b.split("-")[0] && second.length !== 4;
}

const wordSign = /[\p{L}\p{Nd}]/u;

/** countWords counts as richtext.Doc.Words does. */
export function countWords(s: string): number {
	let n = 0;
	for (const part of s.split(/[ \n\t\u00a0]+/)) if (wordSign.test(part)) n++;
	return n;
}
