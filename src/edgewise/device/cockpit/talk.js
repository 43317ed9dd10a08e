// The conversation: sends what the person says, shows every turn of this device as it happens.

import { call, stream } from "./api.js";
import { byId, el } from "./dom.js";
import { seatOf } from "./car.js";
import { explain } from "./explain.js";
import { isHidden } from "./kept.js";
import { takePictures } from "./pictures.js";
import { trouble } from "./trouble.js";
import { TurnView } from "./turn.js";
import { lang, onLanguage, SUGGESTIONS, t } from "./words.js";

const SEATS = ["driver", "passenger", "row2_left", "row2_right"];
const KEPT_TURNS = 60;
const OWN_FIRST_MS = 200;
const FOLLOW_MS = 1500;
const EDGE_PX = 14;
const session = "cockpit";
const views = [];
let seat = "driver";

// From where the person speaks.
export const speaker = () => seat;

export function startTalk() {
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const pictures = takePictures();
    const text = byId("say").value.trim() || (pictures.length ? t("picture_ask") : "");
    if (!text) return;
    byId("say").value = "";
    say(text, pictures);
  });
  buildSpeakers();
  buildSuggestions();
  onLanguage(() => { buildSpeakers(); buildSuggestions(); empty(); });
  empty();
}

export function chooseSpeaker(zone) {
  seat = zone;
  seatOf(zone);
  for (const input of byId("speakers").querySelectorAll("input")) input.checked = input.value === zone;
}

// The turns of before, oldest first; their texts are as the trail keeps them.
export async function history() {
  const { turns } = await call("GET", "/v1/agent/turns?limit=8");
  const trails = await Promise.all(turns.reverse().map(({ turn }) => call("GET", `/v1/agent/turns/${turn}`).catch(() => null)));
  for (const trail of trails.filter(Boolean)) for (const event of trail.events) place(event);
  for (const { turn, feedback } of trails.filter(Boolean)) if (feedback) views.find((one) => one.id === turn)?.remember(feedback);
  for (const { turn, ended } of turns) {
    if (ended === "broken_off") views.find((one) => one.id === turn)?.breakOff();
    else if (!ended) follow(turn);
  }
  scroll(true);
}

// A turn that ran before the page was here: its events are read until it has ended.
async function follow(turn) {
  const view = views.find((one) => one.id === turn && !one.followed);
  if (view) view.followed = true;
  while (view && !view.end && !view.brokenOff && views.includes(view)) {
    await new Promise((done) => { setTimeout(done, FOLLOW_MS); });
    const trail = await call("GET", `/v1/agent/turns/${turn}`).catch(() => null);
    for (const event of trail?.events ?? []) place(event);
  }
}

// Shows an event of any turn, also one that a program or an MCP client started.
export function place(event) {
  const known = views.find((one) => one.id === event.turn) ?? spokenFor(event);
  if (!known && views.some((one) => one.own && !one.id && !one.failure)) {
    setTimeout(() => place(event), OWN_FIRST_MS); // likely our own turn, whose stream tells soon
    return;
  }
  take(known ?? add(new TurnView({ ...actions })), event);
}

// The words that were heard here and wait for their turn, if this is its beginning.
function spokenFor(event) {
  if (event.event !== "turn_started" || event.speaker.channel !== "voice") return undefined;
  if (event.session !== session && !isHidden(event.session)) return undefined;
  return views.find((one) => one.spoken && !one.id && !one.settled);
}

export async function say(text, pictures = []) {
  const view = add(new TurnView({ text, zone: seat, own: true, pictures, ...actions }));
  const files = await Promise.all(pictures.map((one) => one.body()));
  await run(view, "/v1/agent/turns", { text, session, zone: seat, ...(files.length ? { pictures: files } : {}) });
}

// A touch of the phone's screen by the person's own finger, told as `text`; the view of its turn once
// that has ended. The page stays where it is: it was touched there.
export async function touch(text, step) {
  const view = add(new TurnView({ text, zone: seat, ...actions }));
  view.own = true;
  await run(view, "/v1/screen/step", { ...step, session, zone: seat, language: lang() });
  return view;
}

// Words that were spoken while pictures wait go with these, as if they were typed; else they do not.
export function sayWithPictures(text) {
  const pictures = takePictures();
  if (pictures.length) say(text, pictures);
  return pictures.length > 0;
}

// A turn for what is being said; its words come as they are heard.
export const hearing = (zone) => add(new TurnView({ zone, spoken: true, ...actions }));

// Nothing was said after all.
export function unhear(view) {
  view.node.remove();
  views.splice(views.indexOf(view), 1);
  empty();
}

const actions = {
  answer: async (asking, asks, approved) => {
    const view = add(new TurnView({ own: true, ...actions }));
    view.approvedWords = t(asks.leaving ? (approved ? "send_it" : "keep_it") : (approved ? "approve" : "refuse"));
    view.repaint();
    const zone = asks.zone ?? seat;
    await run(view, `/v1/agent/turns/${asks.turn}/approval`, { approval: asks.approval, payload_hash: asks.payload_hash, approved, zone });
  },
  stop: (view) => { if (view.id) call("DELETE", `/v1/agent/turns/${view.id}`).catch(trouble); },
};

async function run(view, path, body) {
  try {
    await stream("POST", path, body, (name, data) => {
      if (name === "error") throw Object.assign(new Error(data.error.message), data.error);
      adopt(view, data);
      take(view, data);
    });
    if (!view.end) view.fail(t("link_off"));
  } catch (problem) {
    view.fail(explain(problem));
    if (problem.code === "link_lost" || problem.status === 401) trouble(problem);
  }
}

// The board may have shown this turn before its own stream did: the two become one.
function adopt(view, event) {
  if (view.id) return;
  const twin = views.find((one) => one !== view && one.id === event.turn);
  if (!twin) return;
  for (const known of twin.events) view.take(known);
  twin.node.remove();
  views.splice(views.indexOf(twin), 1);
}

function take(view, event) {
  const near = atEnd();
  if (!view.take(event)) return;
  if (event.event === "turn_started") lapseBefore(view, event.session);
  if (view.end === event || view.end?.seq === event.seq) announce(view.end);
  scroll(near, view);
}

// One question is open in a session at a time: whatever is said next settles it.
function lapseBefore(view, session) {
  for (const other of views) {
    if (other !== view && other.events[0]?.session === session && other.events[0].at < view.events[0].at) other.lapse();
  }
}

function add(view) {
  byId("turns").querySelector(".empty")?.remove();
  views.push(view);
  byId("turns").append(view.node);
  while (views.length > KEPT_TURNS) views.shift().node.remove();
  scroll(true, view);
  if (view.own) byId("composer").scrollIntoView({ block: "nearest" });
  return view;
}

function announce(end) {
  const node = byId("announce");
  node.lang = end.language === "zh" ? "zh-CN" : "en";
  node.textContent = end.event === "needs_approval" ? `${t("approval_title")}. ${end.text}` : end.text;
}

const atEnd = () => { const box = byId("turns"); return box.scrollHeight - box.scrollTop - box.clientHeight < 80; };

// To the end, but not past the start of the newest turn; what waits for a yes stays in sight.
function scroll(wanted, newest = views.at(-1)) {
  if (!wanted) return;
  requestAnimationFrame(() => {
    const box = byId("turns");
    const top = box.getBoundingClientRect().top - box.scrollTop + EDGE_PX;
    const start = newest ? newest.node.getBoundingClientRect().top - top : Infinity;
    const choices = newest?.node.querySelector(".choices");
    const asked = choices ? choices.getBoundingClientRect().bottom - top + 2 * EDGE_PX - box.clientHeight : 0;
    box.scrollTop = Math.max(Math.min(start, box.scrollHeight), asked);
  });
}

function empty() {
  if (views.length) return;
  byId("turns").replaceChildren(el("p", { class: "empty" }, t("empty_talk")));
}

function buildSpeakers() {
  byId("speakers").replaceChildren(el("legend", null, t("speaking")), ...SEATS.map((zone) => {
    const input = el("input", { type: "radio", name: "speaker", value: zone, on: { change: () => chooseSpeaker(zone) } });
    input.checked = zone === seat;
    return el("label", null, input, el("span", null, t(zone)));
  }));
}

function buildSuggestions() {
  byId("suggestions").replaceChildren(...SUGGESTIONS[lang()].map((text) =>
    el("button", { type: "button", class: "chip", on: { click: () => say(text), focus: (event) => event.currentTarget.scrollIntoView({ block: "nearest", inline: "nearest" }) } }, text)));
}
