// Devices: registered here; their credentials are made with the keys.

import { call } from "./api.js";
import { form, sure } from "./dialog.js";
import { el } from "./dom.js";
import { moment } from "./format.js";
import { learnNames, may, nameOf, within } from "./state.js";
import { button, chip, head, panel, table } from "./table.js";
import { t } from "./words.js";

export async function show({ root, refresh }) {
  const held = await learnNames();
  const able = may("manage projects and devices");
  const open = held.projects.filter((project) => !project.archived_at);
  const credentials = (device) => held.keys.filter(({ key, state }) => key.device === device.id && state === "live").length;
  root.append(head("devices", "devices_hint", able ? button(t("register"), () => register(open, refresh), { quiet: false, small: false, id: "register", disabled: !open.length }) : null),
    panel("", table(t("devices"), [
      { label: t("name"), cell: (row) => [el("b", null, row.name), el("code", { class: "start" }, row.id)] },
      { label: t("project"), cell: (row) => nameOf(row.project) },
      { label: t("credentials"), end: true, cell: (row) => String(credentials(row)) },
      { label: t("made"), cell: (row) => moment(row.created_at) },
      { label: "", end: true, cell: (row) => (row.archived_at ? chip("bad", t("state_revoked")) : able ? el("div", { class: "actions" },
        button(t("rename"), () => rename(row, refresh)), button(t("revoke"), () => revoke(row, refresh), { danger: true })) : "") },
    ], held.devices, t("no_devices"))));
}

async function register(projects, refresh) {
  const done = await form({
    title: t("register"), submit: t("register"), hint: t("register_words"),
    fields: [{ name: "name", label: t("name"), required: true }, { name: "project", label: t("project"), kind: "select", options: projects.map((project) => [project.id, project.name]) }],
    send: (values) => call("POST", within("/devices"), values),
  });
  if (done) refresh();
}

async function rename(device, refresh) {
  const done = await form({ title: t("rename"), submit: t("save"), fields: [{ name: "name", label: t("name"), required: true, value: device.name }], send: (values) => call("PATCH", within(`/devices/${device.id}`), values) });
  if (done) refresh();
}

async function revoke(device, refresh) {
  const done = await sure({ title: t("revoke_device", { name: device.name }), text: t("revoke_device_words"), submit: t("revoke"), send: () => call("POST", within(`/devices/${device.id}/archive`)) });
  if (done) refresh();
}
