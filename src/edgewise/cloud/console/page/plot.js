// Draws amounts by day as bars, in SVG. The numbers are in the usage table too, for who sees no picture.

import { svg } from "./dom.js";
import { day } from "./format.js";

const HEIGHT = 220;
const LEFT = 62;
const BOTTOM = 24;
const TOP = 12;

// `points`: [[iso day, amount]]; `say(amount)` writes one in full, `tick(amount)` at the axis.
export function plot(label, points, say, tick = say) {
  const wide = matchMedia("(max-width: 760px)").matches ? 360 : 760;
  const most = Math.max(...points.map(([, amount]) => amount), 0);
  const top = ceiling(most);
  const high = HEIGHT - TOP - BOTTOM;
  const step = (wide - LEFT) / Math.max(1, points.length);
  const y = (amount) => TOP + high * (1 - amount / top);
  const grown = (amount) => {
    const height = Math.max(amount > 0 ? 1.5 : 0, high * amount / top);
    return { y: TOP + high - height, height };
  };
  return svg("svg", { class: "plot", viewBox: `0 0 ${wide} ${HEIGHT}`, role: "img", "aria-label": label },
    (most > 0 ? [0, top / 2, top] : [0]).map((amount) => [
      svg("line", { class: "grid", x1: LEFT, x2: wide, y1: y(amount), y2: y(amount) }),
      svg("text", { class: "tick", x: LEFT - 8, y: y(amount) + 4, "text-anchor": "end" }, tick(amount))]),
    points.map(([iso, amount], at) => svg("g", { class: "day" },
      svg("title", null, `${day(iso)}: ${say(amount)}`),
      svg("rect", { class: "reach", x: LEFT + at * step, y: TOP, width: step, height: high }),
      svg("rect", { class: "amount", x: LEFT + at * step + step * .16, width: step * .68, rx: Math.min(3, step * .2), ...grown(amount) }))),
    points.map(([iso], at) => labelled(at, points.length, wide) && svg("text", { class: "tick", x: LEFT + (at + .5) * step, y: HEIGHT - 6, "text-anchor": "middle" }, day(iso))));
}

// Spent and held of a limit, as one bar.
export function meter(label, spent, held, limit) {
  const part = (amount) => (limit > 0 ? Math.min(100, 100 * amount / limit) : spent > 0 ? 100 : 0);
  const full = limit === 0 || spent >= limit;
  return svg("svg", { class: `meter${full ? " full" : spent >= .8 * limit ? " near" : ""}`, viewBox: "0 0 100 8", preserveAspectRatio: "none", role: "img", "aria-label": label },
    svg("rect", { class: "ground", width: 100, height: 8 }),
    svg("rect", { class: "held", width: part(spent + held), height: 8 }),
    svg("rect", { class: "spent", width: part(spent), height: 8 }));
}

// The round number at or above the largest amount.
function ceiling(most) {
  if (most <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 10].map((times) => times * size).find((round) => round >= most);
}

function labelled(at, days, wide) {
  const every = Math.ceil(days / (wide / 105));
  return at % every === Math.floor(every / 2);
}
