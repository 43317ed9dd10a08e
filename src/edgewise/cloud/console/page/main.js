// Starts the console: who is signed in, the places of the page, and moving between them.

import { call, isSignedIn, keepSession, whenSignedOut } from "./api.js";
import { show as account } from "./account.js";
import { show as accounts } from "./accounts.js";
import { announce } from "./announce.js";
import { show as budgets } from "./budgets.js";
import { show as devices } from "./devices.js";
import { byId, el } from "./dom.js";
import { show as keys } from "./keys.js";
import { show as live } from "./live.js";
import { show as members } from "./members.js";
import { show as models } from "./models.js";
import { show as overview } from "./overview.js";
import { show as projects } from "./projects.js";
import { comeBack, showSignIn } from "./sign-in.js";
import { account as who, choose, current, forget, learnMe, organisations, runsPlatform } from "./state.js";
import { head, panel } from "./table.js";
import { show as traces } from "./traces.js";
import { calm, startTrouble, trouble } from "./trouble.js";
import { show as usage } from "./usage.js";
import { show as voice } from "./voice.js";
import { onLanguage, paint, setLanguage, t } from "./words.js";

const PLACES = { overview, keys, budgets, usage, live, traces, models, projects, devices, voice, members, accounts, account };
const OPERATORS = ["accounts"];
const OF_NONE = ["accounts", "account"]; // what is there for who is in no organisation
let leave = new AbortController();

// Shows the place that the address names. What a place still does when it is left, its signal ends.
async function go(focus = false) {
  if (!isSignedIn()) return;
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  const { name, why } = placeNamed();
  for (const link of byId("places").querySelectorAll("a")) {
    if (link.hash !== `#/${name}`) link.removeAttribute("aria-current");
    else {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "center" });
    }
  }
  document.title = `${t(name)} · Edgewise`;
  const fresh = el("div", { class: "in", "data-place": name });
  const refresh = () => { if (!signal.aborted) go(); };
  try {
    await PLACES[name]({ root: fresh, signal, refresh });
  } catch (problem) {
    if (signal.aborted || problem.code === "signed_out") return;
    trouble(problem, refresh);
    if (byId("place").querySelector(`[data-place="${name}"]`)) return; // what was shown of it stays
    byId("place").replaceChildren(el("div", { class: "in", "data-missing": name }, head(name), panel("", el("p", { class: "empty" }, t("not_shown")))));
    return;
  }
  if (signal.aborted) return;
  calm();
  if (why) fresh.prepend(el("p", { class: "notice", role: "status" }, why));
  byId("place").replaceChildren(fresh);
  if (focus) byId("place").focus();
}

// The place of the address; where there is none for this person, the first one, and why.
function placeNamed() {
  const wanted = location.hash.replace(/^#\/?/, "");
  if (places().includes(wanted)) return { name: wanted, why: "" };
  const name = current() ? "overview" : "account";
  if (!wanted) return { name, why: "" };
  const known = Object.hasOwn(PLACES, wanted);
  return { name, why: t(known ? "place_forbidden" : "place_unknown", { wanted: known ? t(wanted) : wanted.slice(0, 80), shown: t(name) }) };
}

const places = () => Object.keys(PLACES).filter((name) =>
  (current() || OF_NONE.includes(name)) && (runsPlatform() || !OPERATORS.includes(name)));

function paintFrame() {
  const inside = isSignedIn() && who() !== null;
  document.body.dataset.signed = inside ? "in" : "out";
  byId("places").hidden = !inside;
  byId("sign-out").hidden = !isSignedIn();
  byId("whose").hidden = !inside || current() === null;
  byId("places").replaceChildren(...places().map((name) => el("a", { href: `#/${name}` }, t(name))));
  byId("organisation").replaceChildren(...organisations().map((held) =>
    el("option", { value: held.id, selected: held.id === current()?.id }, held.name)));
}

function nobody(problem = null) {
  leave.abort();
  forget();
  paintFrame();
  document.title = `${t("sign_in")} · Edgewise`;
  showSignIn(byId("place"), enter);
  if (problem) trouble(problem);
}

async function enter() {
  calm();
  try {
    await learnMe();
  } catch (problem) {
    if (problem.code !== "signed_out") trouble(problem, enter);
    return;
  }
  paintFrame();
  await go();
}

async function signOut() {
  await call("POST", "/sign-out").catch(() => null); // a session that is over already is as well
  keepSession(null);
  calm();
  nobody();
}

async function start() {
  paint();
  const back = await comeBack().catch((problem) => problem);
  if (isSignedIn()) {
    await enter();
    if (back instanceof Error) trouble(back);
    else if (back) announce(t("identity_linked"));
  }
  else nobody(back instanceof Error ? back : null);
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-language]");
  if (pressed) setLanguage(pressed.dataset.language);
});
document.addEventListener("edgewise:renamed", enter);
document.addEventListener("edgewise:chosen", () => { paintFrame(); go(); });
addEventListener("hashchange", () => { if (location.hash.startsWith("#/")) go(true); });
byId("sign-out").addEventListener("click", signOut);
byId("organisation").addEventListener("change", (event) => { choose(event.target.value); document.dispatchEvent(new Event("edgewise:chosen")); });
whenSignedOut(nobody);
onLanguage(() => { paintFrame(); if (isSignedIn()) go(); else nobody(); });
startTrouble();
start();
