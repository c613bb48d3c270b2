// Comfort only; the pages work without it. Says that grading is under way, refuses a second click, and takes the
// token out of the address bar, so that a copied address lets nobody in.
"use strict";

const address = new URL(window.location.href);
if (address.searchParams.has("token")) {
  address.searchParams.delete("token");
  window.history.replaceState({}, "", address);
}

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
