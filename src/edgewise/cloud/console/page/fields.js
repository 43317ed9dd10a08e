// Fields of a form: what they look like, and what was put in.

import { el } from "./dom.js";
import { count } from "./format.js";
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
    ...shared, type: one.kind === "limit" ? "number" : one.kind ?? "text", placeholder: one.placeholder, value: one.value ?? "", autocomplete: one.autocomplete ?? "off",
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
  if (one.kind === "limit") return given === "" ? null : Number(given);
  if (one.kind === "datetime-local") return given === "" ? null : new Date(given).getTime() / 1000;
  return given;
}

export const LIMITS = ["requests_a_minute", "tokens_a_minute", "requests_at_once", "streams_at_once"];

// Whether limits are of one's own; all of them none is how the platform says that its defaults hold.
export const isOwn = (limits) => LIMITS.some((name) => limits?.[name]);

// Fields for limits: an empty one keeps the default, 0 is none.
export const limitFields = (defaults, limits) => LIMITS.map((name) => ({
  name, label: t(name), half: true, kind: "limit", min: 0, step: 1, value: isOwn(limits) ? limits[name] : "",
  placeholder: defaults[name] ? t("default_is", { n: count(defaults[name]) }) : t("no_limit"),
}));

// What was put in, with the default for what was left empty.
export const limitsIn = (values, defaults) => Object.fromEntries(LIMITS.map((name) => [name, values[name] ?? defaults[name]]));

// The same for a project, whose limits are all of its own or all the platform's.
export const projectLimitsIn = (values, defaults) => (LIMITS.every((name) => values[name] === null)
  ? Object.fromEntries(LIMITS.map((name) => [name, 0])) : limitsIn(values, defaults));
