// The first page: what was used, how the budgets stand, what runs now, and how to begin.

import { call } from "./api.js";
import { meter, plot } from "./plot.js";
import { el } from "./dom.js";
import { brief, count, isoDay, money } from "./format.js";
import { copyable } from "./dialog.js";
import { watch } from "./requests.js";
import { keyOf, learnNames, nameOf, within } from "./state.js";
import { head, panel } from "./table.js";
import { t } from "./words.js";

const DAYS = 30;
const MOST_MODELS = 6;
let measure = "cost";

const MEASURES = {
  cost: [(row) => row.cost_nano, money, money],
  tokens: [(row) => row.usage.input_tokens + row.usage.output_tokens, count, brief],
  requests: [(row) => row.requests, count, brief],
};

export async function show({ root, signal }) {
  const [byDay, byModel, held, names] = await Promise.all([
    call("GET", within("/usage?by=day")), call("GET", within("/usage?by=model")), call("GET", within("/budgets")), learnNames(),
  ]);
  const graph = el("div", { class: "graph" });
  const today = byDay.rows.find((row) => row.day === byDay.until);
  const running = el("b", { id: "running-now" }, "0");
  root.append(head("overview"),
    names.keys.length ? "" : firstSteps(),
    el("div", { class: "tiles" },
      tile(t("today"), money(today?.cost_nano ?? 0)), tile(t("requests_today"), count(today?.requests ?? 0)),
      tile(t("last_days", { n: DAYS }), money(byDay.total.cost_nano)),
      el("p", { class: "tile" }, el("span", null, t("running_now")), running)),
    panel(t("usage_days", { n: DAYS }), choices(graph, byDay), graph),
    el("div", { class: "pair" }, budgets(held.budgets), topModels(byModel.rows)));
  draw(graph, byDay);
  watch(signal, ({ running: now }) => { running.textContent = count(now.length); });
}

const tile = (label, value) => el("p", { class: "tile" }, el("span", null, label), el("b", null, value));

function choices(graph, usage) {
  const group = el("div", { class: "switch measures", role: "group", "aria-label": t("measure") });
  const paint = () => group.replaceChildren(...Object.keys(MEASURES).map((name) =>
    el("button", { type: "button", "aria-pressed": String(name === measure), on: { click: () => { measure = name; paint(); draw(graph, usage); } } }, t(name))));
  paint();
  return group;
}

function draw(graph, usage) {
  const [amount, say, tick] = MEASURES[measure];
  const found = new Map(usage.rows.map((row) => [row.day, amount(row)]));
  const last = Date.parse(`${usage.until}T00:00:00Z`);
  const days = Array.from({ length: DAYS }, (_, back) => isoDay(last - (DAYS - 1 - back) * 86400000));
  graph.replaceChildren(plot(t("plot_label", { what: t(measure), n: DAYS }), days.map((iso) => [iso, found.get(iso) ?? 0]), say, tick));
}

function budgets(rows) {
  return panel(t("budgets"), rows.length
    ? rows.map((row) => budgetBar(row))
    : el("p", { class: "empty" }, t("no_budgets"), " ", el("a", { href: "#/budgets" }, t("set_one"))));
}

// What a scope is called: a device's credential is not called a key.
export const scopeName = (kind, key) => t(kind === "key" && key?.kind === "device" ? "scope_credential" : `scope_${kind}`);

// Which of those that are called the same: a key by its project and its first characters.
function whose({ scope_kind: kind, scope }) {
  const key = keyOf(scope);
  return [scopeName(kind, key), ...(key ? [nameOf(key.project), `${key.start}…`] : [])];
}

export function budgetBar({ budget, spent_nano: spent, reserved_nano: heldNow }) {
  const words = t("spent_of", { spent: money(spent), limit: money(budget.limit_nano) });
  return el("div", { class: "budget", "data-id": budget.id },
    el("p", null, el("b", null, nameOf(budget.scope)), el("span", null, [...whose(budget), t(`period_${budget.period}`)].join(" · "))),
    meter(words, spent, heldNow, budget.limit_nano),
    el("p", { class: "amounts" }, words, heldNow ? el("span", null, t("held_now", { held: money(heldNow) })) : null));
}

function topModels(rows) {
  const most = [...rows].sort((a, b) => b.cost_nano - a.cost_nano || b.requests - a.requests).slice(0, MOST_MODELS);
  const top = Math.max(1, ...most.map((row) => row.cost_nano));
  return panel(t("top_models"), most.length
    ? most.map((row) => el("div", { class: "budget" },
      el("p", null, el("b", null, row.model), el("span", null, `${money(row.cost_nano)} · ${t(row.requests === 1 ? "one_request" : "n_requests", { n: count(row.requests) })}`)),
      meter(`${row.model}: ${money(row.cost_nano)}`, row.cost_nano, 0, top * 1.3)))
    : el("p", { class: "empty" }, t("nothing_used")),
  rows.length > most.length ? el("p", { class: "hint" }, t("more_models", { n: most.length, all: count(rows.length) }), " ", el("a", { href: "#/usage" }, t("usage"))) : null);
}

function firstSteps() {
  return panel(t("begin"), el("p", null, t("begin_words"), " ", el("a", { href: "#/keys" }, t("begin_keys"))),
    copyable(`${location.origin}/v1`, "base-url"));
}
