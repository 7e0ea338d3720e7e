// Beside a translation: the glossary's terms that its original has. After each save
// the server says which of them the text lacks.
"use strict";
(() => {
  const box = document.getElementById("terms");
  if (!box) return;
  const address = location.pathname;
  let timer = 0, asked = 0;
  const look = async () => {
    const mine = ++asked;
    const answer = await fetch(`${address}/glossary`, {credentials: "same-origin", cache: "no-store", redirect: "error", headers: {Accept: "application/json"}});
    if (!answer.ok || mine !== asked) return;
    const now = await answer.json();
    const by = new Map(now.terms.map(t => [String(t.id), t]));
    for (const line of box.querySelectorAll("[data-term]")) {
      const t = by.get(line.dataset.term) ?? {missing: false, instead: ""};
      line.classList.toggle("lacks", t.missing || t.instead !== "");
      if (t.where) line.dataset.where = t.where;
      line.querySelector("[data-go]").hidden = !line.classList.contains("lacks");
      for (const part of line.querySelectorAll("[data-says]")) {
        const says = part.dataset.says;
        part.hidden = says === "instead" ? !t.instead : says === "missing" ? !t.missing || t.instead !== "" : t.missing || t.instead !== "";
        if (says === "instead") part.querySelector("s").textContent = t.instead;
      }
    }
    document.dispatchEvent(new CustomEvent("article-terms", {detail: now.ok}));
  };
  box.addEventListener("click", e => {
    const line = e.target.closest("[data-go]")?.closest("[data-term]");
    if (line) document.dispatchEvent(new CustomEvent("article-show", {detail: line.dataset.where}));
  });
  document.addEventListener("article-saved", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look().catch(() => {}), 400); // the next save may get through
  });
})();
