// The people of the organisation, what each may do, and its name.

import { call } from "./api.js";
import { form, once, sure } from "./dialog.js";
import { el } from "./dom.js";
import { moment } from "./format.js";
import { account, current, may, within } from "./state.js";
import { button, chip, head, panel, table } from "./table.js";
import { t } from "./words.js";

export async function show({ root, refresh }) {
  const { members } = await call("GET", within("/members"));
  const able = may("manage members");
  const over = (row) => able && (row.role !== "owner" || may("manage owners"));
  root.append(head("members", "members_hint",
    able ? button(t("invite"), () => invite(refresh), { quiet: false, small: false, id: "invite" }) : null,
    may("manage the organisation") ? button(t("rename_organisation"), renameIt, { small: false }) : null),
  panel("", table(t("members"), [
    { label: t("name"), cell: (row) => [el("b", null, row.account.name), el("small", null, row.account.email)] },
    { label: t("role"), cell: (row) => [t(`role_${row.role}`), row.account.disabled_at ? chip("bad", t("disabled")) : null] },
    { label: t("made"), cell: (row) => moment(row.account.created_at) },
    { label: "", end: true, cell: (row) => el("div", { class: "actions" },
      over(row) ? button(t("change_role"), () => changeRole(row, refresh)) : null,
      over(row) || row.account.id === account().id ? button(t(row.account.id === account().id ? "leave" : "remove"), () => remove(row, refresh), { danger: true }) : null) },
  ], members, "")));
}

const roleField = (value) => ({ name: "role", label: t("role"), kind: "select", value, hint: t("roles_hint"), options: ["member", "admin", ...(may("manage owners") ? ["owner"] : [])].map((role) => [role, t(`role_${role}`)]) });

async function invite(refresh) {
  const made = await form({
    title: t("invite"), hint: t("invite_hint"), submit: t("invite"),
    fields: [
      { name: "who", label: t("email_or_id"), required: true, hint: t("email_or_id_hint") },
      { name: "name", label: t("name"), hint: t("for_new_account") },
      { name: "password", label: t("first_password"), kind: "check", hint: t("first_password_hint"), value: true },
      roleField("member"),
    ],
    send: ({ who, name, password, role }) => call("POST", within("/members"),
      who.includes("@") ? { email: who, name, password, role } : { account: who, role }),
  });
  if (made?.password) await once({ title: t("invited", { name: made.member.account.email }), text: t("password_once"), secret: made.password });
  if (made) refresh();
}

async function changeRole(row, refresh) {
  const done = await form({ title: t("change_role"), submit: t("save"), fields: [roleField(row.role)], send: ({ role }) => call("PATCH", within(`/members/${row.account.id}`), { role }) });
  if (done) refresh();
}

async function remove(row, refresh) {
  const own = row.account.id === account().id;
  const done = await sure({
    title: t(own ? "leave_organisation" : "remove_member", { name: own ? current().name : row.account.name }), text: t("remove_words"), submit: t(own ? "leave" : "remove"),
    send: () => call("DELETE", within(`/members/${row.account.id}`)),
  });
  if (done && own) document.dispatchEvent(new Event("edgewise:renamed"));
  else if (done) refresh();
}

async function renameIt() {
  const done = await form({ title: t("rename_organisation"), submit: t("save"), fields: [{ name: "name", label: t("name"), required: true, value: current().name }], send: (values) => call("PATCH", within(""), values) });
  if (done) document.dispatchEvent(new Event("edgewise:renamed"));
}
