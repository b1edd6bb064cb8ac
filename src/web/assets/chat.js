// The chat page: shows what the bot says, sends what the person says, and loses neither.
// Nothing that a person typed or the bot said is put in as HTML, and nothing of it is stored in the browser.
(() => {
  'use strict';
  const $ = (id) => document.getElementById(id);
  const strings = JSON.parse($('strings').textContent);
  const SAFE_PAGE = 'https://www.google.com/search?q=weather';
  const KEY = 'safar-token';
  const MAX_CHARS = 4096;
  const MAX_FILE = 20 * 1024 * 1024;
  const QUIET_MS = 40000; // the server speaks at least every 15 s
  const embedded = document.documentElement.classList.contains('embed');
  const log = $('log'), scroller = $('scroll'), input = $('text'), typing = $('typing'), newer = $('newer');

  let locale = document.documentElement.lang;
  let gone = false; // after quick exit or a bot's "leave": nothing may be shown or sent any more

  // ---- texts of the page ----
  const t = (key) => (strings[locale] || strings.ru)[key] || '';
  function speak(next) {
    if (strings[next]) locale = next;
    document.documentElement.lang = locale;
    for (const e of document.querySelectorAll('[data-t]')) e.textContent = t(e.dataset.t);
    for (const e of document.querySelectorAll('[data-label]')) e.setAttribute('aria-label', t(e.dataset.label));
    for (const e of document.querySelectorAll('[data-title]')) e.title = t(e.dataset.title);
    $('language').setAttribute('aria-label', t('language'));
    $('language-name').textContent = t('own-name');
    input.placeholder = t('placeholder');
    showStatus();
  }

  // ---- the visitor's token ----
  const memory = {};
  const store = {
    get() { try { return localStorage.getItem(KEY) || memory.token; } catch { return memory.token; } },
    set(token) { memory.token = token; try { localStorage.setItem(KEY, token); } catch { /* private mode: this page only */ } },
    clear() { delete memory.token; try { localStorage.removeItem(KEY); } catch { /* nothing was stored */ } },
  };
  function newId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
  }
  class Refused extends Error {
    constructor(status, key, wait) { super(key); this.status = status; this.key = key; this.wait = wait; }
  }
  async function refusal(answer) {
    let key = '';
    try { key = (await answer.json()).error || ''; } catch { /* a proxy's page */ }
    return new Refused(answer.status, key, Number(answer.headers.get('retry-after')) || 0);
  }
  let opening = null;
  function session() {
    const token = store.get();
    if (token) return Promise.resolve(token);
    opening ??= (async () => {
      const answer = await fetch('/chat/session', { method: 'POST', cache: 'no-store', signal: AbortSignal.timeout(20000) });
      if (!answer.ok) throw await refusal(answer);
      const { token: fresh } = await answer.json();
      if (gone) throw new Refused(0, 'gone', 0);
      store.set(fresh);
      return fresh;
    })().finally(() => { opening = null; });
    return opening;
  }
  // The server knows this token no more: begin anew, with a start before whatever waits.
  function forgetToken(used) {
    if (store.get() !== used) return;
    store.clear();
    lastId = shown = toAck = '';
    if (!queue.some((item) => item.body.start)) queue.unshift({ id: newId(), body: { start: {} } });
  }

  // ---- text as elements ----
  const LINK = /https?:\/\/[^\s<>"«»]+|(?<![\p{L}\p{N}@./-])(?:[\p{L}\p{N}-]+\.)+(?:ru|рф|kg|tj|kz|org|com|net|me|int)(?![\p{L}\p{N}.-]*[\p{L}\p{N}])(?:\/[^\s<>"«»]*)?|(?<![\p{L}\p{N}+])(?:\+\d|8[ -]800)[\d ()\u00a0-]{7,16}\d(?!\d)/gu;
  function addLinks(parent, text) {
    let from = 0;
    for (const found of text.matchAll(LINK)) {
      let link = found[0].replace(/[.,;:!?…]+$/u, '');
      if (link.endsWith(')') && !link.includes('(')) link = link.slice(0, -1);
      parent.append(text.slice(from, found.index));
      const a = document.createElement('a');
      a.textContent = link;
      if (/^[+8][\d ()\u00a0-]+$/u.test(link)) {
        a.href = 'tel:' + link.replace(/[^+\d]/g, '');
      } else {
        a.href = /^https?:/i.test(link) ? link : 'https://' + link;
        a.target = '_blank';
        a.rel = 'noopener noreferrer';
      }
      parent.append(a);
      from = found.index + link.length;
    }
    parent.append(text.slice(from));
  }
  const BOLD = /(?<![\p{L}\p{N}*])\*(\S(?:[^*\n]*\S)?)\*(?![\p{L}\p{N}*])/gu;
  function addLine(parent, text, markup) {
    let from = 0;
    if (markup) {
      for (const found of text.matchAll(BOLD)) {
        addLinks(parent, text.slice(from, found.index));
        const b = document.createElement('b');
        addLinks(b, found[1]);
        parent.append(b);
        from = found.index + found[0].length;
      }
    }
    addLinks(parent, text.slice(from));
  }
  function addText(bubble, text, markup) {
    for (const block of text.replace(/\r\n?/g, '\n').replace(/^\n+|\n+$/g, '').split(/\n[ \t]*\n+/)) {
      const p = document.createElement('p');
      p.dir = 'auto';
      block.split('\n').forEach((line, place) => {
        if (place) p.append('\n'); // so that copied text keeps its lines
        const span = document.createElement('span');
        const item = /^\s*((?:\d{1,2}[.)]|[•–—-])\s+)(.*)$/.exec(line);
        span.className = item ? 'l n' : 'l';
        if (item) {
          const mark = document.createElement('span');
          mark.className = 'k';
          mark.textContent = item[1];
          span.append(mark);
        }
        addLine(span, item ? item[2] : line, markup);
        p.append(span);
      });
      bubble.append(p);
    }
  }

  // ---- the log ----
  const seen = new Set();
  const quietly = matchMedia('(prefers-reduced-motion: reduce)');
  const near = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;
  const scrollTo = (top) => scroller.scrollTo({ top, behavior: quietly.matches ? 'auto' : 'smooth' });
  function message(side, lang) {
    const msg = document.createElement('div');
    msg.className = `msg ${side} in`;
    msg.tabIndex = -1;
    if (lang) msg.lang = lang;
    const bubble = document.createElement('div');
    bubble.className = 'bubble';
    msg.append(bubble);
    return [msg, bubble];
  }
  function button(choice, msg) {
    const b = document.createElement('button');
    b.type = 'button';
    b.dataset.token = choice.token;
    const label = document.createElement('span');
    label.textContent = choice.label;
    b.append(label);
    if (choice.description) {
      const small = document.createElement('small');
      small.textContent = choice.description;
      b.append(' ', small);
    }
    b.addEventListener('click', () => {
      for (const other of msg.querySelectorAll('.chosen')) other.classList.remove('chosen');
      b.classList.add('chosen');
      say({ tap: choice.token }, choice.label, msg.lang);
    });
    return b;
  }
  function group(kind, choices, msg) {
    if (!choices || !choices.length) return;
    const box = document.createElement('div');
    box.className = kind;
    box.setAttribute('role', 'group');
    if (kind === 'choices') box.setAttribute('aria-label', t('choices'));
    box.append(...choices.map((choice) => button(choice, msg)));
    msg.append(box);
  }
  function dim() {
    for (const old of log.querySelectorAll('.bot:not(.old)')) old.classList.add('old');
  }
  // Top of a long message, else the end of the log: nobody should have to scroll up to begin reading.
  function reveal(msg, mine) {
    const box = scroller.getBoundingClientRect();
    const top = scroller.scrollTop + msg.getBoundingClientRect().top - box.top;
    const end = scroller.scrollHeight - scroller.clientHeight;
    scrollTo(mine ? end : Math.min(end, top - 10));
  }
  let answerDue = false; // the next message answers something done here, so it may move the view
  function show(said) {
    // The screen where the visitor stands is shown already, or about to come.
    if (said.standing && (log.querySelector('.bot:not(.old)') || queue.some((item) => item.body.start))) return;
    if (said.id !== '0') {
      if (seen.has(said.id)) return;
      seen.add(said.id);
    }
    const follow = answerDue || near() || !log.firstElementChild;
    // A screen reader's or keyboard's user goes on from the new message, not from the button that is past.
    const held = document.activeElement && document.activeElement.closest('.msg, #log');
    if (said.locale !== locale) speak(said.locale);
    const spoke = talks;
    talks = said.talk;
    $('attach').hidden = !said.files;
    // Before they press ✕: who flees has no time for a question then.
    $('talk-leaves').hidden = !said.talk;
    settle();
    dim();
    const [msg, bubble] = message('bot', said.locale);
    addText(bubble, said.text, true);
    if (said.file) bubble.append(download(said.file));
    group('choices', said.choices, msg);
    group('system', said.system, msg);
    log.append(msg);
    if (held && answerDue) msg.focus({ preventScroll: true });
    if (follow) reveal(msg, false);
    else newer.hidden = false;
    answerDue = false;
    if (said.leave) return left(said, spoke);
    acknowledge(said.id);
  }
  newer.addEventListener('click', () => {
    newer.hidden = true;
    const last = log.lastElementChild;
    if (last) { reveal(last, false); last.focus({ preventScroll: true }); }
  });
  scroller.addEventListener('scroll', () => { if (near()) newer.hidden = true; }, { passive: true });

  // The bot answers at once; people when they can: then dots are shown only while their hands are on the keys.
  let settling = 0, talks = false;
  function expect() { if (!talks) dots(12000); }
  function dots(ms) {
    const follow = near();
    clearTimeout(settling);
    typing.hidden = false;
    settling = setTimeout(settle, ms);
    if (follow) scrollTo(scroller.scrollHeight);
  }
  function settle() { clearTimeout(settling); typing.hidden = true; }
  // The consultant has read what was written so far: said under the last of it.
  function wasRead() {
    const own = [...log.querySelectorAll('.me:not(.sending):not(.waiting)')].filter((msg) => !msg.querySelector('.bad'));
    const last = own.pop();
    for (const msg of own) msg.querySelector('.note.read')?.remove();
    if (!last || last.querySelector('.note')) return;
    const note = document.createElement('div');
    note.className = 'note read';
    note.textContent = t('read');
    last.append(note);
  }

  // ---- files from consultants ----
  // The visitor's token travels in a header only, so the link is followed by the script; nothing is opened in the page.
  function download(file) {
    const p = document.createElement('p'), link = document.createElement('a'), note = document.createElement('span');
    link.href = '/chat/file/' + encodeURIComponent(file.id);
    link.className = 'file';
    link.textContent = `${t('download')}: ${file.name} (${Math.ceil(file.size / 1024)} KB)`;
    note.className = 'note';
    note.setAttribute('role', 'status');
    let asked = false;
    link.addEventListener('click', async (event) => {
      event.preventDefault();
      if (asked || gone) return;
      asked = true;
      note.textContent = '';
      link.setAttribute('aria-busy', 'true');
      try {
        const headers = { authorization: 'Bearer ' + await session() };
        const answer = await fetch(link.href, { headers, cache: 'no-store', signal: AbortSignal.timeout(300000) });
        if (!answer.ok) throw await refusal(answer);
        const bytes = await answer.arrayBuffer();
        if (gone) return;
        const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
        const save = document.createElement('a');
        save.href = url;
        save.download = file.name;
        save.click();
        setTimeout(() => URL.revokeObjectURL(url), 60000);
      } catch (error) {
        const lost = error instanceof Refused && [401, 404].includes(error.status);
        if (!gone) note.textContent = t(lost ? 'error-file-gone' : 'error-download');
      } finally {
        asked = false;
        link.removeAttribute('aria-busy');
      }
    });
    p.append(link, ' ', note);
    return p;
  }

  // ---- sending: one at a time, in order, with the same id until it is taken ----
  const queue = []; // { id, body, file?, msg? }
  let busy = false, retryTimer = 0, tries = 0;
  function say(body, label, lang, file) {
    if (gone) return;
    const item = { id: newId(), body, file };
    if (label) {
      const [msg, bubble] = message('me', lang);
      const who = document.createElement('span');
      who.className = 'hush';
      who.textContent = t('you') + ': ';
      bubble.append(who);
      addText(bubble, label, false);
      log.append(msg);
      item.msg = msg;
      mark(item, 'sending');
      expect();
      reveal(msg, true);
    } else {
      expect();
    }
    answerDue = true;
    queue.push(item);
    pump();
  }
  function mark(item, state, error) {
    const { msg } = item;
    if (!msg) return;
    if (state === 'waiting' && msg.classList.contains('waiting')) return;
    msg.querySelector('.note')?.remove();
    msg.classList.toggle('sending', state === 'sending');
    msg.classList.toggle('waiting', state === 'waiting');
    if (state === 'sent') return;
    const note = document.createElement('div');
    note.className = state === 'failed' ? 'note bad' : 'note';
    note.textContent = state === 'failed' ? `${t('failed')}. ${error || ''}` : t(state);
    if (state === 'failed') {
      const again = document.createElement('button');
      again.type = 'button';
      again.textContent = t('retry');
      again.addEventListener('click', () => { mark(item, 'sending'); answerDue = true; queue.push(item); pump(); });
      note.append(' ', again);
    }
    msg.append(note);
  }
  async function post(item) {
    const token = await session();
    const body = { id: item.id, ...item.body };
    if (item.file) return put(item, token);
    const ack = toAck;
    if (ack) body.ack = ack;
    const answer = await fetch('/chat/send', {
      method: 'POST', cache: 'no-store', signal: AbortSignal.timeout(20000),
      headers: { 'content-type': 'application/json', authorization: 'Bearer ' + token },
      body: JSON.stringify(body),
    });
    if (answer.status === 401) forgetToken(token);
    if (!answer.ok) throw await refusal(answer);
    taken(ack);
  }
  async function put(item, token) {
    const answer = await fetch('/chat/file', {
      method: 'POST', cache: 'no-store', signal: AbortSignal.timeout(900000),
      headers: { 'content-type': 'application/octet-stream', 'x-safar-id': item.id, authorization: 'Bearer ' + token },
      body: item.file,
    });
    if (answer.status === 401) forgetToken(token);
    if (!answer.ok) throw await refusal(answer);
  }
  async function pump() {
    if (busy || gone) return;
    busy = true;
    clearTimeout(retryTimer);
    while (queue.length && !gone) {
      const item = queue[0];
      try {
        await post(item);
        tries = 0;
        drop(item);
        mark(item, 'sent');
        trouble('');
      } catch (error) {
        if (gone) break;
        const status = error instanceof Refused ? error.status : 0;
        if (status >= 400 && status < 500 && (![401, 408, 429].includes(status) || error.key === 'file-slow')) {
          drop(item);
          settle();
          mark(item, 'failed', errorText(error.key));
          continue;
        }
        tries += 1;
        // 401 on a token that was just made: the server is not itself; wait like for any other fault.
        if (status === 401 && tries === 1) continue;
        for (const waiting of queue) mark(waiting, 'waiting');
        settle();
        if (status) trouble(status === 429 ? 'busy' : 'unavailable');
        retryTimer = setTimeout(pump, Math.max((error.wait || 0) * 1000, backoff(tries)));
        break;
      }
    }
    busy = false;
    if (!queue.length) scheduleAck();
  }
  const drop = (item) => { const at = queue.indexOf(item); if (at >= 0) queue.splice(at, 1); };
  const backoff = (n) => Math.min(30000, 500 * 2 ** Math.min(n - 1, 6)) * (0.7 + Math.random() * 0.6);
  const errorText = (key) => t('error-' + key) || t('error-bad');

  // What was shown to a person who looks at the page is acknowledged, with the next thing sent or a little later.
  // Ids are text: they have 63 bits, a number here only 53.
  let toAck = '', shown = '', ackTimer = 0;
  function acknowledge(id) {
    if (id && id !== '0' && (!shown || BigInt(id) > BigInt(shown))) shown = id;
    if (!shown || shown === acked || document.hidden) return;
    toAck = shown;
    scheduleAck();
  }
  let acked = '';
  function taken(ack) {
    if (!ack) return;
    acked = ack;
    if (ack === toAck) toAck = '';
  }
  function scheduleAck() {
    clearTimeout(ackTimer);
    if (!toAck || gone) return;
    ackTimer = setTimeout(async () => {
      const token = store.get(), ack = toAck;
      if (!ack || !token || queue.length || gone) return;
      try {
        const answer = await fetch('/chat/send', {
          method: 'POST', cache: 'no-store', keepalive: true,
          headers: { 'content-type': 'application/json', authorization: 'Bearer ' + token },
          body: JSON.stringify({ id: newId(), ack }),
        });
        if (answer.ok) taken(ack);
      } catch { /* goes with the next one */ }
    }, 1200);
  }

  // ---- the stream ----
  let lastId = '', heardAt = 0, stream = null, failures = 0, connected = false, connectTimer = 0, problem = '';
  async function connect() {
    if (gone || stream) return;
    clearTimeout(connectTimer);
    const control = stream = new AbortController();
    heardAt = Date.now();
    let token = '', wait = 0;
    try {
      token = await session();
      const headers = { accept: 'text/event-stream', authorization: 'Bearer ' + token };
      if (lastId) headers['last-event-id'] = lastId;
      const answer = await fetch('/chat/stream', { headers, cache: 'no-store', signal: control.signal });
      if (!answer.ok) throw await refusal(answer);
      failures = 0;
      connected = true;
      showStatus();
      if (queue.length) { tries = 0; pump(); }
      await read(answer.body.getReader());
    } catch (error) {
      if (error instanceof Refused) { wait = error.wait; if (error.status === 401) { forgetToken(token); pump(); } }
    }
    control.abort();
    stream = null;
    connected = false;
    if (gone) return;
    failures += 1;
    showStatus();
    connectTimer = setTimeout(connect, Math.max(wait * 1000, backoff(failures)));
  }
  async function read(reader) {
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done || gone) return;
      heardAt = Date.now();
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) take(block);
    }
  }
  function take(block) {
    let event = 'message', data = '', id = null;
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      if (colon <= 0) continue; // a comment keeps the line alive
      const value = line.slice(colon + 1).replace(/^ /, '');
      const field = line.slice(0, colon);
      if (field === 'event') event = value;
      else if (field === 'data') data += value;
      else if (field === 'id') id = value;
    }
    if (!data) return;
    let said;
    try { said = JSON.parse(data); } catch { return; }
    if (event === 'hello') {
      // Known token, unknown person (erased, or another database): begin.
      if (said.empty && !log.firstElementChild && !queue.length && !answerDue) say({ start: {} });
      return;
    }
    if (event === 'typing' || event === 'read') {
      wasRead();
      if (event === 'typing') dots(8000);
      return;
    }
    if (event !== 'message') return;
    if (id) lastId = id;
    show(said);
  }
  function again() {
    if (gone) return;
    if (stream && Date.now() - heardAt > QUIET_MS) stream.abort();
    else if (!stream) { failures = 0; connect(); }
    if (queue.length) { tries = 0; pump(); }
  }
  setInterval(() => { if (stream && Date.now() - heardAt > QUIET_MS) stream.abort(); }, 5000);
  addEventListener('online', again);
  addEventListener('offline', () => showStatus());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    acknowledge(shown);
    again();
  });

  let statusTimer = 0;
  function trouble(key) { problem = key; showStatus(); }
  function showStatus() {
    const line = $('status');
    const put = (text, bad) => {
      clearTimeout(statusTimer);
      statusTimer = 0;
      if (line.textContent !== text) line.textContent = text;
      line.classList.toggle('bad', bad);
    };
    if (gone) return put('', false);
    if (!navigator.onLine) return put(t('offline'), true);
    if (problem) return put(t('error-' + problem), true);
    if (connected) return put('', false);
    const say = () => { if (!connected && !gone) put(t(log.firstElementChild ? 'reconnecting' : 'connecting'), false); };
    // A short break is not worth a word.
    if (line.textContent) say();
    else statusTimer ||= setTimeout(say, 1500);
  }

  // ---- leaving ----
  function wipe() {
    const token = store.get();
    gone = true;
    store.clear();
    queue.length = 0;
    clearTimeout(ackTimer); clearTimeout(retryTimer); clearTimeout(connectTimer);
    stream?.abort();
    settle();
    newer.hidden = true;
    input.value = '';
    log.replaceChildren();
    return token;
  }
  function tellServer(token) {
    if (!token) return;
    fetch('/chat/leave', { method: 'POST', keepalive: true, headers: { authorization: 'Bearer ' + token } }).catch(() => {});
  }
  // Other tabs of this browser hold the same conversation.
  const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('safar') : null;
  if (tabs) {
    tabs.onmessage = (event) => {
      if (gone) return;
      if (event.data === 'leave') quickExit();
      else if (event.data === 'clear') left({ text: t('cleared') }, talks);
    };
  }
  function quickExit() {
    const token = wipe();
    tabs?.postMessage('leave');
    document.body.hidden = true;
    document.title = '';
    tellServer(token);
    if (embedded && parent !== window) parent.postMessage({ safarLeave: SAFE_PAGE }, '*');
    else location.replace(SAFE_PAGE);
  }
  // The bot asks the page to clear itself, after /hide or /delete. Its last words stay, nothing else.
  function left(said, spoke) {
    const token = wipe();
    tellServer(token);
    if (said.leave) tabs?.postMessage('clear');
    const box = document.createElement('div');
    box.className = 'gone';
    box.lang = locale;
    addText(box, said.text || t('cleared'), true);
    if (spoke) addText(box, '\n\n' + t('talk-ended'), false);
    const start = document.createElement('button');
    start.type = 'button';
    start.textContent = t('start-again');
    start.addEventListener('click', () => location.reload());
    box.append(start);
    log.append(box);
    $('form').hidden = true;
    $('talk-leaves').hidden = true;
    $('language').hidden = true;
    showStatus();
    start.focus();
  }
  let escapedAt = 0;
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing || event.repeat) return;
    if (event.timeStamp - escapedAt < 1000) quickExit();
    escapedAt = event.timeStamp;
  });
  $('exit').addEventListener('click', quickExit);
  addEventListener('pageshow', (event) => { if (event.persisted && gone) location.reload(); });

  // ---- the form ----
  function grow() {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight + 3, 144)}px`;
  }
  function submit() {
    const text = input.value.trim();
    if (!text) return input.focus();
    if ([...text].length > MAX_CHARS) { trouble('too-long'); return; }
    problem = '';
    showStatus();
    input.value = '';
    grow();
    say({ text }, text, '');
    input.focus();
  }
  $('form').addEventListener('submit', (event) => { event.preventDefault(); submit(); });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });
  input.addEventListener('input', () => { grow(); if (['too-long', 'file-too-long'].includes(problem)) trouble(''); });
  $('attach').addEventListener('click', () => $('file').click());
  $('file').addEventListener('change', () => {
    const [file] = $('file').files;
    $('file').value = '';
    if (!file) return;
    if (file.size > MAX_FILE) { trouble('file-too-long'); return; }
    problem = '';
    showStatus();
    say({}, `${t('sent-file')}: ${file.name}`, '', file);
  });
  $('language').addEventListener('click', () => say({ tap: 's.lang' }, t('language'), locale));
  document.querySelector('.skip').addEventListener('click', () => log.focus());

  // ---- begin ----
  const here = new URL(location.href);
  const code = here.searchParams.get('s');
  if (code !== null) {
    here.searchParams.delete('s');
    history.replaceState(null, '', here.pathname + here.search + here.hash);
  }
  speak(locale);
  const known = store.get();
  if (!known || code) say({ start: code ? { code } : {} });
  connect();
})();
