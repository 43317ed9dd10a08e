// Driving the simulated car: speed, gear, weather, people, faults. It moves the world, not the agent.

import { call } from "./api.js";
import { byId, el } from "./dom.js";
import { any, get, listen } from "./store.js";
import { onLanguage, t } from "./words.js";
import { GEAR } from "./names.js";
import { trouble } from "./trouble.js";

const SPEED = "Vehicle.Speed";
const SELECTED = "Vehicle.Powertrain.Transmission.SelectedGear";
const AROUND = [
  ["rain", { "Vehicle.Body.Raindetection.Intensity": [0, 60] }],
  ["dark", { "Vehicle.Exterior.LightIntensity": [80, 2] }],
  ["passenger_in", { "Vehicle.Cabin.Seat.Row1.PassengerSide.OccupancyStatus": ["EMPTY", "OCCUPIED"] }],
  ["child_in", {
    "Vehicle.Cabin.Seat.Row2.DriverSide.OccupancyStatus": ["EMPTY", "OCCUPIED"],
    "Vehicle.Edgewise.Occupant.Row2.DriverSide.IsChild": [false, true],
  }],
  ["offline", { "Vehicle.Connectivity.IsConnectivityAvailable": [true, false] }],
  ["power_off", { "Vehicle.LowVoltageSystemState": ["ON", "OFF"] }],
];
const WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position";
const FAULTS = [
  ["Driver's window is stuck at 20 %", "主驾车窗卡在 20 %", { kind: "stuck", target: WINDOW, at: 20 }],
  ["Doors accept commands, nothing happens", "门锁指令有去无回", { kind: "swallowed", target: "Vehicle.Cabin.Door.Row1.DriverSide.IsLocked" }],
  ["Slow bus: half a second", "总线变慢：半秒", { kind: "slow_bus", delay_s: 0.5 }],
  ["Climate unit is gone", "空调控制器掉线", { kind: "provider_gone", target: "Vehicle.Cabin.HVAC" }],
  ["Speed is no longer refreshed", "车速不再更新", { kind: "stale", target: SPEED }],
  ["Gear is missing", "挡位缺失", { kind: "missing", target: SELECTED }],
];
const SEND_EVERY_MS = 90;

let sending = null;
let held = false;

export function startDrive() {
  const slider = byId("speed-slider");
  slider.addEventListener("input", () => { held = true; aim(Number(slider.value)); });
  slider.addEventListener("change", () => { held = false; });
  buildGears();
  buildAround();
  buildFaults();
  for (const target of [SPEED, SELECTED]) listen(target, paint);
  for (const [, settings] of AROUND) for (const target of Object.keys(settings)) listen(target, paintAround);
  onLanguage(() => { buildGears(); buildAround(); buildFaults(); paint(); paintAround(); });
  paint();
}

// One request at a time, the newest wish last: a slider sends more than a car needs.
let wish = null;
function aim(speed) {
  wish = speed;
  if (sending) return;
  sending = (async () => {
    while (wish !== null) {
      const next = wish;
      wish = null;
      const gear = GEAR[get(SELECTED)];
      const body = { speed_km_h: next };
      if (next > 0 && (gear === "P" || gear === "N" || gear === undefined)) body.gear = "D";
      await drive(body);
      await new Promise((done) => setTimeout(done, SEND_EVERY_MS));
    }
    sending = null;
  })();
}

async function drive(body) {
  try {
    await call("POST", "/v1/simulation/drive", body);
  } catch (problem) {
    trouble(problem);
  }
}

function buildGears() {
  const legend = el("legend", null, t("gear"));
  byId("gears").replaceChildren(legend, ...["P", "R", "N", "D"].map((gear) => {
    const input = el("input", { type: "radio", name: "gear", value: gear, "aria-label": `${gear}, ${t(`gear_${gear}`)}`, on: {
      change: () => drive(gear === "P" ? { speed_km_h: 0, gear } : { gear }),
    } });
    input.checked = GEAR[get(SELECTED)] === gear;
    return el("label", { title: t(`gear_${gear}`) }, input, el("span", { "aria-hidden": "true" }, gear));
  }));
}

function buildAround() {
  byId("around").replaceChildren(el("legend", null, t("around")), ...AROUND.map(([key, settings]) => {
    const box = el("input", { type: "checkbox", "data-around": key, on: {
      change: () => Object.entries(settings).forEach(([path, values]) =>
        call("POST", "/v1/simulation/sensor", { path, value: values[box.checked ? 1 : 0] }).catch(trouble)),
    } });
    return el("label", { class: "chip" }, box, el("span", null, t(key)));
  }));
  paintAround();
}

function buildFaults() {
  const zh = document.documentElement.lang.startsWith("zh");
  byId("faults").replaceChildren(...FAULTS.map(([en, chinese, fault]) =>
    el("button", { type: "button", class: "quiet", "aria-pressed": "false", on: { click: (event) => inject(event.currentTarget, fault) } }, zh ? chinese : en)),
  el("button", { type: "button", class: "quiet heal", on: { click: heal } }, t("heal")));
}

async function inject(button, fault) {
  try {
    await call("POST", "/v1/simulation/fault", fault);
    button.setAttribute("aria-pressed", "true");
  } catch (problem) {
    trouble(problem);
  }
}

async function heal() {
  try {
    await call("DELETE", "/v1/simulation/fault");
    for (const button of byId("faults").children) if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", "false");
  } catch (problem) {
    trouble(problem);
  }
}

function paint() {
  const speed = get(SPEED);
  const gear = GEAR[get(SELECTED)];
  byId("speed").textContent = speed === null ? "–" : Math.abs(Math.round(speed));
  if (!held && document.activeElement !== byId("speed-slider")) byId("speed-slider").value = speed ?? 0;
  for (const input of byId("gears").querySelectorAll("input")) input.checked = input.value === gear;
  // As rule 1 has it: of a car that is there, what is unknown counts as moving.
  const state = !any() ? "unknown" : speed === null || gear === undefined || Math.abs(speed) > 0 ? "moving" : gear === "P" ? "parked" : "idling";
  const driving = byId("driving");
  driving.textContent = t(state);
  driving.dataset.state = state;
}

function paintAround() {
  for (const [key, settings] of AROUND) {
    const box = byId("around").querySelector(`[data-around="${key}"]`);
    if (box) box.checked = Object.entries(settings).every(([path, values]) => {
      const value = get(path);
      return typeof values[1] === "number" ? value !== null && Math.abs(value - values[1]) <= Math.abs(value - values[0]) : value === values[1];
    });
  }
}
