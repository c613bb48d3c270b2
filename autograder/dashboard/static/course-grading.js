// Comfort only; the pages work without it. Follows a grading run: by the server's stream, or, where that breaks off
// (a proxy that keeps streams back), by asking again and again. When the run ends the page is loaded once more.
"use strict";

const POLL_MILLISECONDS = 2000;
const PATIENCE_MILLISECONDS = 4000;
const GONE = new Set([401, 403, 404]); // asking again would give no other answer; all else may pass
const SPOKEN_EVERY = 15000; // a screen reader hears the progress so often, not each second

for (const card of document.querySelectorAll("[data-run][data-going='yes']")) {
  follow(card);
}

function follow(card) {
  // a hub asks for the token in requests that no navigation made; without it a stream would connect for ever
  const signed = (address) => `${address}?_xsrf=${encodeURIComponent(card.dataset.token)}`;
  const refresh = card.querySelector("[data-refresh]");
  let spoken = 0;

  function show(told) {
    card.querySelector("progress").value = told.share;
    card.querySelector("[data-progress]").textContent = told.progress;
    card.querySelector("[data-left]").textContent = told.left;
    card.querySelector("[data-not-graded]").textContent = told.not_graded;
    card.querySelector(".state > span").textContent = told.phase;
    if (Date.now() - spoken > SPOKEN_EVERY) {
      spoken = Date.now();
      card.querySelector("[data-spoken]").textContent = `${told.phase}, ${told.progress}`;
    }
    if (!told.going_on) {
      window.location.reload();
    }
    return told.going_on;
  }

  async function poll() {
    try {
      const answer = await fetch(signed(card.dataset.poll), { headers: { Accept: "application/json" } });
      if (GONE.has(answer.status) || (answer.ok && !show(await answer.json()))) {
        return;
      }
    } catch {
      // the server may be starting again
    }
    window.setTimeout(poll, POLL_MILLISECONDS);
  }

  refresh?.remove();
  if (!window.EventSource) {
    poll();
    return;
  }
  const stream = new EventSource(signed(card.dataset.run));
  // the first event comes at once; where it does not, something between here and the server keeps streams back
  const patience = window.setTimeout(giveUp, PATIENCE_MILLISECONDS);

  function giveUp() {
    window.clearTimeout(patience);
    stream.close();
    poll();
  }

  stream.addEventListener("message", (event) => {
    window.clearTimeout(patience);
    if (!show(JSON.parse(event.data))) {
      stream.close();
    }
  });
  stream.addEventListener("error", giveUp);
  window.addEventListener("pagehide", () => stream.close());
}
