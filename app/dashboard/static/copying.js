// Buttons that copy the text of another element: data-copy says its id. Without the clipboard, which browsers give to
// https and localhost only, the text is selected, to be copied by hand.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  const said = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(text);
      said.textContent = "Selected: copy it with the keyboard.";
    }
  });
}
