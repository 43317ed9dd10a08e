// One place where the page says that something is wrong, and what the person can do about it.

import { byId } from "./dom.js";
import { has, lang, onLanguage, t } from "./words.js";

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

// What went wrong, in the page's language: the server's own words have the details in English.
export function explain(problem) {
  const key = `error_${problem.code}`;
  if (has(key) && (lang() === "zh" || problem.code === "link_lost")) return t(key);
  const text = String(problem.message ?? problem);
  return text[0].toUpperCase() + text.slice(1) + (/[.。!?]$/.test(text) ? "" : lang() === "zh" ? "。" : ".");
}

export function announce(text) {
  byId("announce").textContent = text;
}

function paint() {
  byId("trouble").hidden = false;
  byId("trouble-words").textContent = explain(shown);
  byId("trouble-retry").hidden = again === null;
}
