// Elements made one by one: no string is ever read as markup.

type Props = Record<string, string | boolean | undefined | ((event: Event) => void)>;

/** el makes an element: attributes, listeners for "on…", words and elements within. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...inside: (globalThis.Node | string | null)[]): HTMLElementTagNameMap[K] {
	const e = document.createElement(tag);
	for (const [name, value] of Object.entries(props)) {
		if (typeof value === "function") e.addEventListener(name.slice(2), value);
		else if (value === true) e.setAttribute(name, "");
		else if (typeof value === "string") e.setAttribute(name, value);
	}
	for (const part of inside) if (part !== null) e.append(part);
	return e;
}

const svg = "http://www.w3.org/2000/svg";

// Strokes on a ground of 20 × 20.
const strokes: Record<string, string> = {
	link: "M8 12l4-4M7 9l-2 2a3 3 0 0 0 4 4l2-2M13 11l2-2a3 3 0 0 0-4-4L9 7",
	quote: "M4 14c2 0 3-1.500 3-4H4V6h4v4c0 4-2 6-4 6M12 14c2 0 3-1.500 3-4h-3V6h4v4c0 4-2 6-4 6",
	bullets: "M8 5h9M8 10h9M8 15h9M3.500 5h.01M3.500 10h.01M3.500 15h.01",
	picture: "M3 4h14v12H3zM3 14l4-4 3 3 3-4 4 5M7 7.500h.01",
	note: "M3 4h14v10H9l-4 4v-4H3zM6.500 8h7M6.500 11h4",
	find: "M9 3.500a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11zM13 13l4 4",
	undo: "M7 4L3 8l4 4M3 8h8a5 5 0 0 1 0 9H8",
	redo: "M13 4l4 4-4 4M17 8H9a5 5 0 0 0 0 9h3",
	more: "M5 8l5 5 5-5",
};

export function icon(name: string): SVGElement {
	const e = document.createElementNS(svg, "svg");
	for (const [k, v] of Object.entries({ viewBox: "0 0 20 20", width: "18", height: "18", fill: "none", stroke: "currentColor", "stroke-width": "1.6", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false" })) e.setAttribute(k, v);
	const path = document.createElementNS(svg, "path");
	path.setAttribute("d", strokes[name] ?? "");
	e.append(path);
	return e;
}

let last = 0;
/** unique makes a name for an element that another refers to. */
export const unique = (what: string) => `dl-${what}-${++last}`;

const mac = /Mac|iP(hone|[oa]d)/.test(navigator.platform);

/** keyName says a key as it is printed on the keyboard. */
export function keyName(key: string): string {
	const parts = key.split(/-(?!$)/).map(part => {
		switch (part) {
			case "Mod": return mac ? "⌘" : "Ctrl";
			case "Alt": return mac ? "⌥" : "Alt";
			case "Shift": return mac ? "⇧" : "Shift";
			case "ArrowUp": return "↑";
			case "ArrowDown": return "↓";
			case "Backspace": return "⌫";
			case "Enter": return "↵";
		}
		return part.length === 1 ? part.toUpperCase() : part;
	});
	return parts.join(mac ? "" : " + ");
}

/** ariaKey says it as aria-keyshortcuts wants it. */
export const ariaKey = (key: string) => key.replace("Mod", mac ? "Meta" : "Control").split(/-(?!$)/).join("+");
