// The car from above, as shapes with names; `car.js` sets what each of them shows.
// Drawn for the left side and mirrored; lengths are in units of the drawing (about 9 mm each).

import { svg } from "./dom.js";

export const ZONES = ["driver", "passenger", "row2_left", "row2_right"];
const FRONT = 345;
const REAR = 490;
const MIDDLE = 200;

const part = (name, tag, attributes, ...children) =>
  svg(tag, { "data-part": name, class: name.split(".")[0], ...attributes }, ...children);

export function drawCar() {
  return svg("svg", { viewBox: "56 22 348 748", class: "car-drawing", role: "img", focusable: "false" },
    definitions(),
    svg("g", { transform: "translate(30 80)" },
      bothSides(beams), body(), bothSides(wheels), bothSides(corners), glass(), inside(),
      bothSides(doors), roof(), callouts()));
}

function definitions() {
  const beam = (id, colour, from, to) => svg("linearGradient",
    { id, gradientUnits: "userSpaceOnUse", x1: 0, x2: 0, y1: from, y2: to },
    svg("stop", { offset: 0, "stop-color": colour, "stop-opacity": 0.75 }),
    svg("stop", { offset: 0.5, "stop-color": colour, "stop-opacity": 0.26 }),
    svg("stop", { offset: 1, "stop-color": colour, "stop-opacity": 0 }));
  return svg("defs", null,
    beam("beam-low", "#f6c453", 140, -6), beam("beam-high", "#fdeeb0", 140, -80),
    beam("beam-fog", "#f4d98a", 140, 56), beam("beam-tail", "#e5322d", 636, 690),
    beam("beam-backup", "#ffffff", 636, 700),
    svg("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("rect", { width: 2.4, height: 6, class: "hatch-line" })));
}

// The left drawing and its mirror image; `side` tells which zones they belong to.
function bothSides(draw) {
  return svg("g", null,
    svg("g", { "data-side": "left" }, draw(["driver", "row2_left"], "left")),
    svg("g", { "data-side": "right", transform: "matrix(-1 0 0 1 400 0)" },
      draw(["passenger", "row2_right"], "right")));
}

function beams(_zones, side) {
  return [
    part("beam.high", "path", { d: "M118 152 L84 -52 C108 -62 160 -64 182 -56 L153 132Z", fill: "url(#beam-high)" }),
    part("beam.low", "path", { d: "M118 152 L66 18 C96 -8 150 -12 178 -2 L153 132Z", fill: "url(#beam-low)" }),
    part("beam.fog", "path", { d: "M120 148 L46 84 C78 58 140 52 172 62 L154 130Z", fill: "url(#beam-fog)" }),
    part("beam.tail", "path", { d: "M98 620 L78 684 C100 696 130 694 144 684 L124 636Z", fill: "url(#beam-tail)" }),
    part("beam.backup", "path", { d: "M124 636 L112 692 C130 702 160 702 172 694 L150 640Z", fill: "url(#beam-backup)" }),
    part(`blink.${side}`, "circle", { cx: 97, cy: 160, r: 15, class: "blink halo" }),
    part(`blink.${side}`, "circle", { cx: 93, cy: 606, r: 15, class: "blink halo" }),
  ];
}

function body() {
  return svg("g", null,
    svg("path", { class: "shell", d: "M200 108C252 108 287 118 297 154C304 182 307 222 307 262L308 520C308 572 305 612 291 630C275 645 240 647 200 647C160 647 125 645 109 630C95 612 92 572 92 520L93 262C93 222 96 182 103 154C113 118 148 108 200 108Z" }),
    part("frunk", "path", { class: "lid frunk", d: "M128 168C152 152 248 152 272 168L281 238C246 222 154 222 119 238Z" }),
    part("trunk", "path", { class: "lid trunk", d: "M121 602C153 613 247 613 279 602L283 627C262 641 138 641 117 627Z" }),
    svg("path", { class: "crease", d: "M142 116C130 150 126 190 118 240M258 116C270 150 274 190 282 240" }),
    part("port", "circle", { cx: 97, cy: 552, r: 4.5 }));
}

function wheels() {
  return [svg("rect", { class: "wheel", x: 86, y: 186, width: 10, height: 56, rx: 4 }),
    svg("rect", { class: "wheel", x: 85, y: 538, width: 10, height: 56, rx: 4 })];
}

function corners(_zones, side) {
  return [
    part("headlamp", "path", { d: "M109 176C112 150 130 135 153 128L157 141C141 147 128 157 121 178Z" }),
    part("running", "path", { d: "M109 176C112 150 130 135 153 128" }),
    part("foglamp", "circle", { cx: 163, cy: 121, r: 4 }),
    part("taillamp", "path", { d: "M95 598C97 620 104 634 119 641L125 633C113 625 107 613 106 598Z" }),
    part("rearfog", "circle", { cx: 136, cy: 640, r: 3.5 }),
    part(`blink.${side}`, "path", { class: "blink lamp", d: "M103 184C103 168 106 156 111 148L116 152C112 160 110 170 110 184Z" }),
    part(`blink.${side}`, "path", { class: "blink lamp", d: "M94 592L94 574L101 574L102 592Z" }),
    part(`mirror.${side}`, "g", null,
      svg("path", { d: "M95 271L72 264C64 267 64 281 71 283L95 283Z" }),
      part(`mirrorheat.${side}`, "path", { d: "M74 269q4 3 0 6t0 6M82 271q4 3 0 5t0 5" })),
  ];
}

function glass() {
  return svg("g", null,
    svg("path", { class: "pane", d: "M121 248C154 229 246 229 279 248L264 291C236 279 164 279 136 291Z" }),
    svg("path", { class: "pane", d: "M134 556C160 566 240 566 266 556L275 591C246 603 154 603 125 591Z" }),
    part("rearshade", "path", { d: "M134 556C160 566 240 566 266 556L275 591C246 603 154 603 125 591Z", fill: "url(#hatch)" }),
    part("defrost.front", "path", { d: waves(150, 258, 5) }),
    part("defrost.rear", "path", { d: waves(150, 572, 5) }),
    part("wiper.front", "path", { d: "M158 240L206 233M158 240" }),
    part("wiper.front", "path", { d: "M212 235L258 242M212 235" }),
    part("wiper.rear", "path", { d: "M200 594L234 590" }));
}

function waves(x, y, count) {
  return Array.from({ length: count }, (_, n) => `M${x + n * 25} ${y + 18}q-5 -5 0 -9t0 -9`).join("");
}

function inside() {
  const places = { driver: [159, FRONT], passenger: [241, FRONT], row2_left: [157, REAR], row2_right: [243, REAR] };
  return svg("g", null,
    svg("path", { class: "cabin", d: "M136 293C164 281 236 281 264 293L284 320L284 530L266 554C240 564 160 564 134 554L116 530L116 320Z" }),
    svg("path", { class: "dash", d: "M126 312C160 297 240 297 274 312" }),
    part("wheelheat", "ellipse", { class: "steer", cx: 159, cy: 308, rx: 22, ry: 7 }),
    ZONES.map((zone) => seat(zone, ...places[zone])));
}

function seat(zone, x, y) {
  const left = x < MIDDLE;
  return svg("g", { "data-zone": zone, class: "seat-group" },
    part(`ambient.${zone}`, "path", { class: "ambient", d: `M${left ? 119 : 281} ${y - 32}V${y + 40}` }),
    part(`spot.${zone}`, "circle", { class: "spot", cx: x, cy: y + 2, r: 38 }),
    svg("g", { class: "seat", "data-seat": zone },
      svg("rect", { class: "cushion", x: x - 26, y: y - 30, width: 52, height: 58, rx: 14 }),
      part(`seatheat.${zone}`, "rect", { class: "seatheat", x: x - 26, y: y - 30, width: 52, height: 58, rx: 14 }),
      svg("rect", { class: "rest", x: x - 27, y: y + 20, width: 54, height: 17, rx: 8.5 }),
      svg("rect", { class: "rest head", x: x - 12, y: y + 33, width: 24, height: 10, rx: 5 }),
      part(`massage.${zone}`, "path", { class: "massage", d: `M${x - 15} ${y + 28}q3.7 -6 7.5 0t7.5 0 7.5 0 7.5 0` }),
      part(`occupant.${zone}`, "g", { class: "occupant" },
        svg("ellipse", { cx: x, cy: y + 4, rx: 20, ry: 9.5 }), svg("circle", { class: "head-top", cx: x, cy: y + 2, r: 10 })),
      svg("rect", { class: "ring", x: x - 31, y: y - 35, width: 62, height: 82, rx: 18 })));
}

function doors(zones) {
  const shapes = ["M93 270L103 268L103 392L92.5 392Z", "M92.5 396L103 396L104 520L92 523Z"];
  const glasses = [[282, 104], [404, 104]];
  return zones.map((zone, row) => svg("g", null,
    part(`door.${zone}`, "g", { class: row ? "door back" : "door" },
      svg("path", { class: "panel-line", d: shapes[row] }),
      svg("rect", { class: "track", x: 106.5, y: glasses[row][0], width: 5, height: glasses[row][1], rx: 2.5 }),
      part(`window.${zone}`, "rect", { class: "window", x: 106.5, y: glasses[row][0], width: 5, height: glasses[row][1], rx: 2.5 }))));
}

function roof() {
  return svg("g", null,
    svg("rect", { class: "roof-frame", x: 150, y: 396, width: 100, height: 54, rx: 9 }),
    part("roofshade", "rect", { x: 152, y: 398, width: 96, height: 50, rx: 7, fill: "url(#hatch)" }),
    part("roofglass", "rect", { x: 152, y: 398, width: 96, height: 50, rx: 7 }),
    part("dome", "circle", { cx: 200, cy: 330, r: 5 }),
    part("rooftext", "text", { x: 200, y: 427, "text-anchor": "middle" }),
    part("trunktext", "text", { x: 200, y: 668, "text-anchor": "middle" }),
    part("frunktext", "text", { x: 200, y: 200, "text-anchor": "middle" }));
}

// What the car can not show by its shape, beside each seat: degrees, fan, window, lock.
function callouts() {
  const at = { driver: [-1, 322], passenger: [1, 322], row2_left: [-1, 446], row2_right: [1, 446] };
  return ZONES.map((zone) => {
    const [direction, y] = at[zone];
    const x = MIDDLE + direction * 124;
    const anchor = direction < 0 ? "end" : "start";
    const bar = (n) => svg("rect", {
      class: "fan-bar", x: direction < 0 ? x - 38 + n * 8 : x + n * 8, y: y + 16 - n * 1.6, width: 5, height: 6 + n * 1.6, rx: 1,
    });
    return svg("g", { class: "callout", "data-callout": zone },
      part(`temperature.${zone}`, "text", { class: "temperature", x, y, "text-anchor": anchor }),
      part(`fan.${zone}`, "g", { class: "fan" }, [0, 1, 2, 3, 4].map(bar)),
      part(`windowtext.${zone}`, "text", { class: "windowtext", x, y: y + 42, "text-anchor": anchor }),
      part(`lock.${zone}`, "g", { class: "lock", transform: `translate(${direction < 0 ? x - 11 : x} ${y + 51})` },
        svg("path", { class: "shackle", d: "M2.5 6V4a3 3 0 0 1 6 0v2" }),
        svg("rect", { x: 0, y: 6, width: 11, height: 8.5, rx: 2 })));
  });
}
