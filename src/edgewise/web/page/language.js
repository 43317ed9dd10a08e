// The page's language, the switch between the two, and the words of each, which the page brings.

let language = remembered() || document.documentElement.dataset.deviceLanguage || (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
const listeners = [];
let words = {};

// Takes a page's words: key to [English, Chinese].
export const learn = (pairs) => { words = pairs; };
export const has = (key) => Object.hasOwn(words, key);

export const lang = () => language;
export const onLanguage = (listener) => listeners.push(listener);

// A text of this page; `{name}` places are filled from `values`.
export function t(key, values = {}) {
  const pair = words[key];
  const text = pair ? pair[language === "zh" ? 1 : 0] : key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// A text that the device gives in both languages.
export const said = (words) => (words ? words[language] ?? words.en : "");

export function setLanguage(wanted) {
  language = wanted;
  try { localStorage.setItem("edgewise.language", wanted); } catch { /* lasts for this page */ }
  paint();
  for (const listener of listeners) listener();
}

export function paint(root = document) {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of root.querySelectorAll("[data-t-hint]")) node.placeholder = t(node.dataset.tHint);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
}

function remembered() {
  try { return localStorage.getItem("edgewise.language"); } catch { return null; }
}
