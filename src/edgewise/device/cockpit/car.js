// Sets the drawing of the car by the state: one small function for each kind of part.

import { drawCar, ZONES } from "./car-drawing.js";
import { byId, el, pulse } from "./dom.js";
import { nameOf, say } from "./names.js";
import { get, listen } from "./store.js";
import { onLanguage, t } from "./words.js";

const ROW = { driver: "Row1.DriverSide", passenger: "Row1.PassengerSide", row2_left: "Row2.DriverSide", row2_right: "Row2.PassengerSide" };
const STATION = { driver: "Row1.Driver", passenger: "Row1.Passenger", row2_left: "Row2.Driver", row2_right: "Row2.Passenger" };
const drawing = drawCar();
const parts = new Map();

const v = (path, missing = null) => get(`Vehicle.${path}`, missing);
const each = (name, change) => (parts.get(name) ?? []).forEach(change);
const show = (name, on) => each(name, (node) => node.classList.toggle("is-on", Boolean(on)));
const set = (name, key, value) => each(name, (node) => node.style.setProperty(key, value));
const write = (name, text) => each(name, (node) => { if (node.textContent !== text) node.textContent = text; });

// Which parts depend on which signals; a change paints only those.
const PAINTERS = [
  ["Vehicle.Body.Lights.", paintLights], ["Vehicle.Body.Mirrors.", paintMirrors],
  ["Vehicle.Body.Trunk.", paintLids], ["Vehicle.Body.Windshield.", paintGlass],
  ["Vehicle.Cabin.HVAC.", paintClimate], ["Vehicle.Cabin.Door.", paintDoors],
  ["Vehicle.Cabin.Seat.", paintSeats], ["Vehicle.Cabin.Light.", paintCabinLights],
  ["Vehicle.Cabin.Sunroof.", paintRoof], ["Vehicle.Cabin.RearShade.", paintRoof],
  ["Vehicle.Chassis.SteeringWheel.", paintSeats], ["Vehicle.Edgewise.Occupant.", paintSeats],
  ["Vehicle.Powertrain.TractionBattery.Charging.", paintLids],
];
// In reading order of the four corners of the stage: left and right by turns.
const READOUTS = [
  ["battery", "Powertrain.TractionBattery.StateOfCharge.Displayed", (x) => `${Math.round(x)} %`],
  ["outside", "Exterior.AirTemperature", (x) => `${Math.round(x)}°`],
  ["range", "Powertrain.Range", (x) => `${Math.round(x / 1000)} km`],
  ["cabin", "Cabin.HVAC.AmbientAirTemperature", (x) => `${x.toFixed(1)}°`],
  ["ac", "Cabin.HVAC.IsAirConditioningActive", (x) => t(x ? "on" : "off")],
  ["power", "LowVoltageSystemState", (x) => t(`power_${x}`)],
  ["volume", "Cabin.Infotainment.Media.Volume", (x) => `${x} %`],
  ["mode", "Powertrain.Transmission.PerformanceMode", (x) => t(`mode_${x}`)],
];

export function startCar(onSeat) {
  for (const node of drawing.querySelectorAll("[data-part]")) {
    const name = node.dataset.part;
    parts.set(name, [...(parts.get(name) ?? []), node]);
  }
  for (const seat of drawing.querySelectorAll("[data-seat]")) {
    seat.addEventListener("click", () => onSeat(seat.dataset.seat));
  }
  byId("stage").append(drawing);
  const waiting = new Set();
  const later = (painter) => {
    if (waiting.size === 0) requestAnimationFrame(() => { for (const paint of waiting) paint(); waiting.clear(); describe(); });
    waiting.add(painter);
  };
  for (const [prefix, painter] of PAINTERS) listen(prefix, () => later(painter));
  for (const [, path] of READOUTS) listen(`Vehicle.${path}`, (_target, _value, before) => paintReadouts(path, before));
  onLanguage(paintAll);
  paintAll();
}

export function seatOf(zone) {
  for (const seat of drawing.querySelectorAll("[data-seat]")) {
    seat.classList.toggle("speaks", seat.dataset.seat === zone);
  }
}

function paintAll() {
  for (const painter of new Set(PAINTERS.map(([, painter]) => painter))) painter();
  paintReadouts();
  describe();
}

function paintLights() {
  const on = (name) => v(`Body.Lights.${name}.IsOn`);
  show("beam.low", on("Beam.Low"));
  show("beam.high", on("Beam.High"));
  show("beam.fog", on("Fog.Front"));
  show("headlamp", on("Beam.Low") || on("Beam.High"));
  show("running", on("Running") || on("Parking") || on("Beam.Low"));
  show("foglamp", on("Fog.Front"));
  show("rearfog", on("Fog.Rear"));
  const tail = on("Beam.Low") || on("Parking") || on("Fog.Rear");
  const brake = v("Body.Lights.Brake.IsActive", "INACTIVE") !== "INACTIVE";
  show("beam.tail", tail || brake);
  show("taillamp", tail || brake);
  show("beam.backup", on("Backup"));
  const hazard = v("Body.Lights.Hazard.IsSignaling");
  for (const [side, name] of [["left", "Left"], ["right", "Right"]]) {
    show(`blink.${side}`, hazard || v(`Body.Lights.DirectionIndicator.${name}.IsSignaling`));
  }
}

function paintMirrors() {
  for (const [side, name] of [["left", "DriverSide"], ["right", "PassengerSide"]]) {
    show(`mirror.${side}`, v(`Body.Mirrors.${name}.IsFolded`));
    show(`mirrorheat.${side}`, v(`Body.Mirrors.${name}.IsHeatingOn`));
  }
}

function paintLids() {
  for (const [name, which] of [["trunk", "Rear"], ["frunk", "Front"]]) {
    const open = v(`Body.Trunk.${which}.IsOpen`) || v(`Body.Trunk.${which}.Position`, 0) > 0;
    show(name, open);
    write(`${name}text`, open ? t("open") : "");
  }
  show("port", v("Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsFlapOpen")
    || v("Powertrain.TractionBattery.Charging.IsCharging"));
}

function paintGlass() {
  for (const [name, which] of [["front", "Front"], ["rear", "Rear"]]) {
    const mode = v(`Body.Windshield.${which}.Wiping.Mode`, "OFF");
    show(`wiper.${name}`, mode !== "OFF");
    set(`wiper.${name}`, "--beat", { FAST: "0.7s", MEDIUM: "1.2s", SLOW: "2s" }[mode] ?? "3s");
  }
  paintClimate();
}

function paintClimate() {
  show("defrost.front", v("Cabin.HVAC.IsFrontDefrosterActive") || v("Body.Windshield.Front.IsHeatingOn"));
  show("defrost.rear", v("Cabin.HVAC.IsRearDefrosterActive") || v("Body.Windshield.Rear.IsHeatingOn"));
  for (const zone of ZONES) {
    const station = `Cabin.HVAC.Station.${STATION[zone]}`;
    const degrees = v(`${station}.Temperature`);
    write(`temperature.${zone}`, degrees === null ? "–" : `${Number(degrees).toFixed(1)}°`);
    const bars = Math.ceil(v(`${station}.FanSpeed`, 0) / 20);
    each(`fan.${zone}`, (node) => [...node.children].forEach((bar, n) => bar.classList.toggle("is-on", n < bars)));
  }
}

function paintDoors() {
  for (const zone of ZONES) {
    const door = `Cabin.Door.${ROW[zone]}`;
    const open = v(`${door}.Window.Position`);
    show(`door.${zone}`, v(`${door}.IsOpen`));
    set(`window.${zone}`, "--open", (open ?? 0) / 100);
    write(`windowtext.${zone}`, open === null ? "?" : `${open} %`);
    show(`windowtext.${zone}`, open !== 0);
    show(`lock.${zone}`, v(`${door}.IsLocked`));
  }
}

function paintSeats() {
  for (const zone of ZONES) {
    const seat = `Cabin.Seat.${ROW[zone]}`;
    const level = v(`${seat}.HeatingCooling`, 0);
    set(`seatheat.${zone}`, "--level", Math.abs(level) / 100);
    each(`seatheat.${zone}`, (node) => node.classList.toggle("is-cool", level < 0));
    show(`massage.${zone}`, v(`${seat}.Massage.Level`, 0) > 0);
    const status = v(`${seat}.OccupancyStatus`);
    show(`occupant.${zone}`, status === "OCCUPIED");
    each(`occupant.${zone}`, (node) => node.classList.toggle("is-child", Boolean(v(`Edgewise.Occupant.${ROW[zone]}.IsChild`))));
  }
  show("wheelheat", v("Chassis.SteeringWheel.HeatingCooling", 0) > 0);
}

function paintCabinLights() {
  for (const zone of ZONES) {
    for (const [name, kind] of [["ambient", "AmbientLight"], ["spot", "Spotlight"]]) {
      const light = `Cabin.Light.${kind}.${ROW[zone]}`;
      show(`${name}.${zone}`, v(`${light}.IsLightOn`));
      set(`${name}.${zone}`, "--strength", v(`${light}.Intensity`, 60) / 100);
      set(`${name}.${zone}`, "--colour", v(`${light}.Color`, "#ffe8c8"));
    }
  }
  show("dome", v("Cabin.Light.IsDomeOn"));
}

function paintRoof() {
  const roof = v("Cabin.Sunroof.Position", 0);
  set("roofglass", "--open", Math.max(0, roof) / 100);
  set("roofshade", "--open", v("Cabin.Sunroof.Shade.Position", 0) / 100);
  set("rearshade", "--open", v("Cabin.RearShade.Position", 0) / 100);
  write("rooftext", roof === 0 ? "" : `${roof} %`);
}

function paintReadouts(path, before) {
  const list = byId("readouts");
  if (!list.children.length || path === undefined) {
    list.replaceChildren(...READOUTS.map(([key, path]) =>
      el("div", { "data-readout": path }, el("dt", null, t(key)), el("dd"))));
  }
  for (const [, one, shown] of READOUTS) {
    if (path !== undefined && one !== path) continue;
    const value = v(one);
    const node = list.querySelector(`[data-readout="${one}"] dd`);
    const text = value === null ? "–" : shown(value);
    if (node.textContent === text) continue;
    node.textContent = text;
    if (path !== undefined && before !== undefined) pulse(node);
  }
}

// The drawing in words, for those who do not see it.
function describe() {
  const told = ["Cabin.Sunroof.Position", "Body.Lights.Beam.Low.IsOn", "Body.Lights.Hazard.IsSignaling", "Body.Trunk.Rear.IsOpen"];
  for (const zone of ZONES) told.push(`Cabin.Door.${ROW[zone]}.Window.Position`, `Cabin.Door.${ROW[zone]}.IsLocked`);
  const phrases = told.map((path) => `Vehicle.${path}`).filter((target) => get(target) !== null)
    .map((target) => `${nameOf(target)}: ${say(target, get(target))}`);
  drawing.setAttribute("aria-label", [t("car_alt"), ...phrases].join(" "));
}
