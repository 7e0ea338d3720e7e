// What was typed and has not reached the server, kept in the browser: a killed
// tab, a dead server and a lost network cost the last half second at most.

/** A Draft of a text: what stood in one tab, and which version it was made on. */
export interface Draft { key: string; tab: string; stored: string; base: string; at: number }

const name = "dateline-desk", table = "drafts";

/** tab is this page's own name, by which others know that it lives. */
export const tab: string = crypto.randomUUID?.() ?? String(crypto.getRandomValues(new Uint32Array(4)));

let opened: Promise<IDBDatabase> | null = null;

function db(): Promise<IDBDatabase> {
	opened ??= new Promise((yes, no) => {
		const r = indexedDB.open(name, 1);
		r.onupgradeneeded = () => r.result.createObjectStore(table, { keyPath: ["key", "tab"] });
		r.onerror = () => no(r.error);
		r.onsuccess = () => {
			r.result.onversionchange = () => r.result.close();
			yes(r.result);
		};
	});
	// The next one may try again: a private window may refuse.
	opened.catch(() => { opened = null; });
	return opened;
}

async function ask<T>(mode: IDBTransactionMode, f: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
	const t = (await db()).transaction(table, mode, { durability: "relaxed" });
	const r = f(t.objectStore(table));
	return new Promise((yes, no) => {
		t.oncomplete = () => yes(r.result);
		t.onabort = t.onerror = () => no(t.error);
	});
}

const lockName = (t: string) => `${name}:${t}`;
let alive = false;

// A lock that is held as long as the page lives tells other tabs that it does.
function live(): void {
	if (alive || !navigator.locks) return;
	alive = true;
	void navigator.locks.request(lockName(tab), () => new Promise(() => {}));
}

export async function keep(key: string, stored: string, base: string): Promise<void> {
	live();
	await ask("readwrite", s => s.put({ key, tab, stored, base, at: Date.now() } satisfies Draft));
}

export async function drop(key: string, of = tab): Promise<void> {
	await ask("readwrite", s => s.delete([key, of]));
}

/** left gives the drafts of tabs that are no more, the oldest first. */
export async function left(key: string): Promise<Draft[]> {
	live();
	const all = await ask("readonly", s => s.getAll(IDBKeyRange.bound([key], [key, []]))) as Draft[];
	const living = navigator.locks ? new Set((await navigator.locks.query()).held?.map(l => l.name)) : null;
	const dead = (d: Draft) => d.tab !== tab && (living ? !living.has(lockName(d.tab)) : Date.now() - d.at > 10_000);
	return all.filter(dead).sort((a, b) => a.at - b.at);
}
