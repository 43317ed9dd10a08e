// One's own account: its id, the password, the sign-in service, the organisations, the sessions.

import { call, keepSession } from "./api.js";
import { copyable, form, sure } from "./dialog.js";
import { el } from "./dom.js";
import { identityPanel } from "./identity.js";
import { organisationsPanel } from "./organisations.js";
import { account } from "./state.js";
import { button, head, panel } from "./table.js";
import { announce } from "./announce.js";
import { t } from "./words.js";

export async function show({ root }) {
  const own = account();
  const { oidc } = await call("GET", "/sign-in");
  root.append(head("account"),
    panel(t("you"), el("p", null, el("b", null, own.name), " · ", own.email),
      el("p", { class: "hint" }, t("id_hint")), copyable(own.id, "account-id")),
    panel(t("password"), el("p", { class: "hint" }, t("password_hint")), button(t("change_password"), changePassword, { small: false, id: "change-password" })),
    identityPanel(oidc) ?? "",
    organisationsPanel(),
    panel(t("sessions"), el("p", { class: "hint" }, t("sessions_hint")), button(t("end_sessions"), endAll, { small: false, danger: true, id: "end-sessions" })));
}

async function changePassword() {
  const made = await form({
    title: t("change_password"), submit: t("save"), username: account().email,
    fields: [
      { name: "old", label: t("password_now"), kind: "password", required: true, autocomplete: "current-password" },
      { name: "new", label: t("password_new"), kind: "password", required: true, autocomplete: "new-password", minlength: 12, hint: t("password_rule") },
    ],
    send: (values) => call("POST", "/me/password", values),
  });
  if (!made) return;
  keepSession(made.token);
  announce(t("password_changed"));
}

const endAll = () => sure({
  title: t("end_sessions"), text: t("end_sessions_words"), submit: t("end_sessions"),
  send: async () => { await call("DELETE", "/me/sessions"); await call("GET", "/me").catch(() => null); },
});
