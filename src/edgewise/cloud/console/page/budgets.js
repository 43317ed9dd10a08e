// Budgets: a cap on what the organisation, a project or a key spends in a period.

import { call } from "./api.js";
import { form, sure } from "./dialog.js";
import { el } from "./dom.js";
import { count } from "./format.js";
import { budgetBar, scopeName } from "./overview.js";
import { currency, current, learnNames, may, nameOf, within } from "./state.js";
import { button, head, panel } from "./table.js";
import { t } from "./words.js";

const HIGHEST = 9_000_000_000; // as the server has it

export async function show({ root, refresh }) {
  const [held, names] = await Promise.all([call("GET", within("/budgets")), learnNames()]);
  const able = may("manage budgets");
  root.append(head("budgets", "budgets_hint", able ? button(t("make_budget"), () => make(names, refresh), { quiet: false, small: false, id: "make-budget" }) : null),
    panel("", held.budgets.length ? held.budgets.map((row) => el("div", { class: "budget-row" }, budgetBar(row), able ? el("div", { class: "actions" },
      button(t("change"), () => change(row.budget, refresh)),
      button(t("delete"), () => remove(row.budget, refresh), { danger: true })) : null))
      : el("p", { class: "empty" }, t("no_budgets"))));
}

const limitField = (value) => ({ name: "limit", label: t("limit_in", { currency: currency() }), required: true, value, inputmode: "decimal", hint: t("limit_hint") });

// The limit as it is sent; says in the page's words what is none.
function limitIn(given) {
  const limit = given.replace(/^0+(?=[0-9])/, "");
  if (!/^[0-9]{1,10}([.][0-9]{1,9})?$/.test(limit) || Number(limit) > HIGHEST) throw Object.assign(new Error(t("wrong_limit", { given, most: count(HIGHEST) })), { code: "wrong_limit" });
  return limit;
}

async function make(names, refresh) {
  const scopes = [
    [`organisation ${current().id}`, `${t("scope_organisation")}: ${current().name}`],
    ...names.projects.filter((project) => !project.archived_at).map((project) => [`project ${project.id}`, `${t("scope_project")}: ${project.name}`]),
    ...names.keys.filter((row) => row.state === "live").map(({ key }) => [`key ${key.id}`, `${scopeName("key", key)}: ${key.name} · ${nameOf(key.project)} · ${key.start}…`]),
  ];
  const done = await form({
    title: t("make_budget"), submit: t("make"),
    fields: [
      { name: "scope", label: t("what_for"), kind: "select", options: scopes },
      { name: "period", label: t("period"), kind: "select", value: "month", options: ["day", "month", "total"].map((period) => [period, t(`period_${period}`)]), hint: t("period_hint") },
      limitField(""),
    ],
    send: async ({ scope, period, limit }) => {
      const [kind, id] = scope.split(" ");
      return call("POST", within("/budgets"), { scope_kind: kind, scope: id, period, limit: limitIn(limit) });
    },
  });
  if (done) refresh();
}

async function change(budget, refresh) {
  const done = await form({
    title: t("change_budget", { name: nameOf(budget.scope) }), submit: t("save"),
    fields: [limitField(decimal(budget.limit_nano))],
    send: async ({ limit }) => call("PATCH", within(`/budgets/${budget.id}`), { limit: limitIn(limit) }),
  });
  if (done) refresh();
}

async function remove(budget, refresh) {
  const done = await sure({
    title: t("delete_budget", { name: nameOf(budget.scope) }), text: t("delete_budget_words"), submit: t("delete"),
    send: () => call("DELETE", within(`/budgets/${budget.id}`)),
  });
  if (done) refresh();
}

const decimal = (nano) => (nano / 1e9).toFixed(9).replace(/\.?0+$/, "");
