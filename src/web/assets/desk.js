// Keeps what is shown fresh, tells of urgent cases and of what is new in one's own, keeps drafts, adds keys. The pages work without it.
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const live = document.getElementById("live");
  const kind = live ? live.dataset.live : "";
  const field = document.querySelector('input[name="csrf"]');
  const csrf = field ? field.value : "";
  const bar = (name) => document.querySelector(`[data-${name}]`);
  const ask = (path) => fetch(path, { headers: { "x-safar-live": "1" }, credentials: "same-origin", redirect: "manual" });
  const is_out = (answer) => answer.type === "opaqueredirect" || answer.status === 401;
  const post = (path, body) => {
    const sent = new URLSearchParams(body);
    return fetch(path, {
      method: "POST", credentials: "same-origin", redirect: "manual", body: sent,
      headers: { "x-csrf": csrf, "x-safar-live": "1", "content-type": "application/x-www-form-urlencoded" },
      // It outlives the page; the browser takes 64 KiB of that.
      keepalive: sent.toString().length < 60000,
    });
  };

  const line = bar("stream");
  const say = (text) => {
    if (!line || line.textContent === (text || "")) return;
    line.hidden = !text;
    line.textContent = text || "";
  };

  // One refresh at a time; what comes meanwhile asks for one more. A page that nobody sees waits until it is seen.
  let busy = false, again = false, stale = false, gone = false;
  async function refresh() {
    if (!live || gone) return;
    if (document.hidden) { stale = true; return; }
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await ask(location.pathname + location.search.replace(/([?&])(done|why)=[^&]*/g, "$1"));
      if (is_out(answer)) { out(); return; }
      if (answer.status === 404 && kind === "case") { away(); return; }
      if (answer.ok) {
        put(new DOMParser().parseFromString(await answer.text(), "text/html"));
        if (kind === "case") tell({ what: "seen" });
      }
    } catch { setTimeout(refresh, 3000); } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  }

  const key = (node) => node.nodeType === 1 ? node.nodeName + node.id + (node.dataset.row || "") + (node.dataset.part || "") : "";
  // What is the same stays as it is: a voice message goes on playing, a selection stays.
  function merge(old, fresh) {
    for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    const own = [...old.childNodes], next = [...fresh.childNodes];
    next.forEach((node, at) => {
      if (!own[at]) old.append(node);
      else if (own[at].isEqualNode(node)) return;
      else if (node.nodeType === 1 && key(own[at]) === key(node)) merge(own[at], node);
      else own[at].replaceWith(node);
    });
    for (const node of own.slice(next.length)) node.remove();
  }

  function put(page) {
    const focus = document.activeElement, row = focus && focus.closest("[data-row]");
    const bottom = innerHeight + scrollY >= document.documentElement.scrollHeight - 80;
    document.title = page.title;
    // The warning is heard on the case's own page, too: nobody may sit in front of it.
    if (page.querySelector("[data-warned]") && !bar("warned")) alarm("mine");
    // What a supervisor has marked stays marked, wherever its line goes.
    const picked = [...document.querySelectorAll("[data-pick]:checked")].map((one) => one.value);
    for (const fresh of page.querySelectorAll("[data-part]")) {
      const old = document.querySelector(`[data-part="${fresh.dataset.part}"]`);
      if (!old) continue;
      if (fresh.dataset.mode === undefined) merge(old, fresh);
      // Fields stay until what may be done has changed: somebody is writing in them.
      else if (fresh.dataset.mode !== old.dataset.mode) {
        const text = written(old);
        old.dataset.mode = fresh.dataset.mode;
        old.replaceChildren(...fresh.childNodes);
        if (text) old.prepend(kept(text));
      }
    }
    for (const one of document.querySelectorAll("[data-pick]")) one.checked = picked.includes(one.value);
    mark();
    if (row && !focus.isConnected) {
      // To the same person's line, or to nobody's: Enter must not take somebody else.
      const same = line_of(row.dataset.row);
      const target = same && (focus.matches("[data-claim]") && same.querySelector("[data-claim]") || same.querySelector("[data-open], [data-claim]"));
      (target || document.getElementById("main")).focus({ preventScroll: true });
    }
    if (bottom && kind === "case") scrollTo(0, document.documentElement.scrollHeight);
  }

  // What somebody was writing is never lost: it stays on the page, to be copied.
  const written = (part) => [...part.querySelectorAll("form textarea")].map((one) => one.value.trim()).filter(Boolean).join("\n\n");
  function kept(text) {
    const copy = document.querySelector("template[data-kept]").content.cloneNode(true);
    copy.querySelector("textarea").value = text;
    return copy;
  }
  function away() {
    gone = true;
    const text = written(document);
    if (!text) { location.assign("/staff/queue?why=gone"); return; }
    const words = document.createElement("p");
    words.className = "say bad";
    words.setAttribute("role", "alert");
    words.textContent = document.querySelector("template[data-kept]").dataset.gone;
    document.querySelector(".case").replaceChildren(words, kept(text));
  }

  // One stream for all tabs of a browser, since it opens six connections to a server at most: the tab that holds the
  // lock listens and tells the others. Without locks (plain http) a tab listens while it is seen.
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("safar-desk") : null;
  const shares = Boolean(tabs && navigator.locks);
  let source = null, give_up = null, leads = false, own = [];
  function hear(told) {
    const { what, data } = told;
    if (what === "lost" || what === "out") { say(line && line.dataset[what]); return; }
    if (what === "news") { news(told); return; }
    if (what === "seen") {
      if (kind === "queue") refresh();
      if (leads) look_for_news();
      return;
    }
    say("");
    const mine = kind === "case" && data === live.dataset.case;
    const listed = what === "case" && live && live.querySelector(`[data-open][href="/staff/case/${data}"]`);
    if (what === "hello" || what === "resync" || mine || listed || (kind === "queue" && what === "queue")) refresh();
    if (!leads || what === "look") return;
    if (what !== "case" || own.includes(data)) look_for_news();
  }
  const tell = (told) => { hear(told); if (shares) tabs.postMessage(told); };
  if (shares) tabs.onmessage = (event) => hear(event.data);
  function shut() {
    if (source) source.close();
    source = null;
    leads = false;
    if (give_up) { give_up(); give_up = null; }
  }
  function out() {
    shut();
    tell({ what: "out" });
  }
  function listen() {
    leads = true;
    source = new EventSource("/staff/stream");
    for (const what of ["hello", "resync", "queue", "case", "look"]) {
      source.addEventListener(what, (event) => tell({ what, data: event.data }));
    }
    source.addEventListener("error", () => {
      tell({ what: "lost" });
      if (!source || source.readyState !== EventSource.CLOSED) return;
      // Refused rather than lost: the session has ended, or the server starts anew.
      const later = () => setTimeout(() => { if (leads) listen(); }, 3000);
      ask("/staff/news").then((answer) => { if (is_out(answer)) out(); else later(); }).catch(later);
    });
  }
  function start() {
    if (shares) navigator.locks.request("safar-stream", () => new Promise((done) => { give_up = done; listen(); }));
    else if (!document.hidden && !source) listen();
  }
  start();
  // What happened between the page and its first signal.
  if (shares) setTimeout(() => { if (!leads) refresh(); }, 500);
  document.addEventListener("visibilitychange", () => {
    if (!shares) { if (document.hidden) { if (source) source.close(); source = null; } else start(); }
    if (!document.hidden && stale) { stale = false; refresh(); }
  });
  // A tab that the browser puts to sleep leaves the line to another.
  document.addEventListener("freeze", shut);
  document.addEventListener("resume", start);
  // Waiting times grow, and a look at a case ends, without a signal.
  setInterval(() => { if (!document.hidden) refresh(); if (leads) look_for_news(); }, 60000);
  if (kind === "case") setInterval(() => { if (!document.hidden && !gone) post(live.dataset.path + "/look", {}).catch(() => {}); }, 20000);

  // Urgent cases to which nobody attends, by their ids, and what is new in one's own cases: one that goes as another
  // comes is news, too.
  const KNOWN = "safar-known", NONE = { urgent: [], fresh: [] };
  // So long a page that has the case in front may take to show what is new: then it is no news any more.
  const SHOWN_MS = 1200;
  const heard = new Map();
  let known = NONE, asking = false;
  const recall = () => { try { return JSON.parse(localStorage.getItem(KNOWN)) || known; } catch { return known; } };
  async function look_for_news() {
    if (asking) { asking = "again"; return; }
    asking = true;
    try {
      const answer = await ask("/staff/news");
      if (answer.ok) {
        const { urgent, mine, fresh } = await answer.json(), before = recall();
        const now = performance.now();
        for (const one of [...heard.keys()]) if (!fresh.includes(one)) heard.delete(one);
        for (const one of fresh) if (!heard.has(one)) heard.set(one, before.fresh.includes(one) ? -Infinity : now);
        const stays = fresh.filter((one) => now - heard.get(one) >= SHOWN_MS);
        if (stays.length < fresh.length) setTimeout(look_for_news, SHOWN_MS + 50);
        known = { urgent, fresh: stays };
        try { localStorage.setItem(KNOWN, JSON.stringify(known)); } catch { /* this tab remembers */ }
        const is_new = (list, old) => list.some((one) => !old.includes(one));
        tell({ what: "news", mine, urgent: urgent.length, fresh: stays.length,
          rings: is_new(urgent, before.urgent) ? "alert" : is_new(stays, before.fresh) ? "mine" : "" });
      }
    } catch { /* asked again with the next signal */ } finally {
      const more = asking === "again";
      asking = false;
      if (more) look_for_news();
    }
  }
  function news({ mine, urgent, fresh, rings }) {
    own = mine;
    // The queue shows both itself.
    for (const [name, number] of [["alert", urgent], ["mine", fresh]]) {
      const told = bar(name);
      if (told) told.hidden = !number || Boolean(bar("queue"));
    }
    if (rings) alarm(rings);
  }
  const first = recall();
  news({ mine: [], urgent: first.urgent.length, fresh: first.fresh.length, rings: "" });
  // A case's page that was just opened has been seen.
  if (kind === "case" && shares) tabs.postMessage({ what: "seen" });

  // Sound and notification, if somebody asked for them. Browsers keep sound off until somebody touches the page.
  const sound = bar("sound"), muted = bar("muted");
  const SOUND = "safar-sound";
  let speaker = null, on = false;
  const read = () => { try { on = localStorage.getItem(SOUND) === "1"; } catch { /* no storage, no memory */ } };
  const plays = () => Boolean(speaker) && speaker.state === "running";
  function label() {
    if (muted) muted.hidden = !on || plays();
    if (!sound) return;
    sound.textContent = !on ? sound.dataset.off : plays() ? sound.dataset.on : sound.dataset.held;
    sound.setAttribute("aria-pressed", String(on));
  }
  function wake() {
    if (on && "AudioContext" in window) {
      if (!speaker) { speaker = new AudioContext(); speaker.onstatechange = label; }
      if (!plays()) speaker.resume().catch(() => {});
    }
    label();
  }
  read();
  wake();
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, wake, { passive: true });
  addEventListener("storage", (event) => { if (event.key === SOUND) { read(); wake(); } });
  if (sound) sound.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem(SOUND, on ? "1" : "0"); } catch { /* only for now, then */ }
    wake();
    if (on) { beep(); if ("Notification" in window && Notification.permission === "default") Notification.requestPermission(); }
  });
  function beep() {
    if (!speaker) return;
    for (const [from, pitch] of [[0, 880], [0.18, 660]]) {
      const tone = speaker.createOscillator(), gain = speaker.createGain();
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0.15, speaker.currentTime + from);
      gain.gain.exponentialRampToValueAtTime(0.001, speaker.currentTime + from + 0.16);
      tone.connect(gain).connect(speaker.destination);
      tone.start(speaker.currentTime + from);
      tone.stop(speaker.currentTime + from + 0.17);
    }
  }
  function alarm(name) {
    if (!on) return;
    // One tab of those that may make a sound: all hear of it within some milliseconds.
    if (plays() && navigator.locks) navigator.locks.request("safar-ring", { ifAvailable: true }, (lock) => {
      if (lock) { beep(); return new Promise((done) => setTimeout(done, 400)); }
    });
    else if (plays()) beep();
    const title = bar(name);
    if (!title || !("Notification" in window) || Notification.permission !== "granted") return;
    // No word of the case: others may see the screen. Some phones let no page tell.
    try { new Notification(title.dataset[name], { tag: `safar-${name}`, renotify: true }); } catch { /* the sound has told */ }
  }

  // The draft: kept at the first key, a second after the last, and when the page goes.
  const draft = () => document.querySelector("[data-draft]");
  let timer, sent = false, saved = draft() ? draft().value : "", kept_at = 0, keeping = false;
  const keep = async (leaving) => {
    const own = draft();
    if (!own || sent || gone || own.value === saved) return;
    // One after the other: an older text must not come last.
    if (keeping && !leaving) { timer = setTimeout(keep, 500); return; }
    keeping = true;
    kept_at = Date.now();
    const text = own.value;
    try {
      const answer = await post(own.dataset.draft, { text });
      if (answer.ok) saved = text;
      else if (is_out(answer)) out();
    } catch { timer = setTimeout(keep, 5000); } finally { keeping = false; }
  };
  document.addEventListener("input", (event) => {
    const own = draft();
    if (event.target !== own) return;
    clearTimeout(timer);
    // The first key, and one in five seconds, also tells the person that somebody writes.
    timer = setTimeout(keep, Date.now() - kept_at > 5000 ? 0 : 1000);
    const left = Number(own.dataset.max) - [...own.value].length;
    bar("count").textContent = left < 300 ? String(left) : "";
  });
  // A file that is too long is told before it is sent; the server tells it, too.
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.matches("[data-bytes]")) return;
    const long = field.files.length && field.files[0].size > Number(field.dataset.bytes);
    field.setCustomValidity(long ? field.dataset.long : "");
    if (long) field.reportValidity();
  });
  addEventListener("pagehide", keep);
  addEventListener("pageshow", () => { sent = false; });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-answer]")) return;
    if (sent) { event.preventDefault(); return; }
    sent = true;
    clearTimeout(timer);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-pick-all]")) {
      const all = [...document.querySelectorAll("[data-pick]")], on = all.some((one) => !one.checked);
      for (const one of all) one.checked = on;
      return;
    }
    const reply = event.target.closest("[data-reply]"), own = draft();
    if (!reply || !own) return;
    event.preventDefault();
    const text = reply.parentElement.querySelector(".words").textContent;
    own.setRangeText((own.value && !own.value.endsWith("\n") ? "\n" : "") + text, own.value.length, own.value.length, "end");
    own.dispatchEvent(new Event("input", { bubbles: true }));
    own.focus();
  });

  // Keys, by their place on the keyboard: with Cyrillic letters, too. j and k move, Enter opens, c claims, q leads to
  // the queue. A line is kept by its case, not by its number.
  let at = "", number = -1;
  const lines = () => [...document.querySelectorAll("[data-row]")];
  const line_of = (id) => lines().find((row) => row.dataset.row === id);
  function mark() { for (const row of lines()) row.classList.toggle("at", row.dataset.row === at); }
  function go(step) {
    const rows = lines();
    if (!rows.length) return;
    const place = rows.findIndex((row) => row.dataset.row === at);
    // Where the line is gone, the next one has come to its place.
    const from = place >= 0 ? place : step > 0 ? number - 1 : number;
    number = Math.min(Math.max((at ? from : -1) + step, 0), rows.length - 1);
    at = rows[number].dataset.row;
    mark();
    const target = rows[number].querySelector("[data-open], [data-claim]");
    if (target) target.focus();
  }
  document.addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && held && event.target.matches("[data-draft]")) { event.preventDefault(); event.target.form.requestSubmit(); return; }
    if (held || event.altKey || event.target.closest("input, textarea, select, audio")) return;
    const claim = at && line_of(at) && line_of(at).querySelector("[data-claim]");
    if (event.code === "KeyJ") go(1);
    else if (event.code === "KeyK") go(-1);
    else if (event.code === "KeyQ") location.assign("/staff/queue");
    else if (event.code === "KeyC" && claim) claim.click();
    else return;
    event.preventDefault();
  });
})();
