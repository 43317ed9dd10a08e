// Starts the page: the key, the two live streams, and the panels. Streams come back by themselves.

import { call, enter, stream } from "./api.js";
import { learnCalls } from "./calls.js";
import { startCar } from "./car.js";
import { byId } from "./dom.js";
import { startDrive } from "./drive.js";
import { startPhone } from "./phone.js";
import { startPictures } from "./pictures.js";
import { refreshReach, startReach } from "./reach.js";
import { refreshScreen, screenMayBeThere, startScreen } from "./screen.js";
import { apply } from "./store.js";
import { chooseSpeaker, history, place, startTalk } from "./talk.js";
import { calm, startTrouble, trouble } from "./trouble.js";
import { startVoice } from "./voice.js";
import { onLanguage, paint, setLanguage, t } from "./words.js";

const SHORTEST_MS = 500;
const LONGEST_MS = 8000;
const ENDS = new Set(["answered", "needs_approval", "stopped"]);
let link = "wait";

function showLink(state) {
  link = state;
  byId("link").dataset.state = state;
  byId("link-words").textContent = t(`link_${state}`);
}

// Reads a stream for ever. After a break it waits a little longer each time, and starts again.
async function follow(path, onEvent, onBreak) {
  let wait = SHORTEST_MS;
  for (;;) {
    try {
      await stream("GET", path, null, (name, data) => { wait = SHORTEST_MS; onEvent(name, data); });
    } catch (problem) {
      onBreak(problem);
      if (problem.status === 401) return;
    }
    await new Promise((done) => {
      const timer = setTimeout(done, wait);
      wake = () => { clearTimeout(timer); done(); };
    });
    wait = Math.min(LONGEST_MS, wait * 2);
  }
}
let wake = () => {};

function onBreak(problem) {
  showLink("off");
  byId("deck").inert = problem.status === 401; // without a key nothing here can do anything
  trouble(problem, problem.status === 401 ? null : () => wake());
}

async function live() {
  const health = await call("GET", "/v1/health");
  document.body.dataset.simulated = String(health.simulated);
  follow("/v1/agent/state/stream", (name, data) => {
    if (name !== "state") return;
    if (link === "off") { history().catch(trouble); refreshReach().catch(trouble); screenMayBeThere(); }
    if (link !== "on") { showLink("on"); calm(); }
    apply(data);
  }, onBreak);
  follow("/v1/agent/turns/stream", (name, data) => {
    if (name === "missed") history().catch(trouble);
    else if (name !== "listening" && name !== "error") place(data);
    if (ENDS.has(name)) refreshReach().catch(trouble);
    if (ENDS.has(name) || name === "call_finished") refreshScreen();
  }, () => {});
}

async function start() {
  showLink("wait");
  try {
    await enter();
    await learnCalls();
    await refreshReach();
    await history();
    screenMayBeThere();
    await live();
  } catch (problem) {
    onBreak(problem);
    if (problem.status !== 401) { wake = start; }
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-language]");
  if (button) setLanguage(button.dataset.language);
});
onLanguage(() => showLink(link));
startTrouble();
startCar(chooseSpeaker);
startDrive();
startTalk();
startPictures();
startVoice();
startPhone();
startScreen();
startReach();
chooseSpeaker("driver");
paint();
start();
