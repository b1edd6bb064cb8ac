// Safar's chat on another page: <script src="https://…/assets/widget.js" async></script>
// Puts a button into the corner; the chat itself opens in a frame of Safar's own origin.
(() => {
  'use strict';
  const script = document.currentScript;
  if (!script || window.safarWidget) return;
  window.safarWidget = true;
  const origin = new URL(script.src).origin;
  const page = new URL('/?embed=1', origin);
  const code = script.dataset.code;
  if (code) page.searchParams.set('s', code);

  // A shadow root keeps the host page's styles out; styles are set by script, so the host's CSP need not allow inline ones.
  const put = (element, style) => Object.assign(element.style, style);
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'closed' });
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Safar';
  button.setAttribute('aria-expanded', 'false');
  put(host, { position: 'fixed', right: '16px', bottom: '16px', zIndex: '2147483000' });
  put(button, {
    font: '600 17px/1 system-ui, sans-serif', color: '#fff', background: '#0e5f58', border: '2px solid #fff',
    borderRadius: '28px', minHeight: '52px', minWidth: '52px', padding: '0 22px', cursor: 'pointer', boxShadow: '0 3px 14px rgba(0,0,0,.3)',
  });
  let frame = null;

  const fit = () => {
    if (!frame) return;
    const small = innerWidth < 480 || innerHeight < 520;
    put(frame, small
      ? { position: 'fixed', inset: '0 0 76px 0', width: '100%', height: 'calc(100% - 76px)', borderRadius: '0' }
      : { position: 'fixed', inset: 'auto 16px 80px auto', width: '400px', height: `${Math.min(680, innerHeight - 104)}px`, borderRadius: '16px' });
  };
  const show = (open) => {
    if (open && !frame) {
      frame = document.createElement('iframe');
      frame.src = page.href;
      frame.title = 'Safar';
      put(frame, { border: '0', background: '#f3f0ea', boxShadow: '0 6px 30px rgba(0,0,0,.35)', colorScheme: 'normal' });
      root.append(frame);
    }
    if (frame) frame.style.display = open ? 'block' : 'none';
    fit();
    button.textContent = open ? '✕ Safar' : 'Safar';
    button.setAttribute('aria-expanded', String(open));
    if (open) frame.focus();
  };
  button.addEventListener('click', () => show(button.getAttribute('aria-expanded') === 'false'));
  addEventListener('resize', fit);
  addEventListener('message', (event) => {
    // Quick exit inside the frame leaves the whole page.
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
    const url = event.data && event.data.safarLeave;
    if (typeof url !== 'string' || !url.startsWith('https://')) return;
    host.remove();
    location.replace(url);
  });
  root.append(button);
  (document.body || document.documentElement).append(host);
})();
