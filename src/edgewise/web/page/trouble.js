// One place where the page says that something is wrong, and what the person can do about it.
// The page has explain.js, which says what went wrong in its words.

import { byId } from "./dom.js";
import { explain } from "./explain.js";
import { onLanguage } from "./words.js";

let shown = null;
let again = null;

export function startTrouble() {
  byId("trouble-retry").addEventListener("click", () => {
    const retry = again;
    calm();
    retry?.();
  });
  onLanguage(() => { if (shown) paint(); });
}

// Shows a problem; `retry` is offered when doing it again can help.
export function trouble(problem, retry = null) {
  shown = problem;
  again = retry;
  paint();
}

export function calm() {
  shown = null;
  byId("trouble").hidden = true;
}

function paint() {
  byId("trouble").hidden = false;
  byId("trouble-words").textContent = explain(shown);
  byId("trouble-retry").hidden = again === null;
}
