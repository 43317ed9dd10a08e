// Talking to the device: the button that is held (by mouse, finger or the space bar) or that switches
// hands free on, what it listens to now, what keeps it from listening, and how loud it answers.

import { call } from "./api.js";
import { Conversing } from "./conversing.js";
import { CuttingIn } from "./cutting-in.js";
import { byId, el, svg } from "./dom.js";
import { explain } from "./explain.js";
import { MicrophoneProblem, openMicrophone } from "./microphone.js";
import { hearing, sayWithPictures, speaker, unhear } from "./talk.js";
import { lang, onLanguage, said, t } from "./words.js";

const MODE = "edgewise.talk_mode";
const TAIL_MS = 160; // people let go before the sound of their last word has come through
const LEAST_MS = 250; // of sound: less is a touch
const USES_SPACE = "button, a, input, select, textarea, summary, [role=switch]";
const HINT_MS = 8000;
const KEPT_OPEN_MS = 20000;
const ICONS = {
  mic: ["M12 15a3.2 3.2 0 0 0 3.2-3.2V6.2a3.2 3.2 0 0 0-6.4 0v5.6A3.2 3.2 0 0 0 12 15z", "M6 11.5a6 6 0 0 0 12 0M12 17.5V21M9 21h6"],
  loud: ["M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z", "M15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11"],
  mute: ["M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z", "M16 9.5l5 5M21 9.5l-5 5"],
};

let context = null;
let closeMicrophone = null;
let closing = 0;
let mode = remembered();
let press = null; // while the button is held, and a moment after: { open, over, heardMs, ending }
let listens = false; // hands free
let state = "off";
let problem = null; // shown until the next try: () => words
let senses = null;

const conversing = new Conversing({ hears: hearing, forgets: unhear, takesOver: sayWithPictures, tells });
const { loudspeaker } = conversing;
const cuttingIn = new CuttingIn();

export function startVoice() {
  const button = byId("mic");
  button.append(icon("mic"));
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || mode !== "hold") return;
    button.setPointerCapture(event.pointerId);
    hold();
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) button.addEventListener(name, letGo);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("click", (event) => {
    if (mode === "free") toggle();
    else if (event.detail === 0 && !event.pointerType) { if (press) letGo(); else hold(); } // a screen reader's press has no length
  });
  startKeys(button);
  for (const one of document.querySelectorAll("[data-talk-mode]")) one.addEventListener("click", () => choose(one.dataset.talkMode));
  byId("mute").addEventListener("click", () => { loudspeaker.setMuted(!loudspeaker.muted); paintLoudness(); });
  byId("volume").addEventListener("input", () => { loudspeaker.setVolume(Number(byId("volume").value) / 100); paintLoudness(); });
  window.addEventListener("blur", letGo);
  onLanguage(() => { paint(); paintLoudness(); if (listens) begin(); });
  paint();
  paintLoudness();
}

// The space bar talks wherever it does nothing else; Escape makes the device be silent.
function startKeys(button) {
  const talks = (event) => (event.key === " " && !event.target.closest(USES_SPACE)) || ([" ", "Enter"].includes(event.key) && event.target === button);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") conversing.interrupt();
    if (!talks(event) || event.ctrlKey || event.altKey || event.metaKey || byId("deck").inert) return;
    event.preventDefault();
    if (event.repeat) return;
    if (mode === "free") toggle();
    else hold();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    if (talks(event)) event.preventDefault();
    letGo();
  });
}

const isListening = () => Boolean(press && !press.over) || listens;

function choose(wanted) {
  if (mode === wanted) return;
  if (listens) toggle();
  mode = wanted;
  problem = null;
  try { localStorage.setItem(MODE, mode); } catch { /* lasts for this page */ }
  paint();
}

async function hold() {
  if (press && !press.over) return;
  finish();
  const mine = { open: false, over: false, heardMs: 0 };
  press = mine;
  problem = null;
  loudspeaker.wake();
  sounds();
  conversing.interrupt();
  show("opening");
  try {
    await prepare();
    if (mine.over) return;
    mine.open = true;
    begin();
    show("listening");
  } catch (error) {
    if (press === mine) press = null;
    fail(error);
  }
}

function letGo() {
  const mine = press;
  if (!mine || mine.over) return;
  mine.over = true;
  if (mine.heardMs < LEAST_MS) {
    if (press === mine) press = null;
    if (mine.open) conversing.clear();
    hint("talk_too_short");
    release();
    return;
  }
  show("thinking");
  mine.ending = setTimeout(finish, TAIL_MS);
}

// What was said while the button was held is whole.
function finish() {
  if (!press) return;
  clearTimeout(press.ending);
  press = null;
  conversing.commit();
  release();
}

async function toggle() {
  listens = !listens;
  problem = null;
  if (!listens) {
    conversing.interrupt();
    conversing.clear();
    release();
    show("off");
    return;
  }
  loudspeaker.wake();
  sounds();
  show("opening");
  try {
    await prepare();
    if (!listens) return;
    begin();
    show("listening");
  } catch (error) {
    listens = false;
    fail(error);
  }
}

// The microphone's; made and woken by the person's gesture.
function sounds() {
  context ??= new AudioContext({ latencyHint: "interactive" });
  if (context.state !== "running") context.resume();
  return context;
}

async function prepare() {
  if (!senses?.hears) senses = await call("GET", "/v1/senses");
  if (!senses.hears) throw Object.assign(new Error("no ears"), { lacks: "hear" });
  clearTimeout(closing);
  closeMicrophone ??= await openMicrophone(sounds(), onSound, () => fail(new MicrophoneProblem("mic_lost")));
}

const begin = () => conversing.begin({ zone: speaker(), language: lang(), free: mode === "free", speaks: senses.speaks });

function onSound(samples, peak) {
  const heard = press?.open || listens;
  byId("mic").style.setProperty("--level", heard ? Math.min(1, peak * 2).toFixed(2) : "0");
  if (!heard) return;
  if (listens && (!conversing.realtime.isOpen || conversing.zone !== speaker())) begin(); // it lasts half an hour at most
  if (press) press.heardMs += (samples.byteLength / 48000) * 1000;
  conversing.hear(samples);
  if (!loudspeaker.playing) cuttingIn.begin();
  else if (listens && cuttingIn.feed(peak)) conversing.suspect();
}

// The microphone stays open for a moment, so that the next word is not lost; nothing of it is sent.
function release() {
  clearTimeout(closing);
  closing = setTimeout(() => { if (!isListening()) shut(); }, KEPT_OPEN_MS);
}

function shut() {
  clearTimeout(closing);
  closeMicrophone?.();
  closeMicrophone = null;
  byId("mic").style.setProperty("--level", "0");
}

function fail(error) {
  press = null;
  listens = false;
  shut();
  problem = () => wordsOf(error);
  show("off");
}

// What to do better, for a while.
function hint(key) {
  const words = Object.assign(() => t(key), { isHint: true });
  problem = words;
  show(listens ? "listening" : "off");
  setTimeout(() => { if (problem === words) { problem = null; paint(); } }, HINT_MS);
}

function wordsOf(error) {
  if (error.key) return t(error.key, { detail: error.message });
  if (error.lacks) return lackWords(error.lacks);
  if (error.code === "no_conversation") return t("talk_no_conversation");
  return explain(error);
}

// What the device lacks for that sense, and how it comes to it.
function lackWords(sense) {
  const lacks = senses.lacks.filter((one) => one.sense === sense);
  if (!lacks.length) return t(`lack_${sense}_off`);
  const list = lacks.map((one) => t("lack_one", { found: said(one.found), remedy: one.remedy }));
  return `${t(`lack_${sense}`)} ${list.join(" ")}`;
}

function tells(what, error) {
  if (what === "failed") { problem = () => explain(error ?? {}); paint(); return; }
  if (what === "closed") {
    if (error?.code === "no_conversation") call("GET", "/v1/health").then(() => fail(error), fail); // refused, or gone
    else if (error) fail(error);
    return;
  }
  if (what === "nothing") { hint("talk_nothing"); return; }
  if (press && !press.over) return;
  show(what === "quiet" ? (listens ? "listening" : "off") : what);
}

function show(now) {
  state = now;
  paint();
}

function paint() {
  const button = byId("mic");
  const free = mode === "free";
  button.dataset.state = state;
  button.setAttribute("aria-pressed", String(isListening()));
  button.setAttribute("aria-label", t(free ? "talk_free" : "talk_hold"));
  button.title = t(free ? "talk_free_hint" : "talk_hold_hint");
  for (const one of document.querySelectorAll("[data-talk-mode]")) one.setAttribute("aria-pressed", String(one.dataset.talkMode === mode));
  const line = byId("talk-state");
  const words = problem ? problem() : state !== "off" ? t(state === "speaking" && !free ? "talk_speaking_hold" : `talk_${state}`) : "";
  const silent = !problem && senses?.hears && !senses.speaks ? lackWords("speak") : "";
  line.dataset.kind = problem ? (problem.isHint ? "hint" : "problem") : silent ? "note" : state;
  line.replaceChildren(...[words, silent].filter(Boolean).map((text) => el("span", null, text)));
  line.hidden = !words && !silent;
}

function paintLoudness() {
  const { muted, volume } = loudspeaker;
  const button = byId("mute");
  button.replaceChildren(icon(muted ? "mute" : "loud"));
  button.setAttribute("aria-pressed", String(muted));
  button.setAttribute("aria-label", t("mute"));
  button.title = t("mute");
  const slider = byId("volume");
  slider.value = String(muted ? 0 : Math.round(volume * 100));
  slider.setAttribute("aria-label", t("loudness"));
}

const icon = (name) => svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" },
  svg("path", { class: "solid", d: ICONS[name][0] }), svg("path", { class: "stroke", d: ICONS[name][1] }));

function remembered() {
  try { return localStorage.getItem(MODE) === "free" ? "free" : "hold"; } catch { return "hold"; }
}
