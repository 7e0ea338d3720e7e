// Trusted Types: a page at the desk allows one policy, "dateline". The page hands
// it over, or it is made here. It vouches for nothing: what is made of the string
// stands in a document without a window, runs nothing, loads nothing, and leaves
// it only as nodes of the vocabulary.

export interface Policy { createHTML(s: string): unknown }

interface Factory { createPolicy(name: string, rules: { createHTML(s: string): string }): Policy }

let policy: Policy | null = null;

/** usePolicy takes the page's own policy, which may be made only once. */
export function usePolicy(p: Policy): void { policy = p; }

const factory = () => (globalThis as { ["trustedTypes"]?: Factory })["trustedTypes"];

/** trustedForPaste stands where ProseMirror looks for window.trustedTypes (see tools/assets). */
export const trustedForPaste = {
	get defaultPolicy(): Policy | null {
		const make = factory();
		if (make && !policy) policy = make.createPolicy("dateline", { createHTML: s => s });
		return policy ?? { createHTML: s => s };
	},
};
