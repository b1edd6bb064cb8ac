// Keeps queue and case fresh, keeps drafts, adds keys. The pages work without it.
"use strict";
(() => {
  const live = document.getElementById("live");
  const line = document.querySelector("[data-stream]");
  const field = document.querySelector('input[name="csrf"]');
  const csrf = field ? field.value : "";
  const show = (on) => { for (const one of on) one.hidden = false; };
  show(document.querySelectorAll("[data-keys], [data-reply], [data-sound]"));

  const say = (text) => {
    if (!line) return;
    line.hidden = !text;
    line.textContent = text || "";
  };

  // One refresh at a time; what comes meanwhile asks for one more.
  let busy = false, again = false;
  async function refresh() {
    if (!live) return;
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.pathname + location.search.replace(/([?&])(done|why)=[^&]*/g, "$1"), {
        headers: { "x-safar-live": "1" }, credentials: "same-origin", redirect: "manual",
      });
      if (answer.type === "opaqueredirect" || answer.status === 401) { out(); return; }
      if (answer.status === 404 && live.dataset.live === "case") { location.assign("/staff/queue"); return; }
      if (answer.ok) put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { setTimeout(refresh, 3000); } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  }

  function put(page) {
    const fresh = page.getElementById("live");
    if (!fresh) return;
    const rows = [...live.querySelectorAll("[data-row]")];
    const place = rows.findIndex((row) => row.contains(document.activeElement));
    const bottom = innerHeight + scrollY >= document.documentElement.scrollHeight - 80;
    const before = Number(live.dataset.urgent || 0), now = Number(fresh.dataset.urgent || 0);
    live.dataset.urgent = fresh.dataset.urgent || "0";
    if (live.innerHTML !== fresh.innerHTML) {
      live.replaceChildren(...fresh.childNodes);
      if (place >= 0) go(place, 0);
      if (bottom && live.dataset.live === "case") scrollTo(0, document.documentElement.scrollHeight);
    }
    if (now > before) alarm();
  }

  let source, lost = false;
  function out() {
    if (source) source.close();
    say(line && line.dataset.out);
  }
  function open() {
    source = new EventSource("/staff/stream");
    // A stream that this script opened anew, not the browser, asks for nothing that was missed.
    source.addEventListener("hello", () => { say(""); if (lost) { lost = false; refresh(); } });
    source.addEventListener("resync", refresh);
    const mine = (event) => live && live.dataset.live === "case" && event.data === live.dataset.case;
    source.addEventListener("queue", () => { if (live && live.dataset.live === "queue") refresh(); });
    source.addEventListener("case", (event) => { if (mine(event) || (live && live.dataset.live === "queue")) refresh(); });
    source.addEventListener("look", (event) => { if (mine(event)) refresh(); });
    source.addEventListener("error", () => {
      lost = true;
      if (source.readyState === EventSource.CLOSED) {
        // Refused rather than lost: the session has ended, or the server starts anew.
        fetch("/staff/queue", { method: "HEAD", headers: { "x-safar-live": "1" }, redirect: "manual" })
          .then((answer) => { if (answer.type === "opaqueredirect" || answer.status === 401) out(); else setTimeout(open, 3000); })
          .catch(() => setTimeout(open, 3000));
      }
      say(line && line.dataset.lost);
    });
  }
  if (live) {
    open();
    // Waiting times grow, and a look at a case ends, without a signal.
    setInterval(() => { if (!document.hidden) refresh(); }, 60000);
  }

  const post = (path, body) => fetch(path, {
    method: "POST", credentials: "same-origin", redirect: "manual",
    headers: { "x-csrf": csrf, "x-safar-live": "1", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(body),
  }).catch(() => {});
  if (live && live.dataset.live === "case") {
    setInterval(() => { if (!document.hidden) post(live.dataset.path + "/look", {}); }, 20000);
  }

  // The draft: kept a second after the last key.
  const answer = document.querySelector("[data-draft]");
  if (answer) {
    const count = document.querySelector("[data-count]");
    const max = Number(answer.dataset.max);
    let timer, kept = answer.value, sent = false;
    const keep = () => {
      if (sent || answer.value === kept) return;
      kept = answer.value;
      post(answer.dataset.draft, { text: kept });
    };
    answer.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(keep, 1000);
      const left = max - [...answer.value].length;
      count.textContent = left < 300 ? String(left) : "";
    });
    addEventListener("pagehide", keep);
    const form = answer.closest("form");
    form.addEventListener("submit", (event) => {
      if (sent) { event.preventDefault(); return; }
      sent = true;
      clearTimeout(timer);
    });
    addEventListener("pageshow", () => { sent = false; });
    answer.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
    });
    for (const button of document.querySelectorAll("[data-reply]")) {
      button.addEventListener("click", () => {
        const text = button.parentElement.querySelector(".words").textContent;
        answer.setRangeText((answer.value && !answer.value.endsWith("\n") ? "\n" : "") + text, answer.value.length, answer.value.length, "end");
        answer.dispatchEvent(new Event("input"));
        answer.focus();
      });
    }
  }

  // Keys: j and k move, Enter opens, c claims, q leads to the queue.
  let at = -1;
  function go(place, step) {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    at = Math.min(Math.max((place < 0 ? -1 : place) + step, 0), rows.length - 1);
    for (const row of rows) row.classList.remove("at");
    rows[at].classList.add("at");
    const target = rows[at].querySelector("[data-open], [data-claim]");
    if (target) target.focus();
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const row = document.querySelectorAll("[data-row]")[at];
    if (event.key === "j") go(at, 1);
    else if (event.key === "k") go(at, -1);
    else if (event.key === "q") location.assign("/staff/queue");
    else if (event.key === "c" && row && row.querySelector("[data-claim]")) row.querySelector("[data-claim]").click();
    else return;
    event.preventDefault();
  });

  // Sound and notification for urgent cases, if somebody asked for them.
  const sound = document.querySelector("[data-sound-on]");
  let speaker;
  let on = false;
  try { on = localStorage.getItem("safar-sound") === "1"; } catch { /* no storage, no memory */ }
  const label = () => { if (sound) { sound.textContent = on ? sound.dataset.on : sound.dataset.off; sound.setAttribute("aria-pressed", String(on)); } };
  label();
  if (sound) sound.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem("safar-sound", on ? "1" : "0"); } catch { /* only for now, then */ }
    label();
    if (on) { beep(); if ("Notification" in window && Notification.permission === "default") Notification.requestPermission(); }
  });
  function beep() {
    try {
      speaker = speaker || new AudioContext();
      for (const [from, pitch] of [[0, 880], [0.18, 660]]) {
        const tone = speaker.createOscillator(), gain = speaker.createGain();
        tone.frequency.value = pitch;
        gain.gain.setValueAtTime(0.15, speaker.currentTime + from);
        gain.gain.exponentialRampToValueAtTime(0.001, speaker.currentTime + from + 0.16);
        tone.connect(gain).connect(speaker.destination);
        tone.start(speaker.currentTime + from);
        tone.stop(speaker.currentTime + from + 0.17);
      }
    } catch { /* no sound here */ }
  }
  function alarm() {
    if (!on) return;
    beep();
    // No word of the case: others may see the screen.
    if ("Notification" in window && Notification.permission === "granted" && sound) new Notification(sound.dataset.title, { tag: "safar-urgent" });
  }
})();
