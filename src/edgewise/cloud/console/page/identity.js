// The identity of a sign-in service that is linked to one's own account: linked and taken off again.

import { announce } from "./announce.js";
import { call, keepSession } from "./api.js";
import { form } from "./dialog.js";
import { el } from "./dom.js";
import { LINKED, leaveWith } from "./sign-in.js";
import { account, waysIn } from "./state.js";
import { button, panel } from "./table.js";
import { t } from "./words.js";

// `name`: what the service is called, null for none; nothing is shown where there is none to link.
export function identityPanel(name) {
  const ways = waysIn();
  if (!name && !ways.issuer) return null;
  const words = ways.issuer ? t("identity_is", { issuer: ways.issuer }) : t("identity_none", { name });
  const done = ways.issuer
    ? button(t("unlink"), unlink, { small: false, danger: true, id: "unlink" })
    : button(t("link_to", { name }), () => link(name), { small: false, id: "link" });
  return panel(t("identity"), el("p", null, words),
    ways.password ? [el("p", { class: "hint" }, t("identity_hint")), done] : el("p", { class: "hint" }, t("identity_no_password")));
}

const password = () => ({ name: "password", label: t("password_now"), kind: "password", required: true, autocomplete: "current-password" });

async function link(name) {
  const begun = await form({
    title: t("link_to", { name }), hint: t("link_words"), submit: t("go_on"), username: account().email, fields: [password()],
    send: (values) => call("POST", "/me/identity", values),
  });
  if (begun) leaveWith(begun, LINKED);
}

async function unlink() {
  const made = await form({
    title: t("unlink"), hint: t("unlink_words"), submit: t("unlink"), username: account().email, fields: [password()],
    send: (values) => call("POST", "/me/identity/unlink", values),
  });
  if (!made) return;
  keepSession(made.token);
  announce(t("identity_gone"));
  document.dispatchEvent(new Event("edgewise:renamed"));
}
