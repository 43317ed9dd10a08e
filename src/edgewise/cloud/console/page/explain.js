// What went wrong, in the page's language: the server's own words have the details in English.

import { has, lang, t } from "./words.js";

// What the page says in its own words in English too.
const OWN = ["link_lost", "wrong_password"];

export function explain(problem) {
  const key = `error_${problem.code}`;
  if (has(key) && (lang() === "zh" || OWN.includes(problem.code))) return t(key);
  const text = String(problem.message ?? problem);
  return text[0].toUpperCase() + text.slice(1) + (/[.。!?]$/.test(text) ? "" : lang() === "zh" ? "。" : ".");
}
