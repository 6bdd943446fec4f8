// Small pictures of images: those that the service was too busy for are asked for again, a few at a time, as long as
// any of them comes. What cannot be shown goes, and the symbol behind it stays.
"use strict";

(() => {
  const AT_ONCE = 3, IN_A_ROW = 60, SOON = 2;
  const waiting = [];
  let workers = 0, refused = 0;

  function missed(picture) {
    waiting.push(picture);
    if (workers < AT_ONCE) { workers += 1; work(); }
  }

  async function work() {
    while (waiting.length) {
      const picture = waiting.shift();
      const answer = await fetch(picture.src).catch(() => null);
      if (answer?.ok) {
        refused = 0;
        picture.addEventListener("error", () => picture.remove(), { once: true });
        picture.src = picture.src;  // the browser has it now
      } else if ((!answer || answer.status === 429) && (refused += 1) < IN_A_ROW) {
        waiting.push(picture);
        const seconds = Number(answer?.headers.get("Retry-After")) || SOON;
        await new Promise(resolve => setTimeout(resolve, 1000 * seconds * (0.5 + Math.random())));
      } else {
        picture.remove();
      }
    }
    workers -= 1;
  }

  for (const picture of document.querySelectorAll("img.thumbnail")) {
    if (picture.complete && picture.naturalWidth === 0) missed(picture);
    else picture.addEventListener("error", () => missed(picture), { once: true });
  }
})();
