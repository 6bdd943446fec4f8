// The form for starting a mirror: proposes what the direction usually wants, until a person has said what he wants.
// And forms that are sent once only, however often their button is pressed.
"use strict";

(() => {
  const form = document.getElementById("start");
  if (form) {
    const remove = form.elements.delete;
    let said = remove.dataset.said === "1";
    remove.addEventListener("change", () => { said = true; });
    for (const direction of form.elements.direction) {
      direction.addEventListener("change", () => { if (!said) remove.checked = direction.value === "upload"; });
    }
  }

  document.addEventListener("submit", event => {
    const once = event.target;
    if (!("once" in once.dataset)) return;
    if (once.dataset.once) event.preventDefault();
    once.dataset.once = "sent";
  });
  // Who comes back by the browser's history may send it again.
  addEventListener("pageshow", () => {
    for (const once of document.querySelectorAll("form[data-once]")) once.dataset.once = "";
  });
})();
