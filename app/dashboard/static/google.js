// Connects a Google account: has the service begin a consent, shows Google's page in a window of its own, hears how that
// ended (from the window, or over a channel where Google has cut the tie to it), and has the service finish it.
"use strict";

(() => {
  const MESSAGE = "sluice:oauth", PROVIDER = "google_drive";
  const at = id => document.getElementById(id);
  const form = at("google-form"), button = at("google-begin"), link = at("google-link");
  let state = null;

  function say(sentence) { at("google-state").textContent = sentence; }

  function fail(sentence) {
    say("");
    at("google-problem").textContent = sentence;
    at("google-problem").hidden = !sentence;
    button.disabled = false;
  }

  // Return what the service answers, or null once a person has been told why there is nothing.
  async function ask(address, fields) {
    const body = new URLSearchParams(new FormData(form));
    for (const [name, text] of Object.entries(fields)) body.set(name, text);
    try {
      const answer = await fetch(address, { method: "POST", body });
      const told = await answer.json();
      if (answer.ok) return told;
      fail(told.error);
    } catch {
      fail("The service gave no answer that could be understood. Load this page again; perhaps you have to sign in.");
    }
    return null;
  }

  async function begin() {
    const popup = open("about:blank", "sluice-google", "popup,width=600,height=720");  // in the click, or it is blocked
    fail("");
    button.disabled = true;
    const begun = await ask("/connections/google", {});
    if (!begun) { popup?.close(); return; }
    state = begun.state;
    link.hidden = popup !== null;
    link.querySelector("a").href = begun.url;
    if (popup) popup.location.replace(begun.url);
    say("Waiting for Google's page.");
    button.disabled = false;
  }

  async function hear(told) {
    if (told?.type !== MESSAGE || told.provider !== PROVIDER || !state || told.state !== state) return;
    state = null;  // it is good for one attempt
    link.hidden = true;
    if (told.error) {
      fail(told.error === "access_denied" ? "Access was not granted, so nothing was connected. You can try again."
        : `Google says: ${told.error}. Nothing was connected. You can try again.`);
      return;
    }
    button.disabled = true;
    say("Connecting the account.");
    const finished = await ask("/connections/google/finish", { code: told.code, state: told.state });
    if (finished) location.assign(finished.page);
  }

  addEventListener("message", event => { if (event.origin === location.origin) hear(event.data); });
  new BroadcastChannel(MESSAGE).addEventListener("message", event => hear(event.data));
  form.addEventListener("submit", event => { event.preventDefault(); begin(); });
  at("google-script").hidden = true;
  if (at("google").dataset.origins.split(" ").includes(location.origin)) button.hidden = false;
  else at("google-elsewhere").hidden = false;
})();
