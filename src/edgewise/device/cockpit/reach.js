// Device and cloud: where open questions are thought about, whether there is a network, what it has
// cost today, and each cloud. Without a cloud one quiet line, as there is nothing to choose.

import { bytes, money } from "./amounts.js";
import { call } from "./api.js";
import { drawCloud } from "./cloud.js";
import { byId, el } from "./dom.js";
import { explain } from "./explain.js";
import { trouble } from "./trouble.js";
import { lang, onLanguage, t } from "./words.js";

const MODES = ["device_only", "prefer_device", "prefer_cloud", "cloud_only", "ask"];
const EVERY_MS = 15000; // a cloud that rests comes back by itself
let told = null;
let consents = [];
let damage = "";
let choosing = false;

export const hasClouds = () => Boolean(told?.clouds.length);

export function startReach() {
  byId("reach-brief").addEventListener("click", () => {
    byId("reach-title").scrollIntoView({ block: "start" });
    byId("reach-title").focus({ preventScroll: true });
  });
  onLanguage(paint);
  setInterval(() => { if (told && !document.hidden) refreshReach().catch(() => {}); }, EVERY_MS);
}

// Asks the device how things are; it is asked again whenever a turn ends or something was changed.
export async function refreshReach() {
  const [clouds, given] = await Promise.all([
    call("GET", "/v1/clouds").catch(absent),
    call("GET", "/v1/consents").catch((problem) => ({ consents: [], problem })),
  ]);
  byId("reach").parentElement.hidden = clouds === null;
  if (clouds === null) return;
  consents = given.consents.filter((one) => one.in_force);
  damage = given.problem ? explain(given.problem) : "";
  told = clouds;
  paint();
}

// A device whose application was made without a desk for clouds has nothing to show.
function absent(problem) {
  if (problem.status !== 404) throw problem;
  return null;
}

async function change(method, path, body, words) {
  try {
    await call(method, path, body);
    await refreshReach();
    byId("reach-said").textContent = words();
  } catch (problem) {
    trouble(problem);
  }
}

const actions = {
  agree: (cloud, wish) => change("POST", "/v1/consents", { cloud, ...wish }, () => t("agreed_to", { name: cloud })),
  takeBack: (consent) => change("DELETE", `/v1/consents/${consent.id}`, null, () => t("taken_back", { name: consent.recipient })),
};

let drawn = "";

function paint() {
  if (!told) return;
  const now = JSON.stringify([told, consents, damage, choosing, lang()]);
  if (now === drawn) return;
  drawn = now;
  paintBrief();
  const place = byId("reach");
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.role : null;
  place.replaceChildren(...(told.clouds.length ? [modes(), network(), today(), ...(damage ? [el("p", { class: "damage" }, damage)] : []), ...clouds()] : [none()]));
  if (focused) place.querySelector(`[data-role="${focused}"]`)?.focus();
}

const none = () => el("p", { class: "no-cloud" }, t("no_cloud"));
const clouds = () => told.clouds.map((cloud) =>
  drawCloud(cloud, consents.filter((one) => cloud.consents.includes(one.id)), actions));

// What holds now, beside the talk: where the panel is out of sight, too.
function paintBrief() {
  const brief = byId("reach-brief");
  brief.hidden = !hasClouds();
  brief.dataset.online = String(told.online);
  brief.textContent = [t(`mode_${told.mode}`), told.online ? "" : t("network_off")].filter(Boolean).join(" · ");
}

// The five modes, folded to the chosen one. A mode counts once it is pressed, not as one passes it.
function modes() {
  const details = el("details", { class: "modes", on: { toggle: () => { choosing = details.open; } } },
    el("summary", { "data-role": "modes" }, el("span", { class: "modes-title" }, t("mode_title")),
      el("b", null, t(`mode_${told.mode}`)), el("small", null, t(`means_${told.mode}`))),
    el("div", { class: "modes-list", role: "group", "aria-label": t("mode_title") }, MODES.map((mode) =>
      el("button", { type: "button", "data-mode": mode, "data-role": `mode-${mode}`, "aria-pressed": String(mode === told.mode), on: { click: () => choose(mode) } },
        el("b", null, t(`mode_${mode}`)), el("small", null, t(`means_${mode}`))))));
  details.open = choosing;
  return details;
}

async function choose(mode) {
  await change("PUT", "/v1/mode", { mode }, () => t("mode_now", { mode: t(`mode_${mode}`) }));
  choosing = false;
  paint();
  byId("reach").querySelector('[data-role="modes"]').focus();
}

function network() {
  const { online } = told;
  const flip = () => change("PUT", "/v1/network", { online: !online }, () => t(online ? "network_off" : "network_on"));
  return el("div", { class: "network", "data-online": String(online) },
    el("button", { type: "button", class: "flip", role: "switch", "data-role": "network", "aria-checked": String(online), "aria-describedby": "network-hint", on: { click: flip } },
      el("span", null, t("network")), el("i", { "aria-hidden": "true" })),
    el("p", { id: "network-hint" }, t(online ? "network_on_hint" : "network_off_hint")));
}

function today() {
  const spent = told.today;
  const row = (role, key, value) => [el("dt", null, t(key)), el("dd", { "data-today": role }, value)];
  const of = (role, key, value, limit, shape) => row(role, key, t("of_limit", { value: shape(value), limit: shape(limit) }));
  return el("dl", { class: "today" },
    of("money", "cost_today", spent.money, spent.money_limit, money),
    of("bytes", "left_today", spent.bytes, spent.bytes_limit, bytes),
    row("turns", "turns_today", String(spent.turns)),
    told.waiting ? row("waiting", "waiting", t("waiting_n", { n: told.waiting })) : null);
}
