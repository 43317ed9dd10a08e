// Pictures that go with the next question: dropped on the page, pasted or chosen, shown small, and
// what the turn says of them. They are drawn on a canvas, so the page loads nothing for it.

import { bytes } from "./amounts.js";
import { load } from "./api.js";
import { byId, el, svg } from "./dom.js";
import { trouble } from "./trouble.js";
import { onLanguage, t } from "./words.js";

const MOST = 4;
const MOST_BYTES = 20_000_000;
const PREVIEW_PX = 168; // twice its height on the page
const KINDS = /^image\/(png|jpeg|webp|gif|bmp|x-ms-bmp)$/;
const left = new Map();
let waiting = [];

class Shown {
  constructor(file, preview) {
    this.file = file;
    this.name = file.name || t("picture_name");
    this.preview = preview;
    this.isPrivate = false;
  }

  // As the device API takes it.
  async body() {
    return { data: await toBase64(this.file), name: this.name.slice(0, 200), private: this.isPrivate };
  }

  canvas() {
    const { width, height } = this.preview;
    const canvas = el("canvas", { width, height, role: "img", "aria-label": this.name });
    canvas.getContext("2d").drawImage(this.preview, 0, 0);
    return canvas;
  }
}

export function startPictures() {
  const file = byId("picture-file");
  byId("attach").append(svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" },
    svg("path", { class: "stroke", d: "M4.5 5.5h15v13h-15z M5 16.5l4.6-4.6 3.6 3.6 2.6-2.6 3.7 3.6" }), svg("circle", { class: "solid", cx: 15.4, cy: 9.4, r: 1.5 })));
  byId("attach").addEventListener("click", () => file.click());
  file.addEventListener("change", () => { add([...file.files]); file.value = ""; });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    add(files);
  });
  startDrop();
  onLanguage(paint);
  paint();
}

function startDrop() {
  let inside = 0;
  const show = (count) => { inside = Math.max(0, count); byId("drop").hidden = !inside; };
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  document.addEventListener("dragenter", (event) => { if (carriesFiles(event)) show(inside + 1); });
  document.addEventListener("dragleave", (event) => { if (carriesFiles(event)) show(inside - 1); });
  document.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    show(0);
    if (!carriesFiles(event)) return;
    event.preventDefault(); // else the browser would leave the page and open the file
    add([...event.dataTransfer.files]);
  });
}

// Those that wait, which are taken along now.
export function takePictures() {
  const taken = waiting;
  waiting = [];
  paint();
  return taken;
}

async function add(files) {
  try {
    for (const file of files) {
      if (!KINDS.test(file.type)) throw refused("picture_kind", { name: file.name || t("picture_name") });
      if (waiting.length >= MOST) throw refused("picture_many", { n: MOST });
      const size = waiting.reduce((sum, one) => sum + one.file.size, file.size);
      if (size > MOST_BYTES) throw refused("picture_large", { size: bytes(size), limit: bytes(MOST_BYTES) });
      waiting.push(new Shown(file, await preview(file)));
    }
  } catch (problem) {
    trouble(problem);
  }
  paint();
  if (waiting.length) byId("say").focus();
}

const refused = (key, values) => Object.assign(new Error(t(key, values)), { code: key });

async function preview(file) {
  try {
    return await createImageBitmap(file, { resizeHeight: PREVIEW_PX, resizeQuality: "medium" });
  } catch {
    throw refused("picture_kind", { name: file.name || t("picture_name") });
  }
}

function paint() {
  const tray = byId("tray");
  tray.hidden = !waiting.length;
  tray.setAttribute("role", "group");
  tray.setAttribute("aria-label", t("pictures_waiting"));
  tray.replaceChildren(...waiting.map(drawWaiting));
}

function drawWaiting(shown) {
  const keep = el("input", { type: "checkbox", on: { change: () => { shown.isPrivate = keep.checked; } } });
  keep.checked = shown.isPrivate;
  const remove = () => { waiting = waiting.filter((one) => one !== shown); paint(); byId("attach").focus(); };
  return el("figure", { class: "picture" }, shown.canvas(),
    el("figcaption", null, el("span", { class: "picture-name" }, shown.name), el("label", { class: "wish" }, keep, el("span", null, t("picture_private")))),
    el("button", { type: "button", class: "quiet small picture-remove", "aria-label": t("picture_remove", { name: shown.name }), on: { click: remove } }, "×"));
}

// The pictures of a turn: small where this page gave them, and what was found on them.
export function drawShown(pictures, events) {
  const parts = (events.find((e) => e.event === "perceived")?.message.parts ?? []).filter((part) => part.type === "image");
  if (!pictures.length && !parts.length) return null;
  const told = parts.map(({ width, height, lines }) => el("li", null,
    t("picture_told", { width, height, told: lines ? t("picture_lines", { n: lines }) : t("picture_no_lines") })));
  return el("div", { class: "shown" },
    pictures.length ? el("div", { class: "shown-row" }, pictures.map((one) => one.canvas())) : null,
    told.length ? el("ul", null, told) : null);
}

// A picture exactly as it left, while the device remembers it.
export function drawLeft({ sha256, width, height }) {
  const canvas = el("canvas", { width, height, role: "img", "aria-label": t("left_picture_as_it_left"), hidden: true });
  if (!left.has(sha256)) left.set(sha256, load(`/v1/agent/left/pictures/${sha256}`).then((blob) => createImageBitmap(blob)));
  left.get(sha256).then((bitmap) => {
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    canvas.hidden = false;
  }).catch(() => left.delete(sha256)); // forgotten by now: the words beside it remain
  return canvas;
}

// By the browser's own reader, which gives `data:...;base64,` and the letters.
function toBase64(file) {
  return new Promise((done, broken) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => broken(reader.error);
    reader.readAsDataURL(file);
  });
}
