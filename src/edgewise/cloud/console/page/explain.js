// What went wrong, in the page's language: the server's own words have the details in English.

import { has, lang, t } from "./words.js";

export function explain(problem) {
  const key = `error_${problem.code}`;
  if (has(key) && (lang() === "zh" || problem.code === "link_lost")) return t(key);
  const text = String(problem.message ?? problem);
  return text[0].toUpperCase() + text.slice(1) + (/[.。!?]$/.test(text) ? "" : lang() === "zh" ? "。" : ".");
}
