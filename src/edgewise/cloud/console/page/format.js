// Amounts and times in the page's language.

import { currency } from "./state.js";
import { lang, t } from "./words.js";

const NANO = 1e9;
const locale = () => (lang() === "zh" ? "zh-CN" : "en-GB");

// Nano-units as money; small amounts keep the digits that tell something.
export function money(nano) {
  const amount = nano / NANO;
  const digits = amount === 0 || Math.abs(amount) >= 1 ? 2 : Math.min(9, 2 - Math.floor(Math.log10(Math.abs(amount))));
  return new Intl.NumberFormat(locale(), {
    style: "currency", currency: currency(), currencyDisplay: "narrowSymbol", minimumFractionDigits: 2, maximumFractionDigits: Math.max(2, digits),
  }).format(amount);
}

export const count = (number) => new Intl.NumberFormat(locale()).format(number);

export const brief = (number) =>
  new Intl.NumberFormat(locale(), { notation: "compact", maximumFractionDigits: 1 }).format(number);

export const moment = (seconds) => (seconds
  ? new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(seconds * 1000) : "–");

export const clock = (seconds) =>
  new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(seconds * 1000);

// The time zone that `moment` and `clock` are in, with its distance from UTC.
export function zone() {
  const format = new Intl.DateTimeFormat("en-GB", { timeZoneName: "shortOffset" });
  const offset = format.formatToParts(Date.now()).find((part) => part.type === "timeZoneName").value;
  const name = format.resolvedOptions().timeZone;
  return name === "UTC" ? name : `${name}, ${offset.replace("GMT", "UTC")}`;
}

export const day = (iso) =>
  new Intl.DateTimeFormat(locale(), { month: "short", day: "numeric", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));

export function took(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 100000 ? `${(ms / 1000).toFixed(1)} s` : t("minutes", { n: Math.round(ms / 60000) });
}

export const isoDay = (time) => new Date(time).toISOString().slice(0, 10);
