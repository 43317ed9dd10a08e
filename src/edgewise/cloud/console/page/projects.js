// Projects: where keys, devices and budgets belong; with the say about logged content.

import { call } from "./api.js";
import { form, sure } from "./dialog.js";
import { el } from "./dom.js";
import { limitFields, limitsIn } from "./fields.js";
import { count, moment } from "./format.js";
import { may, within } from "./state.js";
import { button, chip, head, panel, table } from "./table.js";
import { t } from "./words.js";

export async function show({ root, refresh }) {
  const { projects } = await call("GET", within("/projects?archived=true"));
  const able = may("manage projects and devices");
  root.append(head("projects", "projects_hint", able ? button(t("make_project"), () => make(refresh), { quiet: false, small: false, id: "make-project" }) : null),
    panel("", table(t("projects"), [
      { label: t("name"), cell: (row) => [el("b", null, row.name), el("code", { class: "start" }, row.id)] },
      { label: t("content"), cell: (row) => chip(row.content_opt_in ? "warn" : "soft", t(row.content_opt_in ? "content_on" : "content_off")) },
      { label: t("limits"), cell: (row) => limitWords(row.limits) },
      { label: t("made"), cell: (row) => moment(row.created_at) },
      { label: "", end: true, cell: (row) => (row.archived_at ? chip("soft", t("archived")) : able ? el("div", { class: "actions" },
        button(t("change"), () => change(row, refresh)), button(t("archive"), () => archive(row, refresh), { danger: true })) : "") },
    ], projects, t("no_projects"))));
}

export function limitWords(limits) {
  const set = Object.entries(limits ?? {}).filter(([, value]) => value);
  return set.length ? set.map(([name, value]) => el("small", null, `${t(name)}: ${count(value)}`)) : t("none");
}

const fields = (project) => [
  { name: "name", label: t("name"), required: true, value: project?.name },
  { name: "content_opt_in", label: t("content_opt_in"), kind: "check", hint: t("content_hint"), value: project?.content_opt_in },
  ...limitFields(project?.limits),
];

const body = (values) => ({ name: values.name, content_opt_in: values.content_opt_in, limits: limitsIn(values) });

async function make(refresh) {
  const done = await form({ title: t("make_project"), submit: t("make"), hint: t("limits_hint"), fields: fields(), send: (values) => call("POST", within("/projects"), body(values)) });
  if (done) refresh();
}

async function change(project, refresh) {
  const done = await form({ title: t("change_project", { name: project.name }), submit: t("save"), hint: t("limits_hint"), fields: fields(project), send: (values) => call("PATCH", within(`/projects/${project.id}`), body(values)) });
  if (done) refresh();
}

async function archive(project, refresh) {
  const done = await sure({ title: t("archive_project", { name: project.name }), text: t("archive_project_words"), submit: t("archive"), send: () => call("POST", within(`/projects/${project.id}/archive`)) });
  if (done) refresh();
}
