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
      { label: t("context"), end: true, cell: (row) => [count(row.context_tokens), el("small", null, t("out_at_most", { n: count(row.output_tokens) }))] },
      { label: t("price_input", { currency: offer.currency }), end: true, cell: (row) => price(row, "input") },
      { label: t("price_cached"), end: true, cell: (row) => price(row, "cached_input") },
      { label: t("price_output"), end: true, cell: (row) => price(row, "output") },
      { label: t("price_other"), cell: others },
      { label: t("price_since"), cell: (row) => row.price?.since ?? "–" },
      { label: t("backends"), cell: (row) => row.backends.join(", ") },
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
const others = (row) => OTHERS.filter((part) => Number(row.price?.[part])).map((part) => el("small", null, t(`price_${part}`, { price: row.price[part] })));
const price = (row, part) => (row.price ? row.price[part] ?? row.price.input : t("free"));
