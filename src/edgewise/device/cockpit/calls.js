// Says a call in a person's words, by what the device declares of its capabilities.

import { call } from "./api.js";
import { el } from "./dom.js";
import { plain, unlessHidden } from "./kept.js";
import { lang, said, t } from "./words.js";

const declared = new Map();

export async function learnCalls() {
  const { capabilities } = await call("GET", "/v1/agent/capabilities");
  for (const capability of capabilities) declared.set(capability.name, capability);
}

// "Call somebody"; the name itself where nothing is declared.
export function deed(name) {
  const text = said(declared.get(name)?.words) || plain(name);
  return text[0].toUpperCase() + text.slice(1);
}

// The names of what the device can do whose words hold all words of `query`; after them those whose
// examples do.
export function find(query) {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (texts) => wanted.every((word) => texts.join(" ").toLowerCase().includes(word));
  const all = [...declared.values()];
  const named = all.filter(({ words, name }) => holds([words.en, words.zh, name]));
  const shown = all.filter(({ en, zh }) => holds([...en, ...zh].map(({ text }) => text)));
  return [...new Set([...named, ...shown])].map(({ name }) => name);
}

// "Call somebody (whom: Alice)" as nodes.
export function told({ capability, arguments: given }) {
  const rows = Object.entries(given).filter(([name, value]) => value !== null && !(capability === "gui.act" && name === "seen")); // a digest
  const parts = rows.flatMap(([name, value], n) => [n ? between() : "", ...argument(capability, name, value)]);
  return [deed(capability), ...(parts.length ? [lang() === "zh" ? "（" : " (", ...parts, lang() === "zh" ? "）" : ")"] : [])];
}

// The same as a program sends it.
export const typed = ({ capability, arguments: given }) =>
  `${plain(capability)}(${Object.entries(given).map(([name, value]) => `${plain(name)}: ${plain(value)}`).join(", ")})`;

const between = () => (lang() === "zh" ? "，" : ", ");

function argument(capability, name, value) {
  const known = declared.get(capability)?.arguments.find((one) => one.name === name);
  return [`${said(known?.words) || plain(name)}${lang() === "zh" ? "：" : ": "}`, unlessHidden(value, () => el("span", null, inWords(known, value)))];
}

function inWords(known, value) {
  if (Array.isArray(value)) return value.map((one) => inWords(known, one)).join(lang() === "zh" ? "、" : ", ");
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  const choice = known?.choices.find((one) => one.value === value);
  if (choice) return said(choice.words);
  if (known?.kind === "zone" || known?.kind === "zones") return t(value);
  return typeof value === "object" ? plain(value) : `${value}${known?.unit ? ` ${known.unit}` : ""}`;
}
