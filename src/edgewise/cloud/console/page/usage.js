// What was used in a range of days, told apart as wished, and the ledger to take away.

import { call, download } from "./api.js";
import { el } from "./dom.js";
import { count, isoDay, money } from "./format.js";
import { plot } from "./plot.js";
import { learnNames, nameOf, within } from "./state.js";
import { button, head, panel, table } from "./table.js";
import { announce } from "./announce.js";
import { calm, trouble } from "./trouble.js";
import { t } from "./words.js";

const PARTS = ["day", "project", "key", "model"];
const asked = { since: "", until: "", by: new Set(["day"]), project: "" };

export async function show({ root }) {
  const names = await learnNames();
  asked.until ||= isoDay(Date.now());
  asked.since ||= isoDay(Date.now() - 29 * 86400000);
  const out = el("div", { class: "in" });
  const again = () => fill(out).then(calm).catch((problem) => trouble(problem, again));
  root.append(head("usage", "usage_hint",
    button(t("export_csv"), () => save("csv"), { small: false, id: "export-csv" }), button(t("export_json"), () => save("json"), { small: false })),
  panel("", el("form", { class: "filters", on: { submit: (event) => { event.preventDefault(); again(); } } },
    days("since", again), days("until", again),
    el("label", { class: "field" }, el("span", null, t("project")), el("select", { on: { change: (event) => { asked.project = event.target.value; again(); } } },
      el("option", { value: "" }, t("all_projects")), names.projects.map((project) => el("option", { value: project.id, selected: project.id === asked.project }, project.name)))),
    el("fieldset", { class: "field" }, el("legend", null, t("told_by")), el("div", { class: "checks" }, PARTS.map((part) => el("label", { class: "check" },
      el("input", { type: "checkbox", checked: asked.by.has(part), on: { change: (event) => { asked.by[event.target.checked ? "add" : "delete"](part); again(); } } }), el("span", null, t(part)))))))),
  out);
  await fill(out);
}

const days = (name, again) => el("label", { class: "field" }, el("span", null, t(name)),
  el("input", { type: "date", required: true, value: asked[name], on: { change: (event) => { if (event.target.value) { asked[name] = event.target.value; again(); } } } }));

const query = (extra) => `?${new URLSearchParams({ since: asked.since, until: asked.until, project: asked.project, ...extra })}`;

async function save(format) {
  try {
    announce(t("saved", { name: await download(within(`/usage/export${query({ format })}`)) }));
  } catch (problem) { trouble(problem, () => save(format)); }
}

async function fill(out) {
  const by = PARTS.filter((part) => asked.by.has(part));
  const [shown, daily] = await Promise.all([
    call("GET", within(`/usage${query({ by: by.join(",") })}`)), call("GET", within(`/usage${query({ by: "day" })}`)),
  ]);
  const total = shown.total;
  out.replaceChildren(
    el("div", { class: "tiles" }, [["cost", money(total.cost_nano)], ["requests", count(total.requests)], ["input_tokens", count(total.usage.input_tokens)], ["output_tokens", count(total.usage.output_tokens)]]
      .map(([name, value]) => el("p", { class: "tile" }, el("span", null, t(name)), el("b", null, value)))),
    panel(t("cost_by_day"), plot(t("cost_by_day"), everyDay(daily), money)),
    panel("", table(t("usage"), [
      ...by.map((part) => ({ label: t(part), cell: (row) => (part === "project" || part === "key" ? nameOf(row[part]) : row[part]) })),
      { label: t("requests"), end: true, cell: (row) => count(row.requests) },
      { label: t("input_tokens"), end: true, cell: (row) => count(row.usage.input_tokens) },
      { label: t("cached_tokens"), end: true, cell: (row) => count(row.usage.cached_tokens) },
      { label: t("output_tokens"), end: true, cell: (row) => count(row.usage.output_tokens) },
      { label: t("other_units"), cell: others },
      { label: t("cost"), end: true, cell: (row) => money(row.cost_nano) },
    ], [...shown.rows].reverse(), t("nothing_used"))));
}

// What is no token: sound in whole seconds, everything else as it is counted.
const OTHERS = ["audio_input_ms", "audio_output_ms", "characters", "images", "searches"];
const others = ({ usage }) => OTHERS.filter((unit) => usage[unit]).map((unit) => el("small", null,
  t(`used_${unit}`, { n: count(unit.endsWith("_ms") ? Math.round(usage[unit] / 1000) : usage[unit]) })));

function everyDay({ since, until, rows }) {
  const found = new Map(rows.map((row) => [row.day, row.cost_nano]));
  const first = Date.parse(`${since}T00:00:00Z`);
  const length = Math.round((Date.parse(`${until}T00:00:00Z`) - first) / 86400000) + 1;
  return Array.from({ length }, (_, at) => isoDay(first + at * 86400000)).map((iso) => [iso, found.get(iso) ?? 0]);
}
