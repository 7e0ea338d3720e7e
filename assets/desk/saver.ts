// When a text goes to the server, and what happens when it does not arrive.

import * as drafts from "./drafts";

/** Saved is the server's answer: the version that now stands there, and its text if that is not what was sent. */
export interface Saved { base: string; stored?: string }

/**
 * Save sends a text and names the version that it was made on, and the page that it was
 * written on: one that hears no answer sends it again, with what was typed since. It rejects with final set when trying again is
 * in vain.
 */
export type Save = (stored: string, base: string, tab: string) => Promise<Saved>;

export type SaveState = "saved" | "changed" | "saving" | "offline" | "refused";

export interface SaverHost {
	read(): string;
	/** sent marks the moment from which later changes count. */
	sent(): void;
	/** merged takes in what the server made of it. */
	merged(stored: string): void;
	told(state: SaveState, error?: unknown): void;
}

const draftAfter = 300; // ms after a change, at most, until the browser has it
const pause = 700, latest = 1500; // ms after the last and after the first change until the server gets it

export class Saver {
	private draftTimer = 0;
	private sendTimer = 0;
	private firstChange = 0;
	private sending: Promise<void> | null = null;
	private troubles = 0;
	private done = false;
	private known: string; // what the server has
	private readonly woken = () => { if (this.troubles > 0) this.soon(0); };
	private readonly hidden = () => {
		if (document.visibilityState !== "hidden") return;
		this.draft();
		if (this.firstChange > 0) this.soon(0);
	};

	constructor(private readonly host: SaverHost, private readonly save: Save | undefined, private readonly key: string | undefined, private base: string, stored: string) {
		this.known = stored;
		addEventListener("online", this.woken);
		document.addEventListener("visibilitychange", this.hidden);
		addEventListener("pagehide", this.hidden);
	}

	get version(): string { return this.base; }

	changed(): void {
		if (this.done) return;
		const now = Date.now();
		if (this.firstChange === 0) {
			this.firstChange = now;
			if (this.troubles === 0) this.host.told("changed");
		}
		if (this.key !== undefined && this.draftTimer === 0) this.draftTimer = window.setTimeout(() => this.draft(), draftAfter);
		if (this.troubles === 0) this.soon(Math.min(pause, Math.max(0, this.firstChange + latest - now)));
	}

	private draft(): void {
		clearTimeout(this.draftTimer);
		this.draftTimer = 0;
		if (this.key === undefined || this.done) return;
		const stored = this.host.read();
		if (stored === this.known) return;
		drafts.keep(this.key, stored, this.base).catch(() => {}); // a private window may keep nothing
	}

	private soon(ms: number): void {
		if (!this.save) return;
		clearTimeout(this.sendTimer);
		this.sendTimer = window.setTimeout(() => void this.now(), ms);
	}

	/** now sends what is not there yet; it resolves when it is there, or when trying has to wait. */
	async now(force = false): Promise<void> {
		clearTimeout(this.sendTimer);
		if (!this.save || this.done) return;
		await this.sending;
		this.sending ??= this.send(this.save, force).finally(() => { this.sending = null; });
		await this.sending;
	}

	// What is sent by force says nothing new: its answer is what others wrote.
	private async send(save: Save, force: boolean): Promise<void> {
		const stored = this.host.read();
		if (stored === this.known && !force) {
			this.firstChange = 0;
			this.host.told("saved");
			await this.forget(stored);
			return;
		}
		this.host.told("saving");
		this.host.sent();
		const first = this.firstChange;
		this.firstChange = 0;
		try {
			const answer = await save(stored, this.base, drafts.tab);
			if (this.done) return;
			this.troubles = 0;
			this.base = answer.base;
			this.known = answer.stored ?? stored;
			if (answer.stored !== undefined && answer.stored !== stored) this.host.merged(answer.stored);
			if (this.firstChange > 0) this.soon(pause); // typed in the meantime
			else this.host.told("saved");
			await this.forget(stored);
		} catch (error) {
			if (this.done) return;
			this.firstChange = first || Date.now();
			this.draft();
			if ((error as { final?: boolean } | null)?.final) {
				this.host.told("refused", error);
				return;
			}
			this.troubles++;
			this.host.told("offline", error);
			this.soon(Math.min(1000 * 2 ** Math.min(this.troubles - 1, 4), 15_000));
		}
	}

	// What has arrived need not be kept, unless more was typed meanwhile.
	private async forget(stored: string): Promise<void> {
		if (this.key === undefined) return;
		if (this.host.read() === this.known || this.host.read() === stored) await drafts.drop(this.key).catch(() => {});
		else this.draft();
	}

	/**
	 * restore brings in what tabs that are no more had kept for this text. What was
	 * made on the version that stands here is taken as it is; the rest is sent to be merged.
	 */
	async restore(take: (stored: string, at: number) => void): Promise<void> {
		if (this.key === undefined) return;
		const left = await drafts.left(this.key).catch(() => []);
		for (const d of left) {
			if (this.done) return;
			if (d.stored !== this.known) {
				if (d.base === this.base && this.host.read() === this.known) take(d.stored, d.at);
				else if (this.save) {
					await this.now();
					this.host.sent();
					const answer = await this.save(d.stored, d.base, d.tab); // a failure leaves the draft for the next time
					this.base = answer.base;
					this.known = answer.stored ?? d.stored;
					this.host.merged(this.known);
					take("", d.at);
				} else continue;
			}
			await this.adopted(d);
		}
	}

	// The text of a dead tab is ours now: kept under our name before it goes from its.
	private async adopted(d: drafts.Draft): Promise<void> {
		const stored = this.host.read();
		if (stored !== this.known) await drafts.keep(d.key, stored, this.base).catch(() => {});
		await drafts.drop(d.key, d.tab).catch(() => {});
	}

	stop(): void {
		if (this.done) return;
		this.draft();
		this.done = true;
		clearTimeout(this.draftTimer);
		clearTimeout(this.sendTimer);
		removeEventListener("online", this.woken);
		document.removeEventListener("visibilitychange", this.hidden);
		removeEventListener("pagehide", this.hidden);
	}
}
