// Fields of a form: what they look like, and what was put in.

import { el } from "./dom.js";
import { t } from "./words.js";

let number = 0;

// `one`: {name, label, kind, value, hint, options: [[value, text]], required, ...attributes}.
export function field(one) {
  const id = `field-${++number}`;
  if (one.kind === "check") {
    return el("label", { class: "field check" },
      el("input", { type: "checkbox", name: one.name, checked: Boolean(one.value) }),
      el("span", null, one.label, one.hint ? el("small", null, one.hint) : null));
  }
  if (one.kind === "checks") {
    return el("fieldset", { class: "field" }, el("legend", null, one.label),
      one.hint ? el("small", null, one.hint) : null,
      el("div", { class: "checks" }, one.options.map(([value, text]) =>
        el("label", { class: "check" }, el("input", { type: "checkbox", name: one.name, value, checked: (one.value ?? []).includes(value) }), el("span", null, text)))));
  }
  return el("div", { class: `field${one.half ? " half" : ""}` }, el("label", { for: id }, one.label), input(one, id),
    one.hint ? el("small", { id: `${id}-hint` }, one.hint) : null);
}

function input(one, id) {
  const shared = { id, name: one.name, required: one.required, "aria-describedby": one.hint ? `${id}-hint` : null };
  if (one.kind === "select") {
    return el("select", shared, one.options.map(([value, text]) => el("option", { value, selected: value === one.value }, text)));
  }
  return el("input", {
    ...shared, type: one.kind ?? "text", value: one.value ?? "", autocomplete: one.autocomplete ?? "off",
    maxlength: one.kind === undefined ? 300 : null, min: one.min, max: one.max, step: one.step, inputmode: one.inputmode, pattern: one.pattern, minlength: one.minlength,
  });
}

// What was put into the node that `field` made.
export function valueOf(one, node) {
  if (one.kind === "check") return node.querySelector("input").checked;
  if (one.kind === "checks") return [...node.querySelectorAll("input:checked")].map((box) => box.value);
  const whole = node.querySelector("input, select").value;
  if (one.kind === "password") return whole;
  const given = whole.trim();
  if (one.kind === "number") return given === "" ? 0 : Number(given);
  if (one.kind === "datetime-local") return given === "" ? null : new Date(given).getTime() / 1000;
  return given;
}

// Fields for limits: an empty one is none.
export const limitFields = (limits) =>
  ["requests_a_minute", "tokens_a_minute", "requests_at_once", "streams_at_once"].map((name) => ({
    name, label: t(name), half: true, kind: "number", min: 0, step: 1, value: limits?.[name] || "",
  }));

export const limitsIn = (values) => ({
  requests_a_minute: values.requests_a_minute, tokens_a_minute: values.tokens_a_minute,
  requests_at_once: values.requests_at_once, streams_at_once: values.streams_at_once,
});
