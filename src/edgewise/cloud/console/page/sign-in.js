// Signing in: by address and password, or by the sign-in service and back.
// The flow's secret stays in this tab: whoever brings a code without it is not let in.

import { call, keepSession } from "./api.js";
import { el } from "./dom.js";
import { field, valueOf } from "./fields.js";
import { explain } from "./explain.js";
import { t } from "./words.js";

const FLOW = "edgewise.console_flow";
export const LINKED = "/me/identity/finish";

export function showSignIn(root, enter) {
  const email = { name: "email", label: t("email"), kind: "email", required: true, autocomplete: "username" };
  const password = { name: "password", label: t("password"), kind: "password", required: true, autocomplete: "current-password" };
  const nodes = [field({ ...email, kind: "text" }), field(password)];
  const wrong = el("p", { class: "wrong", role: "alert", hidden: true });
  const go = el("button", { type: "submit", class: "primary" }, t("sign_in"));
  const others = el("div", { class: "others" });
  const tell = (problem) => { wrong.textContent = explain(problem); wrong.hidden = false; };
  const onSubmit = async (event) => {
    event.preventDefault();
    go.disabled = true;
    wrong.hidden = true;
    try {
      const body = { email: valueOf(email, nodes[0]), password: nodes[1].querySelector("input").value };
      keepSession((await call("POST", "/sign-in", body)).token);
      await enter();
    } catch (problem) {
      tell(problem);
      nodes[1].querySelector("input").select();
    } finally {
      go.disabled = false;
    }
  };
  root.replaceChildren(el("section", { class: "panel sign-in" },
    el("h2", null, t("sign_in")), el("p", { class: "hint" }, t("sign_in_hint")),
    el("form", { class: "form", id: "sign-in", on: { submit: onSubmit } }, nodes, wrong, go), others));
  call("GET", "/sign-in").then((ways) => {
    if (!ways.oidc) return;
    others.append(el("p", { class: "or" }, t("or")),
      el("button", { type: "button", class: "quiet", id: "oidc", on: { click: () => leaveFor().catch(tell) } }, t("sign_in_by", { name: ways.oidc })));
  }).catch(tell);
}

const leaveFor = async () => leaveWith(await call("POST", "/sign-in/oidc", {}), "/sign-in/oidc/finish");

// Goes to the service with a flow just begun; `finish` is where the page brings what comes back.
export function leaveWith(begun, finish) {
  sessionStorage.setItem(FLOW, JSON.stringify({ state: begun.state, secret: begun.secret, finish }));
  location.assign(begun.address);
}

// Finishes what the service sent back in the address, if it did; whether it linked an identity.
export async function comeBack() {
  const given = new URLSearchParams(location.search);
  if (!given.has("state")) return false;
  history.replaceState(null, "", location.pathname);
  const flow = JSON.parse(sessionStorage.getItem(FLOW) ?? "null");
  sessionStorage.removeItem(FLOW);
  if (given.has("error")) throw Object.assign(new Error(given.get("error_description") ?? given.get("error")), { code: "service_said_no" });
  if (flow?.state !== given.get("state")) throw Object.assign(new Error(t("error_stale_sign_in")), { code: "stale_sign_in" });
  const links = flow.finish === LINKED;
  if (links) location.hash = "#/account";
  const made = await call("POST", flow.finish, { code: given.get("code") ?? "", state: flow.state, secret: flow.secret });
  if (!links) keepSession(made.token);
  return links;
}
