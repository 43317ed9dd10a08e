// Voice devices: added by the code that they show, seen as they come and go, taken away.

import { call } from "./api.js";
import { copyable, form, sure } from "./dialog.js";
import { el } from "./dom.js";
import { moment } from "./format.js";
import { said } from "./language.js";
import { watch } from "./requests.js";
import { learnNames, may, nameOf, within } from "./state.js";
import { button, chip, head, panel, table } from "./table.js";
import { calm, trouble } from "./trouble.js";
import { t } from "./words.js";

export async function show({ root, signal, refresh }) {
  const [held, offer] = await Promise.all([learnNames(), call("GET", within("/voice-devices"))]);
  const open = held.projects.filter((project) => !project.archived_at);
  const able = may("manage keys");
  root.append(head("voice", "voice_hint", able && offer.enabled
    ? button(t("voice_add"), () => add(open, refresh), { quiet: false, small: false, id: "add-voice", disabled: !open.length }) : null));
  if (!offer.enabled) {
    root.append(panel("", el("p", { class: "empty" }, t("voice_off"))));
    return;
  }
  const list = el("div", { id: "voice-devices" });
  const check = el("p", { id: "voice-check", class: "hint", role: "status" });
  root.append(panel(t("voice_address"), el("p", { class: "hint" }, t("voice_address_hint")), copyable(offer.address, "voice-address"), check), panel("", list));
  let painted = "";
  const paint = (devices) => {
    const now = JSON.stringify(devices);
    if (now === painted) return; // a person may be at one of its buttons
    painted = now;
    list.replaceChildren(table(t("voice"), columns(able, refresh), devices.map((row) => ({ ...row, id: row.device })), t("no_voice")));
  };
  paint(offer.devices);
  tell(check, offer.verdict);
  call("POST", within("/voice-devices/check")).then((verdict) => { if (!signal.aborted) tell(check, verdict); }).catch(() => null);
  let broken = false;
  watch(signal, ({ devices }) => {
    if (broken) { broken = false; calm(); }
    paint(devices);
  }, (problem) => { broken = true; trouble(problem); }, "/voice-devices/live");
}

// What was found of the address: whether devices reach it, and what to do when not.
function tell(node, verdict) {
  node.replaceChildren(...(verdict
    ? [chip(verdict.ok ? "good" : "bad", t(verdict.ok ? "voice_reached" : "voice_not_reached")), " ", said(verdict.words)]
    : [t("voice_checking")]));
}

const columns = (able, refresh) => [
  { label: t("name"), cell: (row) => [el("b", null, row.name), el("code", { class: "start" }, row.mac)] },
  { label: t("project"), cell: (row) => nameOf(row.project) },
  { label: t("voice_board"), cell: (row) => [row.board || "–", row.firmware ? el("small", null, row.firmware) : null] },
  { label: t("state"), cell: state },
  { label: "", end: true, cell: (row) => (able ? el("div", { class: "actions" },
    button(t("rename"), () => rename(row, refresh)), button(t("remove"), () => remove(row, refresh), { danger: true })) : "") },
];

function state(row) {
  if (!row.in_force) return chip("bad", t("state_revoked"));
  if (!row.connected) return [chip("soft", t("voice_away")), el("small", null, t("voice_seen", { at: moment(row.last_seen) }))];
  return [chip("good", t(`doing_${row.doing}`)), el("small", null, t("voice_since", { at: moment(row.connected) }))];
}

async function add(projects, refresh) {
  const done = await form({
    title: t("voice_add"), submit: t("add"), hint: t("voice_add_words"),
    fields: [
      { name: "code", label: t("voice_code"), required: true, inputmode: "numeric", pattern: "[0-9 ]*", hint: t("voice_code_hint") },
      { name: "name", label: t("name"), required: true },
      { name: "project", label: t("project"), kind: "select", options: projects.map((project) => [project.id, project.name]) },
    ],
    send: (values) => call("POST", within("/voice-devices"), values),
  });
  if (done) refresh();
}

async function rename(device, refresh) {
  const done = await form({ title: t("rename"), hint: device.mac, submit: t("save"), fields: [{ name: "name", label: t("name"), required: true, value: device.name }], send: (values) => call("PATCH", within(`/voice-devices/${device.device}`), values) });
  if (done) refresh();
}

async function remove(device, refresh) {
  const done = await sure({ title: t("voice_remove", { name: device.name, mac: device.mac }), text: t("voice_remove_words"), submit: t("remove"), send: () => call("POST", within(`/voice-devices/${device.device}/remove`)) });
  if (done) refresh();
}
