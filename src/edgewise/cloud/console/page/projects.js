// Projects: where keys, devices and budgets belong; with the say about logged content.

import { call } from "./api.js";
import { form, sure } from "./dialog.js";
import { el } from "./dom.js";
import { LIMITS, isOwn, limitFields, projectLimitsIn } from "./fields.js";
import { count, moment } from "./format.js";
import { may, within } from "./state.js";
import { button, chip, head, panel, table } from "./table.js";
import { t } from "./words.js";

export async function show({ root, refresh }) {
  const { projects, defaults } = await call("GET", within("/projects?archived=true"));
  const able = may("manage projects and devices");
  root.append(head("projects", "projects_hint", able ? button(t("make_project"), () => make(defaults, refresh), { quiet: false, small: false, id: "make-project" }) : null),
    panel("", table(t("projects"), [
      { label: t("name"), cell: (row) => [el("b", null, row.name), el("code", { class: "start" }, row.id)] },
      { label: t("content"), cell: (row) => chip(row.content_opt_in ? "warn" : "soft", t(row.content_opt_in ? "content_on" : "content_off")) },
      { label: t("limits"), cell: (row) => limitWords(row.limits, defaults) },
      { label: t("made"), cell: (row) => moment(row.created_at) },
      { label: "", end: true, cell: (row) => (row.archived_at ? chip("soft", t("archived")) : able ? el("div", { class: "actions" },
        button(t("change"), () => change(row, defaults, refresh)), button(t("archive"), () => archive(row, refresh), { danger: true })) : "") },
    ], projects, t("no_projects"))));
}

// The limits in force: the project's own, or the platform's defaults.
function limitWords(limits, defaults) {
  const own = isOwn(limits);
  const set = own ? limits : defaults;
  return [t(own ? "limits_own" : "limits_default"), ...LIMITS.map((name) => el("small", null, `${t(name)}: ${set[name] ? count(set[name]) : t("no_limit")}`))];
}

const fields = (defaults, project) => [
  { name: "name", label: t("name"), required: true, value: project?.name },
  { name: "content_opt_in", label: t("content_opt_in"), kind: "check", hint: t("content_hint"), value: project?.content_opt_in },
  ...limitFields(defaults, project?.limits),
];

const body = (values, defaults) => ({ name: values.name, content_opt_in: values.content_opt_in, limits: projectLimitsIn(values, defaults) });

async function make(defaults, refresh) {
  const done = await form({ title: t("make_project"), submit: t("make"), hint: t("limits_hint"), fields: fields(defaults), send: (values) => call("POST", within("/projects"), body(values, defaults)) });
  if (done) refresh();
}

async function change(project, defaults, refresh) {
  const done = await form({ title: t("change_project", { name: project.name }), submit: t("save"), hint: t("limits_hint"), fields: fields(defaults, project), send: (values) => call("PATCH", within(`/projects/${project.id}`), body(values, defaults)) });
  if (done) refresh();
}

async function archive(project, refresh) {
  const done = await sure({ title: t("archive_project", { name: project.name }), text: t("archive_project_words"), submit: t("archive"), send: () => call("POST", within(`/projects/${project.id}/archive`)) });
  if (done) refresh();
}
