// The desk's own script: passkeys, which need one, and small comforts. Everything
// else on its pages works without.
"use strict";
(() => {
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = id => document.getElementById(id);

  // el makes an element for this script and those that come after it.
  const el = (tag, attributes = {}, ...children) => {
    const out = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) out.addEventListener(name.slice(2), value);
      else if (value === true) out.setAttribute(name, "");
      else if (value !== false && value != null) out.setAttribute(name, value);
    }
    out.append(...children.filter(c => c != null && c !== false));
    return out;
  };
  // ask asks an address of ours, by POST where it is given something: a file as it is,
  // anything else as JSON. An error's told is what the server said in words; final: to
  // try again is in vain; signIn: nobody is signed in any more.
  const ask = async (address, body) => {
    const raw = body instanceof Blob;
    const answer = await fetch(address, {
      method: body === undefined ? "GET" : "POST", credentials: "same-origin", cache: "no-store", redirect: "error",
      headers: {Accept: "application/json", ...(body === undefined || raw ? {} : {"Content-Type": "application/json"})},
      body: raw || body === undefined ? body : JSON.stringify(body),
    });
    const data = await answer.json().catch(() => null);
    if (answer.ok) return data;
    throw Object.assign(new Error(data?.message ?? answer.statusText), {
      told: data?.message, signIn: answer.status === 401,
      // What the server understood and does not take it will not take the next time.
      final: answer.status >= 400 && answer.status < 500 && ![401, 408, 409, 425, 429].includes(answer.status),
    });
  };
  window.DatelineDesk = {el, ask};

  // busy runs work for a button, which cannot be pressed again meanwhile, and says
  // in words what goes wrong.
  const busy = async (button, said, failed, work) => {
    button.disabled = true;
    said.hidden = true;
    try {
      await work();
    } catch (e) {
      said.textContent = e.told ?? failed;
      said.hidden = false;
      button.disabled = false;
    }
  };

  const signIn = async next => {
    const o = await ask("/desk/sign-in/passkey/options", {});
    const key = await navigator.credentials.get({publicKey: {...o, challenge: bytes(o.challenge),
      allowCredentials: (o.allowCredentials ?? []).map(c => ({...c, id: bytes(c.id)}))}});
    const r = key.response;
    const done = await ask("/desk/sign-in/passkey", {next, answer: {id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: {},
      authenticatorAttachment: key.authenticatorAttachment ?? undefined,
      response: {clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData), signature: text(r.signature),
        userHandle: r.userHandle ? text(r.userHandle) : undefined}}});
    location.assign(done.next);
  };

  const add = async name => {
    const o = await ask("/desk/account/passkeys/options", {});
    const key = await navigator.credentials.create({publicKey: {...o, challenge: bytes(o.challenge), user: {...o.user, id: bytes(o.user.id)},
      excludeCredentials: (o.excludeCredentials ?? []).map(c => ({...c, id: bytes(c.id)}))}});
    const r = key.response;
    const done = await ask("/desk/account/passkeys", {name, answer: {id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: {},
      authenticatorAttachment: key.authenticatorAttachment ?? undefined,
      response: {clientDataJSON: text(r.clientDataJSON), attestationObject: text(r.attestationObject), transports: r.getTransports?.() ?? []}}});
    location.assign(done.next);
  };

  const button = named("passkey");
  if (button && window.PublicKeyCredential) {
    button.hidden = false;
    button.addEventListener("click", () => busy(button, named("passkey-said"), button.dataset.failed, () => signIn(button.dataset.next)));
  }
  const form = named("newkey");
  if (form && window.PublicKeyCredential) {
    form.hidden = false;
    form.addEventListener("submit", e => {
      e.preventDefault();
      busy(form.querySelector("button"), named("newkey-said"), form.dataset.failed, () => add(form.elements.passkey.value));
    });
  }

  for (const b of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    b.hidden = false;
    b.addEventListener("click", async () => {
      await navigator.clipboard.writeText(named(b.dataset.copy).textContent);
      b.textContent = b.dataset.done;
    });
  }
  // From change to change of two texts.
  const changes = [...document.querySelectorAll("#dif [id^=change-]")], steps = document.querySelector(".steps");
  if (steps && changes.length) {
    let n = -1;
    const step = by => {
      changes[n]?.classList.remove("at");
      n = (n + by + changes.length + (n < 0 && by < 0 ? 1 : 0)) % changes.length;
      changes[n].classList.add("at");
      changes[n].scrollIntoView({block: "center"});
      changes[n].focus({preventScroll: true});
    };
    steps.hidden = false;
    for (const b of steps.querySelectorAll("button")) b.addEventListener("click", () => step(Number(b.dataset.step)));
    addEventListener("keydown", e => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input,select,textarea")) return;
      if (e.code === "KeyJ" || e.code === "KeyK") step(e.code === "KeyJ" ? 1 : -1);
    });
  }
  for (const f of document.querySelectorAll("form[data-go]")) f.submit();
})();
