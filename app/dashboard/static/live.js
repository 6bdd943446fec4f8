// Keeps a page as the server would send it now. The element with data-live names a stream of changes (server-sent
// events); after each of them the page itself is asked for again, and what differs within [data-part] is taken over.
// While there is no stream, the page is asked for every few seconds. Times are shown in the reader's own zone.
"use strict";

(() => {
  const POLL = 3000;           // between two looks at the page while there is no stream
  const STREAM_AGAIN = 15000;  // before a stream is asked for again while the page itself answers
  const SILENCE = 40000;       // a stream that says nothing for so long is broken: it says something every 15 seconds
  const LEAST = 400;           // between two looks at the page, however often it changes
  const PATIENCE = 20000;      // before an answer that does not come counts as none
  const GONE = "The service does not answer. This page shows what it knew last, and keeps asking.";

  const root = document.querySelector("[data-live]");
  const note = document.getElementById("live-note");
  const ownScript = document.currentScript.src;
  const zoned = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

  function localTimes(node) {
    for (const time of node.querySelectorAll("time[datetime]")) {
      const moment = new Date(time.getAttribute("datetime"));
      if (!isNaN(moment)) { time.title = time.textContent; time.textContent = zoned.format(moment); }
    }
  }

  // ---- Taking over what differs: what is equal stays as it is, and with it focus, selection and scroll positions.

  function isAlike(old, now) {
    if (old.nodeName !== now.nodeName || (old.id || "") !== (now.id || "")) return false;
    return old.nodeType !== Node.ELEMENT_NODE || old.hasAttribute("data-keep") === now.hasAttribute("data-keep");
  }

  function takeOver(old, now) {
    if (!isAlike(old, now)) {
      old.replaceWith(document.importNode(now, true));
    } else if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== now.data) old.data = now.data;
    } else if (!old.hasAttribute("data-keep")) {  // else a control that its reader may be using
      takeOverAttributes(old, now);
      takeOverChildren(old, now);
    }
  }

  function takeOverAttributes(old, now) {
    for (const { name } of [...old.attributes]) {
      // What the reader has opened stays open.
      if (!now.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
    }
    for (const { name, value } of now.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  }

  function takeOverChildren(old, now) {
    const wanted = new Set([...now.children].map(child => child.id).filter(Boolean));
    const there = new Map([...old.children].filter(child => child.id).map(child => [child.id, child]));
    let place = old.firstChild;
    for (const child of now.childNodes) {
      const same = child.id ? there.get(child.id) : place && isAlike(place, child) ? place : null;
      if (!same) {
        old.insertBefore(document.importNode(child, true), place);
        continue;
      }
      // What has gone is taken away first, so that what stays is not moved: that would take the focus from it.
      while (place && place !== same && !wanted.has(place.id)) place = removed(place);
      if (place !== same) old.insertBefore(same, place);
      place = same.nextSibling;
      takeOver(same, child);
    }
    while (place) place = removed(place);
  }

  function removed(node) {
    const next = node.nextSibling;
    node.remove();
    return next;
  }

  function takeOverPage(page) {
    const focused = document.activeElement;
    const around = [];
    for (let node = focused; node && node !== document.body; node = node.parentElement) if (node.id) around.push(node.id);
    for (const part of page.querySelectorAll("[data-part]")) {
      const old = document.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
      if (old) takeOver(old, part);
    }
    document.title = page.title;
    if (around.length && !focused.isConnected) focusNear(around);
  }

  // A row that went from one list to another takes the focus along, so that who uses a keyboard stays where he was.
  function focusNear(ids) {
    const near = ids.map(id => document.getElementById(id)).find(Boolean) || document.getElementById("content");
    (near.querySelector("a[href], button:enabled") || near).focus({ preventScroll: true });
  }

  // ---- Asking for the page.

  let asking = null, again = false, last = 0, took = 0;

  // Returns whether the service has answered. Who asks while an answer is under way gets one that is asked for after it.
  function refresh() {
    if (asking) { again = true; return asking; }
    asking = refreshUntilQuiet().finally(() => { asking = null; });
    return asking;
  }

  async function refreshUntilQuiet() {
    let reached;
    do {
      again = false;
      // A page that takes the service long is asked for less often.
      const wait = last + Math.max(LEAST, 3 * took) - Date.now();
      if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
      const began = Date.now();
      reached = await refreshOnce();
      last = Date.now();
      took = last - began;
    } while (again && reached && !over);
    return reached;
  }

  async function refreshOnce() {
    let answer, text;
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error", signal });
      text = await answer.text();
    } catch {
      return false;
    }
    if (answer.status === 401 || answer.status === 403 || answer.status === 404) leave();
    const isRefused = answer.status === 422;  // a filter that cannot be used: that page counts jobs, too
    if (answer.ok || isRefused) show(new DOMParser().parseFromString(text, "text/html"));
    return answer.ok || isRefused;
  }

  function show(page) {
    // Another version of the service was started: its pages need its own scripts.
    const scripts = [...page.querySelectorAll("script[src]")].map(script => new URL(script.getAttribute("src"), location.href).href);
    if (!scripts.includes(ownScript)) { leave(); return; }
    localTimes(page);
    takeOverPage(page);
    if (!page.querySelector("[data-live]")) stop();
  }

  // The session has ended, or what the page is about has gone: the server says what there is instead.
  function leave() {
    stop();
    location.reload();
  }

  // ---- Being told when to ask.

  let stream = null, timer = 0, silence = 0, streamAfter = 0, wasReached = true, over = false;

  function say(sentence) {
    if (note.textContent !== sentence) note.textContent = sentence;
    note.hidden = !sentence;
  }

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(broken, SILENCE);
  }

  function listen() {
    close();
    stream = new EventSource(root.dataset.live);
    stream.onopen = () => { wasReached = true; say(""); heard(); };
    stream.addEventListener("changed", () => { heard(); refresh(); });
    stream.addEventListener("ping", heard);
    stream.addEventListener("end", broken);  // the page is asked for until it says itself that it changes no more
    stream.onerror = broken;
    heard();
  }

  // The server has gone, has no place for another stream, or a proxy has cut it: ask from time to time.
  function broken() {
    close();
    streamAfter = Date.now() + STREAM_AGAIN;
    poll();
  }

  async function poll() {
    const reached = await refresh();
    if (over || document.hidden || stream) return;
    say(reached ? "" : GONE);
    const isBack = reached && !wasReached;
    wasReached = reached;
    if (reached && (isBack || Date.now() >= streamAfter)) listen();
    else timer = setTimeout(poll, POLL);
  }

  function close() {
    clearTimeout(timer);
    clearTimeout(silence);
    if (stream) { stream.close(); stream = null; }
  }

  function stop() {
    over = true;
    close();
    say("");
  }

  // A page that nobody sees holds no connection: browsers have only six of them for one server.
  function seenOrNot() {
    if (over) return;
    close();
    if (!document.hidden) { refresh(); listen(); }
  }

  // ---- Forms whose page stays: a button does what it does, and the page shows it without being left.

  async function sendForm(event) {
    const form = event.target.closest("form[data-stays]");
    if (!form || over) return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, redirect: "manual" });
      if (answer.type === "opaqueredirect") { refresh(); return; }
    } catch { /* the browser says it better */ }
    form.submit();
  }

  localTimes(document);
  if (root) {
    document.addEventListener("visibilitychange", seenOrNot);
    document.addEventListener("submit", sendForm);
    if (document.hidden) return;
    listen();
  }
})();
