// What the trail hides, shown as that: a text kept only as its length and digest is not read by a person.

import { el } from "./dom.js";
import { t } from "./words.js";

const HIDDEN = /^‹(\d+|#):[0-9a-f]+›$/;

// Whether `value` is hidden, or holds something that is.
export function isHidden(value) {
  if (typeof value === "string") return HIDDEN.test(value);
  return value !== null && typeof value === "object" && Object.values(value).some(isHidden);
}

// `shape(value)`, or in a few small words that the value was not kept.
export const unlessHidden = (value, shape) => (isHidden(value) ? el("small", { class: "unkept" }, t("unkept")) : shape(value));

// `value` as it stands in the record, for the one who reads the trail.
export function plain(value) {
  if (typeof value === "string") return isHidden(value) ? t("unkept") : value;
  return JSON.stringify(value, (_key, inner) => (typeof inner === "string" && isHidden(inner) ? t("unkept") : inner));
}
