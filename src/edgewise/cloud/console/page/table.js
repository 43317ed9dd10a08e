// Tables that become cards where it is narrow, chips for states, and the head of a place.

import { el } from "./dom.js";
import { t } from "./words.js";

// `columns`: {label, cell(row), end} ; `end` puts numbers to the right.
export function table(label, columns, rows, empty) {
  if (!rows.length) return el("p", { class: "empty" }, empty);
  return el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": label },
    el("table", { class: "table" },
      el("thead", null, el("tr", null, columns.map((column) =>
        el("th", { scope: "col", class: column.end ? "end" : null }, column.label)))),
      el("tbody", null, rows.map((row) => el("tr", { "data-id": row.id ?? row.key?.id }, columns.map((column) =>
        el("td", { class: column.end ? "end" : null, "data-label": column.label }, column.cell(row))))))));
}

export const chip = (mood, text) => el("span", { class: `mood ${mood}` }, text);

export const button = (text, listener, { quiet = true, small = true, danger = false, ...rest } = {}) =>
  el("button", { type: "button", class: `${quiet ? "quiet" : "primary"}${small ? " small" : ""}${danger ? " danger" : ""}`, on: { click: listener }, ...rest }, text);

// The title of a place, a sentence on what it is, and what can be done there.
export const head = (title, hint, ...actions) =>
  el("header", { class: "head" },
    el("div", null, el("h2", null, t(title)), hint ? el("p", { class: "hint" }, t(hint)) : null),
    el("div", { class: "actions" }, actions));

export const panel = (title, ...children) =>
  el("section", { class: "panel" }, title ? el("h3", { class: "panel-title" }, title) : null, children);
