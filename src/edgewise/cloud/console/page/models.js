// Models with their prices, and the backends behind them with their health.

import { backendsPanel } from "./backends.js";
import { call } from "./api.js";
import { el } from "./dom.js";
import { count } from "./format.js";
import { runsPlatform, within } from "./state.js";
import { button, chip, head, panel, table } from "./table.js";
import { t } from "./words.js";

export async function show({ root, refresh, signal }) {
  const offer = await call("GET", within("/models"));
  root.append(head("models", "models_hint", button(t("reload"), refresh, { small: false })),
    panel(t("models"), table(t("models"), [
      { label: t("name"), cell: (row) => [el("b", null, row.name), el("small", null, t(`kind_${row.kind}`))] },
      { label: t("context"), end: true, cell: bounds },
      { label: t("price_input", { currency: offer.currency }), end: true, cell: (row) => price(row, "input") },
      { label: t("price_cached"), end: true, cell: (row) => price(row, "cached_input") },
      { label: t("price_output"), end: true, cell: (row) => price(row, "output") },
      { label: t("price_other"), cell: others },
      { label: t("price_since"), cell: (row) => row.price?.since ?? "–" },
      { label: t("backends"), cell: (row) => [row.backends.join(", "), row.fallbacks.length ? el("small", null, t("fallbacks", { names: row.fallbacks.join(", ") })) : null] },
    ], offer.models, t("no_models")), el("p", { class: "hint" }, t("price_hint"))),
    (runsPlatform() && await backendsPanel(signal)) || panel(t("backends"), table(t("backends"), [
      { label: t("name"), cell: (row) => [el("b", null, row.name), el("small", null, t(row.embedded ? "embedded" : "upstream"))] },
      { label: t("state"), cell: (row) => chip(row.state === "ready" ? "good" : "bad", t(`backend_${row.state}`, { n: Math.ceil(row.rests_for_s) })) },
      { label: t("residency"), cell: (row) => row.residency },
      { label: t("running_now"), end: true, cell: (row) => count(row.running) },
      { label: t("outcome_done"), end: true, cell: (row) => count(row.done) },
      { label: t("outcome_failed"), end: true, cell: (row) => count(row.failed) },
    ], offer.backends, t("no_backends")), el("p", { class: "hint" }, t("backends_hint"))));
}

const OTHERS = ["audio_input", "audio_output", "characters", "image", "search"];
const TOKENS = { chat: ["input", "cached_input", "output"], embedding: ["input"], speech: [], transcription: [] };

// What bounds a request of its kind: sound and what is said have no context.
function bounds({ kind, context_tokens: context, output_tokens: out }) {
  if (kind === "chat") return [count(context), el("small", null, t("out_at_most", { n: count(out) }))];
  return kind === "embedding" ? count(context) : "–";
}

function others(row) {
  const priced = OTHERS.filter((part) => Number(row.price?.[part])).map((part) => el("small", null, t(`price_${part}`, { price: row.price[part] })));
  return !priced.length && !TOKENS[row.kind].length && !isPriced(row) ? t("free") : priced;
}

// Tokens of a part that its kind does not have are shown only where they have a price all the same.
function price(row, part) {
  const given = row.price?.[part] ?? (part === "cached_input" ? row.price?.input : null);
  if (!TOKENS[row.kind].includes(part)) return Number(row.price?.[part]) ? given : "–";
  return isPriced(row) ? given : t("free");
}

const isPriced = (row) => [...TOKENS.chat, ...OTHERS].some((part) => Number(row.price?.[part]));
