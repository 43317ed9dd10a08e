// Requests as they run, and the newest that ended.

import { backendsPanel } from "./backends.js";
import { el } from "./dom.js";
import { clock, count, money, took, zone } from "./format.js";
import { watch } from "./requests.js";
import { knows, learnNames, nameOf, runsPlatform } from "./state.js";
import { chip, head, panel, table } from "./table.js";
import { calm, trouble } from "./trouble.js";
import { has, t } from "./words.js";

const SHOWN = 100;
const MOODS = { done: "good", failed: "bad", crashed: "bad", cancelled: "soft", disconnected: "soft" };

export async function show({ root, signal }) {
  await learnNames();
  const now = el("div", { id: "running" });
  const past = el("div", { id: "ended" });
  let running = [];
  let ended = [];
  let broken = false;
  const paintNow = () => now.replaceChildren(table(t("running_now"), runningColumns(), running, t("nothing_runs")));
  root.append(head("live", `${t("live_hint")} ${t("times_are", { zone: zone() })}`), panel(t("running_now"), now),
    runsPlatform() ? await backendsPanel(signal) : "", panel(t("newest"), past));
  paintNow();
  past.append(el("p", { class: "empty" }, t("waiting")));
  const timer = setInterval(paintNow, 1000);
  signal.addEventListener("abort", () => clearInterval(timer));
  watch(signal, async (news) => {
    if (broken) { broken = false; calm(); }
    const known = new Set(ended.map((row) => row.id));
    ended = [...news.ended.filter((row) => !known.has(row.id)).reverse(), ...ended].slice(0, SHOWN);
    running = news.running;
    if ([...running, ...ended].some((row) => !knows(row.key))) await learnNames().catch(() => null);
    if (signal.aborted) return;
    paintNow();
    past.replaceChildren(table(t("newest"), endedColumns(), ended, t("nothing_ended")));
  }, (problem) => { broken = true; trouble(problem); });
}

const shared = () => [
  { label: t("model"), cell: (row) => [el("b", null, row.model), el("small", null, row.endpoint)] },
  { label: t("key"), cell: (row) => [nameOf(row.key), el("small", null, row.device ? `${nameOf(row.project)} · ${nameOf(row.device)}` : nameOf(row.project))] },
  { label: t("tokens_in_out"), end: true, cell: (row) => `${count(row.input_tokens)} / ${count(row.output_tokens)}` },
];

const runningColumns = () => [
  { label: t("since_when"), cell: (row) => clock(row.started) }, ...shared(),
  { label: t("took"), end: true, cell: (row) => took(Math.max(0, Date.now() - row.started * 1000)) },
];

const endedColumns = () => [
  { label: t("at"), cell: (row) => clock(row.at) }, ...shared(),
  { label: t("cost"), end: true, cell: (row) => money(row.cost_nano) },
  { label: t("took"), end: true, cell: (row) => took(row.took_ms) },
  { label: t("outcome"), cell: (row) => [chip(MOODS[row.outcome], t(`outcome_${row.outcome}`)), row.detail ? why(row) : null] },
];

// The code of why it did not go well, what that means, and which backend was asked last.
const why = (row) => [
  has(`detail_${row.detail}`) ? el("small", null, row.detail === "upstream_unavailable" && !row.backend ? t("all_rest") : t(`detail_${row.detail}`)) : null,
  el("small", null, el("code", null, row.detail), row.backend ? ` · ${row.backend}` : null),
];
