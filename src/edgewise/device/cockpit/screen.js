// The phone's screen: looked at while a person can see it here, one look after the other, and
// touched by their own finger. A touch is a turn like any other (`talk.js`), under the same rules.

import { call, load } from "./api.js";
import { byId, el } from "./dom.js";
import { explain } from "./explain.js";
import { listed, ScreenPicture, secrets } from "./screen-picture.js";
import { touch } from "./talk.js";
import { lang, onLanguage, said, t } from "./words.js";

const EVERY_MS = 2000;
const LONGEST_MS = 15000;
const AGREE_MS = 150; // until the next look, where two told of other secrets or pages
const MOST_PX = 720; // of the picture's width
const FOLDED = "edgewise.screen_folded";

const own = { state: "unknown", seen: null, shown: null, at: null, problem: null, told: null };
let fold, parts, picture;
let timer = 0;
let wait = EVERY_MS;
let looking = false;
let again = false;
let onPage = false;
let entered = false; // the page has its key
let touching = false;
let painted = {};

export function startScreen() {
  picture = new ScreenPicture((action, what) => step(action, what));
  const sweep = (way, arrow) => el("button", { type: "button", class: "quiet small", "data-key": way, "data-t-label": `screen_${way}`, "aria-label": t(`screen_${way}`), on: { click: () => picture.sweep(way) } }, arrow);
  const key = (name) => el("button", { type: "button", class: "quiet small", "data-key": name, "data-t": `screen_${name}`, on: { click: () => step(name, {}) } }, t(`screen_${name}`));
  const sees = el("button", { type: "button", class: "flip", role: "switch", "aria-checked": "false", on: { click: () => showSeen(sees) } }, el("span", { "data-t": "screen_sees" }, t("screen_sees")), el("i", { "aria-hidden": "true" }));
  parts = {
    where: el("span", { class: "screen-where" }), told: el("p", { class: "screen-told", role: "status" }),
    away: el("p", { class: "screen-away", role: "alert" }), list: el("ul", { class: "screen-list", hidden: true }),
    body: el("div", { class: "screen-body" }), none: el("p", { class: "none screen-none", "data-t": "screen_none", hidden: true }),
    hint: el("p", { class: "unseen", id: "screen-hint", "data-t": "screen_hint" }, t("screen_hint")), wait: el("p", { class: "none screen-wait", "data-t": "screen_wait" }, t("screen_wait")),
  };
  picture.stage.setAttribute("aria-describedby", "screen-hint");
  parts.body.append(parts.wait, parts.away, picture.node, picture.caption, el("div", { class: "screen-keys" }, key("back"), key("home"), sweep("up", "↑"), sweep("down", "↓")), parts.told, sees, parts.list, parts.hint);
  fold = el("details", { class: "screen", on: { toggle: unfold } }, el("summary", null, el("span", { class: "screen-title", "data-t": "screen" }, t("screen")), parts.where), parts.none, parts.body);
  fold.open = !folded();
  byId("screen").replaceChildren(fold);
  new IntersectionObserver(([{ isIntersecting }]) => { onPage = isIntersecting; soon(0); }).observe(fold);
  document.addEventListener("visibilitychange", () => soon(0));
  onLanguage(paint);
  paint();
}

// Look again now: something was done, or the device is back.
export function refreshScreen() {
  wait = EVERY_MS;
  if (looking) again = true;
  else soon(0);
}

// The page has its key, or the device came back and may have got a screen meanwhile.
export function screenMayBeThere() {
  entered = true;
  if (own.state === "none") own.state = "unknown";
  refreshScreen();
}

const watched = () => entered && fold.open && onPage && document.visibilityState === "visible" && own.state !== "none";

function soon(in_ms) {
  clearTimeout(timer);
  if (watched() && !looking) timer = setTimeout(round, in_ms);
}

async function round() {
  looking = true;
  fold.dataset.looking = looking;
  let next = EVERY_MS;
  try {
    next = await look();
    wait = EVERY_MS;
  } catch (problem) {
    miss(problem);
    next = wait = Math.min(LONGEST_MS, wait * 2);
  }
  looking = false;
  paint();
  soon(again ? 0 : next);
  again = false;
}

// A picture lies between two looks; where these tell of other secrets, it is not shown at all, since
// a cover would lie in the wrong place. Gives the time in ms until the next look.
async function look() {
  if (own.state === "unknown" && !(await call("GET", "/v1/senses")).screen) throw Object.assign(new Error("no screen"), { code: "no_screen" });
  const before = own.seen;
  let bitmap = null;
  let refused = null;
  try {
    bitmap = await createImageBitmap(await load("/v1/screen.png"));
  } catch (problem) {
    if (problem.code !== "refused") throw problem;
    refused = problem;
  }
  const seen = await call("GET", "/v1/screen");
  own.seen = seen;
  const covers = (one) => JSON.stringify(secrets(one).map(({ box }) => box));
  if (bitmap && covers(before) !== covers(seen)) return AGREE_MS;
  picture.show(bitmap && (await smaller(bitmap)), seen);
  Object.assign(own, { state: "there", shown: seen, at: new Date(), problem: refused });
  return before && whereOf(before) === whereOf(seen) ? EVERY_MS : AGREE_MS; // it may be the page before
}

const smaller = (bitmap) => (bitmap.width <= MOST_PX ? bitmap : createImageBitmap(bitmap, { resizeWidth: MOST_PX, resizeQuality: "high" }));

function miss(problem) {
  own.state = problem.code === "no_screen" ? "none" : "away";
  own.problem = problem;
  if (problem.status === 401) entered = false;
}

// One step, when the one before has ended; none on a picture that is out of date. `seen` names the look
// that was touched: where something else lies there by now, the device does nothing.
async function step(action, { words, point, point2, seen }) {
  if (touching || own.state !== "there") return;
  touching = true;
  own.told = { state: "busy" };
  paint();
  try {
    own.told = await done(t(`screen_do_${action}`, { what: words || t("screen_there") }), { action, ...(point ? { point, seen } : {}), ...(point2 ? { point2 } : {}) });
  } catch (problem) {
    own.told = { state: "failed", text: explain(problem) };
  }
  touching = false;
  paint();
  refreshScreen();
}

async function done(words, body) {
  const view = await touch(words, body);
  if (view.outcome() === "asked") view.node.querySelector(".approval")?.scrollIntoView({ block: "center" });
  return { state: view.outcome(), text: view.failure || view.end?.text || said(view.end?.words), view };
}

function paint() {
  if (own.told?.state === "asked" && !own.told.view.approval.deadline) own.told = null; // settled
  const { state, seen, at, problem, told } = own;
  fold.dataset.state = state;
  fold.dataset.looking = looking;
  parts.none.hidden = state !== "none";
  parts.none.textContent = t("screen_none");
  parts.body.hidden = state === "none";
  parts.wait.hidden = state !== "unknown";
  picture.node.hidden = picture.caption.hidden = !at;
  picture.node.classList.toggle("is-old", state === "away");
  picture.node.classList.toggle("is-busy", touching);
  parts.where.textContent = seen && state !== "none" ? whereOf(seen) : "";
  paintAway(state, at, problem);
  if (painted.told !== told || painted.lang !== lang()) { // once: it is read out, and has a button
    parts.told.dataset.state = told?.state ?? "";
    parts.told.replaceChildren(...tell(told));
  }
  painted = { told, lang: lang() };
  if (seen && !parts.list.hidden) parts.list.replaceChildren(...listed(seen));
}

// The app and its page, once where both have one name.
function whereOf({ app, title }) {
  return [...new Map([app, title].filter(Boolean).map((one) => [one.toLowerCase(), one])).values()].join(" · ");
}

function paintAway(state, at, problem) {
  const clock = at && new Intl.DateTimeFormat(lang(), { timeStyle: "medium" }).format(at);
  const words = state === "away" ? t(at ? "screen_old" : "screen_away", { at: clock }) : problem && state === "there" ? t("screen_no_picture") : "";
  const detail = state === "away" ? (problem.code === "link_lost" ? explain(problem) : problem.message) : "";
  parts.away.hidden = !words;
  if (parts.away.textContent !== words + detail) parts.away.replaceChildren(words, ...(detail ? [el("small", null, detail)] : []));
}

function tell(told) {
  if (!told) return [];
  if (told.state === "busy") return [t("running")];
  if (told.state !== "asked") return [told.text ?? ""];
  return [t("screen_asks"), " ", el("button", { type: "button", class: "quiet small", on: { click: () => goTo(told.view) } }, t("screen_show_question"))];
}

function goTo(view) {
  (view.node.querySelector(".approval") ?? view.node).scrollIntoView({ block: "center" });
  (view.node.querySelector("[data-role=yes]") ?? byId("say")).focus();
}

function showSeen(button) {
  const on = button.getAttribute("aria-checked") !== "true";
  button.setAttribute("aria-checked", String(on));
  picture.stage.classList.toggle("shows-all", on);
  parts.list.hidden = !on;
  paint();
}

function unfold() {
  try { localStorage.setItem(FOLDED, String(!fold.open)); } catch { /* lasts for this page */ }
  soon(0);
}

function folded() {
  try { return localStorage.getItem(FOLDED) === "true"; } catch { return false; }
}
