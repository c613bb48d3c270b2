// Says that grading is under way and refuses a second click. The forms work without it.
"use strict";

for (const form of document.querySelectorAll(".submit-form")) {
  form.addEventListener("submit", (event) => {
    const button = form.querySelector("button");
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      return;
    }
    button.dataset.label = button.textContent;
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-live", "polite");
    button.textContent = button.dataset.busy;
  });
}

// a page brought back from the browser's memory must offer its buttons again
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[data-label]")) {
    button.textContent = button.dataset.label;
    button.removeAttribute("aria-disabled");
  }
});
