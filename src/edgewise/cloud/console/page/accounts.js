// All accounts of the platform, for its operator: who they are, to shut one out and let it in again.

import { call } from "./api.js";
import { sure } from "./dialog.js";
import { el } from "./dom.js";
import { field } from "./fields.js";
import { moment } from "./format.js";
import { account } from "./state.js";
import { button, chip, head, panel, table } from "./table.js";
import { trouble } from "./trouble.js";
import { t } from "./words.js";

const WAIT_MS = 250;
const MOST = 200;

export async function show({ root, signal }) {
  const out = panel("");
  const search = field({ name: "text", label: t("search_accounts"), kind: "search" });
  const input = search.querySelector("input");
  let asked = 0;
  const paint = async () => {
    const mine = ++asked;
    const text = input.value.trim();
    const { accounts } = await call("GET", `/platform/accounts${text ? `?text=${encodeURIComponent(text)}` : ""}`);
    if (signal.aborted || mine !== asked) return;
    out.replaceChildren(list(accounts, () => paint().catch(trouble)),
      accounts.length === MOST ? el("p", { class: "hint" }, t("more_accounts", { n: MOST })) : "");
  };
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => paint().catch(trouble), WAIT_MS);
  });
  root.append(head("accounts", "accounts_hint"), el("div", { class: "filters" }, search), out);
  await paint();
}

const list = (accounts, refresh) => table(t("accounts"), [
  { label: t("name"), cell: (row) => [el("b", null, row.name), el("small", null, row.email), el("code", { class: "start" }, row.id)] },
  { label: t("organisations"), cell: (row) => row.organisations.join(", ") || "–" },
  { label: t("made"), cell: (row) => moment(row.created_at) },
  { label: t("state"), cell: (row) => [row.disabled_at ? chip("bad", t("disabled")) : chip("good", t("enabled")),
    row.disabled_at ? el("small", null, moment(row.disabled_at)) : null, row.operator_since ? el("small", null, t("is_operator")) : null] },
  { label: "", end: true, cell: (row) => (row.id === account().id ? "" : el("div", { class: "actions" }, row.disabled_at
    ? button(t("enable"), () => enable(row, refresh), { "data-role": "enable" })
    : button(t("disable"), () => disable(row, refresh), { danger: true, "data-role": "disable" }))) },
], accounts, t("no_accounts"));

async function disable(row, refresh) {
  const done = await sure({ title: t("disable_account", { name: row.email }), text: t("disable_words"), submit: t("disable"), send: () => call("POST", `/platform/accounts/${row.id}/disable`) });
  if (done) refresh();
}

async function enable(row, refresh) {
  const done = await sure({ title: t("enable_account", { name: row.email }), text: t("enable_words"), submit: t("enable"), send: () => call("POST", `/platform/accounts/${row.id}/enable`) });
  if (done) refresh();
}
