// The bundle that the desk's pages load: window.DatelineEditor.

import { DatelineEditor } from "./editor";

declare global {
	interface Window { DatelineEditor: typeof DatelineEditor }
}

window.DatelineEditor = DatelineEditor;
