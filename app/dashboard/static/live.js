// Keeps a page as the server would send it now. The element with data-live names a stream of changes (server-sent
// events); after each of them the page itself is asked again, and what differs within [data-part] is taken over.
// While there is no stream, the page is asked every few seconds. Times are shown in the reader's own zone.
"use strict";

(() => {
  const POLL = 3000, STREAM_AGAIN = 15000, SILENCE = 40000, LEAST = 400;
  const root = document.querySelector("[data-live]");

  const zoned = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

  function localTimes(node) {
    for (const time of node.querySelectorAll("time[datetime]")) {
      const moment = new Date(time.dateTime);
      if (!isNaN(moment)) { time.title = time.textContent; time.textContent = zoned.format(moment); }
    }
  }

  // Make `old` equal to `now` and keep what is equal: focus, selection and what is typed stay where they are.
  function takeOver(old, now) {
    if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName || (old.id || "") !== (now.id || "")) {
      old.replaceWith(now.cloneNode(true));
      return;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== now.data) old.data = now.data;
      return;
    }
    if (old.hasAttribute("data-keep")) return;  // a control that its reader may be using
    for (const { name } of [...old.attributes]) {
      // What the reader has opened stays open.
      if (!now.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
    }
    for (const { name, value } of [...now.attributes]) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    takeOverChildren(old, now);
  }

  function takeOverChildren(old, now) {
    const named = new Map([...old.children].filter(child => child.id).map(child => [child.id, child]));
    let place = old.firstChild;
    for (const wanted of [...now.childNodes]) {
      const same = wanted.id ? named.get(wanted.id) : place;
      if (same && wanted.id && same !== place) old.insertBefore(same, place);
      if (same && (wanted.id || !(same.id))) {
        const next = same === place ? place.nextSibling : place;
        takeOver(same, wanted);
        place = next;
      } else {
        old.insertBefore(wanted.cloneNode(true), place);
      }
    }
    while (place) { const next = place.nextSibling; place.remove(); place = next; }
  }

  let asking = false, again = false, last = 0;

  async function refresh() {
    if (asking) { again = true; return true; }
    asking = true;
    try {
      const wait = last + LEAST - Date.now();
      if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
      last = Date.now();
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
      if (answer.status === 401 || answer.status === 404) { location.reload(); return true; }
      if (!answer.ok) return false;
      const now = new DOMParser().parseFromString(await answer.text(), "text/html");
      localTimes(now);
      for (const part of now.querySelectorAll("[data-part]")) {
        const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
        if (old) takeOver(old, part);
      }
      const live = now.querySelector("[data-live]");
      if (!live && root) stop();
      document.title = now.title;
      return true;
    } catch {
      return false;
    } finally {
      asking = false;
      if (again) { again = false; refresh(); }
    }
  }

  const note = document.getElementById("live-note");
  let stream = null, timer = 0, silence = 0, streamAfter = 0, over = false;

  function say(sentence) {
    if (note.textContent !== sentence) note.textContent = sentence;
    note.hidden = !sentence;
  }

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(broken, SILENCE);
  }

  function listen() {
    stream = new EventSource(root.dataset.live);
    stream.onopen = () => { heard(); say(""); };
    stream.addEventListener("changed", () => { heard(); refresh(); });
    stream.addEventListener("ping", heard);
    stream.addEventListener("end", () => { stop(); refresh(); });
    stream.onerror = broken;
  }

  // The server has gone, has no place for another stream, or a proxy has cut it: ask from time to time.
  function broken() {
    close();
    streamAfter = Date.now() + STREAM_AGAIN;
    poll();
  }

  async function poll() {
    const reached = await refresh();
    if (over || document.hidden) return;
    say(reached ? "" : "The service does not answer. This page shows what it knew last, and keeps asking.");
    if (reached && (Date.now() >= streamAfter || !wasReached)) { wasReached = true; listen(); return; }
    wasReached = reached;
    timer = setTimeout(poll, POLL);
  }
  let wasReached = true;

  function close() {
    clearTimeout(timer);
    clearTimeout(silence);
    if (stream) { stream.close(); stream = null; }
  }

  function stop() { over = true; close(); }

  localTimes(document);
  if (root && root.dataset.live) {
    listen();
    // A page that nobody sees holds no connection: browsers have only six of them for one server.
    document.addEventListener("visibilitychange", () => {
      if (over) return;
      close();
      if (!document.hidden) { refresh(); listen(); }
    });
  }
})();
