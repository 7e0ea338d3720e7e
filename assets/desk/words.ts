// Words of the interface. The page hands them in, in the language of whoever
// works there: none stands in the scripts.

export type Message = string | Record<string, string>;

export class Words {
	private readonly plural: Intl.PluralRules;
	private readonly figures: Intl.NumberFormat;

	constructor(readonly lang: string, private readonly messages: Record<string, Message>) {
		this.plural = new Intl.PluralRules(lang);
		this.figures = new Intl.NumberFormat(lang);
	}

	number(n: number): string { return this.figures.format(n); }

	/** t gives the message "editor."+key with its places filled; n chooses the form of a counted one. */
	t(key: string, fill: Record<string, string | number> = {}): string {
		const message = this.messages["editor." + key];
		if (message === undefined) return `[editor.${key}]`;
		let text = typeof message === "string" ? message : message["other"] ?? "";
		const n = fill["n"];
		if (typeof message !== "string" && typeof n === "number") text = message[this.plural.select(n)] ?? text;
		return text.replace(/\{([a-z_]+)\}/g, (place, name: string) => {
			const value = fill[name];
			return value === undefined ? place : typeof value === "number" ? this.number(value) : value;
		});
	}
}
