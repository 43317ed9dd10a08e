// The picture of the phone's screen with what was read on it: outlined and named, secrets covered.
// It is drawn on a canvas, so a cover is part of it. It tells what a finger or a key did there, in
// thousandths of width and height, and does nothing itself.

import { el } from "./dom.js";
import { onLanguage, t } from "./words.js";

const DRAG_PX = 12;
const HOLD_MS = 600;
const GROUND = 900_000; // millionths of the screen: what is larger is no element to name
const SWEEP = { up: ["500,300", "500,700"], down: ["500,700", "500,300"] };

export class ScreenPicture {
  // `step(action, what)`: what the person did; `what` holds the words, `point` and `point2`, and `seen`,
  // the look that a finger went down on, or a key was pressed at.
  constructor(step) {
    this.step = step;
    this.shown = "";
    this.seen = null;
    this.canvas = el("canvas", { "aria-hidden": "true" });
    this.spots = el("div", { class: "screen-spots" });
    this.caption = el("p", { class: "screen-caption", "aria-hidden": "true" });
    this.stage = el("div", { class: "screen-stage", role: "group", tabindex: 0, on: {
      pointerdown: (event) => this.press(event), pointerup: (event) => this.lift(event), pointercancel: () => { this.pressed = null; },
      click: (event) => this.click(event), keydown: (event) => this.key(event), contextmenu: (event) => event.preventDefault(),
      pointerover: () => this.tell(), pointerleave: () => this.tell(null), focusin: () => this.tell(), focusout: () => this.tell(),
    } }, this.canvas, this.spots);
    this.node = el("div", { class: "screen-frame" }, this.stage);
    onLanguage(() => { this.shown = ""; if (this.seen) this.name(); });
  }

  // A new look; `bitmap` is null where the app gives no picture: its words stand in for that.
  show(bitmap, seen) {
    this.seen = seen;
    this.node.style.setProperty("--ratio", seen.width / seen.height);
    this.stage.style.setProperty("--across", seen.width);
    this.stage.style.setProperty("--along", seen.height);
    this.stage.classList.toggle("is-words", bitmap === null);
    this.draw(bitmap);
    this.name();
  }

  draw(bitmap) {
    const [width, height] = bitmap ? [bitmap.width, bitmap.height] : [2, 2];
    Object.assign(this.canvas, { width, height });
    const brush = this.canvas.getContext("2d");
    if (bitmap) brush.drawImage(bitmap, 0, 0);
    brush.fillStyle = getComputedStyle(this.stage).getPropertyValue("--cover") || "#444";
    for (const { box: [x0, y0, x1, y1] } of bitmap ? secrets(this.seen) : []) {
      brush.fillRect((x0 * width) / 1000 - 2, (y0 * height) / 1000 - 2, ((x1 - x0) * width) / 1000 + 4, ((y1 - y0) * height) / 1000 + 4);
    }
  }

  // Buttons over what was read, in its order. What is still there keeps its button, so that a clock
  // that changes beside it takes neither the focus nor a click that has begun.
  name() {
    const { app, title, elements } = this.seen;
    this.stage.setAttribute("aria-label", t("screen_of", { app, title }));
    const now = JSON.stringify(elements);
    if (now === this.shown) return;
    this.shown = now;
    const held = this.spots.contains(document.activeElement);
    const earlier = [...this.spots.children];
    const spots = named(elements).map((element) => {
      const at = earlier.findIndex(({ dataset }) => dataset.words === wordsOf(element) && dataset.role === element.role);
      return lay(at < 0 ? spot(element) : earlier.splice(at, 1)[0], element);
    });
    for (const gone of earlier) gone.remove();
    spots.forEach((one, at) => { if (this.spots.children[at] !== one) this.spots.insertBefore(one, this.spots.children[at] ?? null); });
    if (held && !this.spots.contains(document.activeElement)) this.stage.focus({ preventScroll: true });
    this.tell();
  }

  // The words of what the pointer or the focus is on.
  tell(over = this.spots.querySelector(".touchable:hover, .touchable:focus-visible")) {
    this.caption.textContent = over?.dataset.words ?? "";
  }

  press(event) {
    this.touched = this.seen?.seen;
    this.pressed = event.isPrimary && event.button === 0 ? { x: event.clientX, y: event.clientY, at: event.timeStamp } : null;
    this.held = this.dragged = false;
    if (this.pressed && event.pointerType === "mouse") this.stage.setPointerCapture(event.pointerId);
  }

  lift(event) {
    const from = this.pressed;
    this.pressed = null;
    if (!from) return;
    this.held = event.timeStamp - from.at > HOLD_MS;
    this.dragged = Math.hypot(event.clientX - from.x, event.clientY - from.y) > DRAG_PX;
    if (this.dragged) this.step("scroll", { words: "", point: this.place(from.x, from.y), point2: this.place(event.clientX, event.clientY), seen: this.touched });
  }

  // By the mouse or a finger there where it was; by a key in the middle of what has the focus.
  click(event) {
    if (this.dragged) { this.dragged = false; return; }
    const byHand = event.detail > 0;
    const over = byHand ? document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.parentElement === this.spots) : event.target.closest(".touchable");
    if (!byHand && !over) return;
    const point = byHand ? this.place(event.clientX, event.clientY) : over.dataset.centre;
    this.step(byHand && this.held ? "long_press" : "tap", { words: over?.dataset.told ?? "", point, seen: byHand ? this.touched : this.seen.seen });
  }

  place(x, y) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    const within = (share) => Math.max(0, Math.min(1000, Math.round(share * 1000)));
    return `${within((x - left) / width)},${within((y - top) / height)}`;
  }

  // The picture is one stop; arrows go through what is on it.
  key(event) {
    const spots = [...this.spots.children];
    const at = spots.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: spots.length - 1, Enter: at < 0 ? 0 : NaN }[event.key];
    if (event.key === "Escape" && at >= 0) this.stage.focus();
    else if (event.key === "PageDown" || event.key === "PageUp") this.sweep(event.key === "PageDown" ? "down" : "up");
    else if (Number.isInteger(next)) spots[Math.max(0, Math.min(spots.length - 1, next))]?.focus();
    else return;
    event.preventDefault();
  }

  sweep(way) {
    const [point, point2] = SWEEP[way];
    this.step("scroll", { words: "", point, point2, seen: this.seen?.seen });
  }
}

export const secrets = (seen) => (seen?.elements ?? []).filter((element) => element.secret);

// What can be named: it has words, or is a secret.
const named = (elements) => elements.filter(({ text, secret, box }) => (secret || text.trim()) && area(box) > 0 && area(box) < GROUND);
const area = ([x0, y0, x1, y1]) => (x1 - x0) * (y1 - y0);

// An element as a person is told of it; a secret's words are not.
export function wordsOf({ role, text, secret }) {
  return secret ? t("screen_secret") : t("screen_named", { role: t(`screen_${role}`), text: text.trim() });
}

export const listed = (seen) => named(seen.elements).map((element) => el("li", { "data-role": element.role }, wordsOf(element)));

// A button over an element.
function spot(element) {
  const words = wordsOf(element);
  return el("button", { type: "button", class: "touchable", tabindex: -1, "aria-label": words, "data-words": words, "data-told": element.secret ? t("screen_hidden") : element.text.trim(), "data-role": element.role, "data-secret": element.secret },
    el("span", { "aria-hidden": "true" }, element.secret ? "" : element.text.trim()));
}

// Where it lies; the smaller, the further on top.
function lay(node, element) {
  const [x0, y0, x1, y1] = element.box.map((one) => Math.max(0, Math.min(1000, one)));
  node.dataset.centre = `${Math.round((x0 + x1) / 2)},${Math.round((y0 + y1) / 2)}`;
  const place = { left: x0, top: y0, width: x1 - x0, height: y1 - y0 };
  for (const [side, share] of Object.entries(place)) node.style.setProperty(side, `${share / 10}%`);
  node.style.setProperty("z-index", String(1000 - Math.round(Math.sqrt(area(element.box)))));
  return node;
}
