// Keys: made, shown once, changed, revoked. A key is a developer's, or a device's credential.

import { call } from "./api.js";
import { form, once, sure } from "./dialog.js";
import { el } from "./dom.js";
import { limitFields, limitsIn } from "./fields.js";
import { moment, zone } from "./format.js";
import { learnNames, may, nameOf, within } from "./state.js";
import { button, chip, head, panel, table } from "./table.js";
import { t } from "./words.js";

const ENDPOINTS = ["models", "chat", "responses", "messages", "embeddings", "speech", "transcriptions", "realtime", "files", "batches", "agent", "usage", "voice"];
const NEVER_FOR_DEVICES = ["usage"];
const MOODS = { live: "good", expired: "soft" }; // anything else is bad
let showsEnded = false;

export async function show({ root, refresh }) {
  const [held, offer] = await Promise.all([learnNames(), call("GET", within("/models"))]);
  const models = offer.models.map((model) => model.name);
  const open = held.projects.filter((project) => !project.archived_at);
  const shown = held.keys.filter((row) => showsEnded || row.state === "live");
  const ended = held.keys.length - held.keys.filter((row) => row.state === "live").length;
  root.append(head("keys", "keys_hint",
    button(t("make_key"), () => make({ open, models, devices: [], defaults: held.defaults }, refresh), { quiet: false, small: false, id: "make-key", disabled: !open.length }),
    may("manage keys") && held.devices.some((device) => !device.archived_at)
      ? button(t("make_credential"), () => make({ open, models, devices: held.devices.filter((device) => !device.archived_at), defaults: held.defaults }, refresh), { small: false }) : null),
  panel("", table(t("keys"), columns(models, held.defaults, refresh), shown, t(held.keys.length ? "no_live_keys" : "no_keys")),
    ended ? el("label", { class: "field check" },
      el("input", { type: "checkbox", checked: showsEnded, on: { change: (event) => { showsEnded = event.target.checked; refresh(); } } }),
      el("span", null, t("show_ended", { n: ended }))) : null));
}

const columns = (models, defaults, refresh) => [
  { label: t("name"), cell: ({ key }) => [el("b", null, key.name), el("code", { class: "start" }, `${key.start}…`)] },
  { label: t("project"), cell: ({ key }) => [nameOf(key.project), key.device ? el("small", null, `${t("device")}: ${nameOf(key.device)}`) : null] },
  { label: t("scope"), cell: ({ key }) => scopeWords(key) },
  { label: t("expires"), cell: ({ key }) => (key.expires_at ? moment(key.expires_at) : t("never")) },
  { label: t("state"), cell: (row) => chip(MOODS[row.state] ?? "bad", t(`state_${row.state.replace(" ", "_")}`)) },
  { label: "", end: true, cell: (row) => (row.state !== "revoked" && mayChange(row) ? el("div", { class: "actions" },
    button(t("change"), () => change(row.key, models, defaults, refresh)),
    button(t("revoke"), () => revoke(row.key, refresh), { danger: true, "data-role": "revoke" })) : "") },
];

const mayChange = ({ key, own }) => may("manage keys") || (own && !key.device);

function scopeWords(key) {
  const models = key.models.length ? key.models.join(", ") : t("all_models");
  const fallback = key.kind === "device" ? t("device_endpoints") : t("all_endpoints");
  const endpoints = key.endpoints.length ? key.endpoints.join(", ") : fallback;
  return [models, el("small", null, endpoints)];
}

const scopeFields = (models, device, defaults, key) => [
  { name: "models", label: t("models_allowed"), kind: "checks", hint: t("none_is_all"), value: key?.models, options: [...new Set([...models, ...(key?.models ?? [])])].map((name) => [name, name]) },
  { name: "endpoints", label: t("endpoints_allowed"), kind: "checks", hint: t(device ? "none_is_device" : "none_is_all"), value: key?.endpoints, options: ENDPOINTS.filter((name) => !device || !NEVER_FOR_DEVICES.includes(name)).map((name) => [name, name]) },
  { name: "expires_at", label: t("expires"), kind: "datetime-local", hint: `${t("empty_is_never")} ${t("time_zone", { zone: zone() })}`, value: key?.expires_at ? local(key.expires_at) : "" },
  { name: "own_limits", label: t("own_limits"), kind: "check", hint: t("own_limits_hint"), value: Boolean(key?.limits) },
  ...limitFields(defaults, key?.limits),
];

const scopeIn = (values, defaults) => ({
  models: values.models, endpoints: values.endpoints, expires_at: values.expires_at,
  limits: values.own_limits ? limitsIn(values, defaults) : null,
});

async function make({ open, models, devices, defaults }, refresh) {
  const forDevice = devices.length > 0;
  const whose = forDevice
    ? { name: "device", label: t("device"), kind: "select", options: devices.map((device) => [device.id, `${device.name} · ${nameOf(device.project)}`]) }
    : { name: "project", label: t("project"), kind: "select", options: open.map((project) => [project.id, project.name]) };
  const made = await form({
    title: t(forDevice ? "make_credential" : "make_key"), submit: t("make"),
    fields: [{ name: "name", label: t("name"), required: true, hint: t("key_name_hint") }, whose, ...scopeFields(models, forDevice, defaults)],
    send: (values) => call("POST", within("/keys"), {
      name: values.name, scope: scopeIn(values, defaults),
      project: forDevice ? devices.find((device) => device.id === values.device).project : values.project,
      ...(forDevice ? { device: values.device } : {}),
    }),
  });
  if (!made) return;
  await once({
    title: t("key_made", { name: made.key.key.name }), text: t("shown_once"), secret: made.secret,
    more: forDevice ? [] : [[t("for_clients"), `export OPENAI_BASE_URL=${location.origin}/v1\nexport OPENAI_API_KEY=${made.secret}`]],
  });
  refresh();
}

async function change(key, models, defaults, refresh) {
  const done = await form({
    title: t("change_key", { name: key.name }), submit: t("save"),
    fields: [{ name: "name", label: t("name"), required: true, value: key.name }, ...scopeFields(models, key.kind === "device", defaults, key)],
    send: (values) => call("PATCH", within(`/keys/${key.id}`), { name: values.name, scope: scopeIn(values, defaults) }),
  });
  if (done) refresh();
}

async function revoke(key, refresh) {
  const done = await sure({
    title: t("revoke_key", { name: key.name }), text: t("revoke_words"), submit: t("revoke"),
    send: () => call("POST", within(`/keys/${key.id}/revoke`)),
  });
  if (done) refresh();
}

// Wall seconds as a datetime-local field takes them.
function local(seconds) {
  const time = new Date(seconds * 1000);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
