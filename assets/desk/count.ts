// How long the text is. Each block is counted once and again only when it changes.

import type { Node } from "prosemirror-model";
import { textOf } from "./places";
import { countWords } from "./text";

export interface Length { words: number; signs: number; minutes: number }

const counted = new WeakMap<Node, { words: number; signs: number }>();

function lengthOf(block: Node): { words: number; signs: number } {
	let l = counted.get(block);
	if (!l) {
		const text = textOf(block);
		counted.set(block, l = { words: countWords(text), signs: [...text].length });
	}
	return l;
}

/** lengthOfDoc: minutes are article.Article.Minutes, at 200 words a minute. */
export function lengthOfDoc(doc: Node): Length {
	let words = 0, signs = 0;
	doc.forEach(k => {
		const l = lengthOf(k);
		words += l.words;
		signs += l.signs;
	});
	return { words, signs, minutes: Math.max(1, Math.floor((words + 100) / 200)) };
}
