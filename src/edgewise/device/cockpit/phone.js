// The phone beside the car: what its stores hold, as cards that change as the agent acts.

import { byId, el, pulse } from "./dom.js";
import { brief, songOf } from "./names.js";
import { get, listen } from "./store.js";
import { lang, onLanguage, t } from "./words.js";

const SHOWN = 4;
const clock = (wall) => new Intl.DateTimeFormat(lang(), { hour: "2-digit", minute: "2-digit" }).format(new Date(wall * 1000));
const day = (iso) => {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? String(iso ?? "") : new Intl.DateTimeFormat(lang(), { weekday: "short", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(at);
};
const rows = (name) => { const value = get(`phone.${name}`, []); return Array.isArray(value) ? value : Object.values(value); };

const CARDS = [
  { key: "phone_call", from: ["phone.call"], paint: paintCall },
  { key: "playing", from: ["Vehicle.Cabin.Infotainment.Media.", "phone.library"], paint: paintPlaying },
  { key: "route_to", from: ["nav.route"], paint: paintRoute },
  { key: "alarms", from: ["phone.alarms"], paint: paintAlarms },
  { key: "messages", from: ["phone.messages", "phone.emails"], paint: paintMessages },
  { key: "lists", from: ["phone.lists"], paint: paintLists },
  { key: "calendar", from: ["phone.calendar"], paint: paintCalendar },
  { key: "settings", from: ["phone.settings"], paint: paintSettings },
];

export function startPhone() {
  const cards = CARDS.map((card) => ({ ...card, body: el("div", { class: "card-body" }) }));
  const title = (card) => el("h3", { "data-t": card.key }, t(card.key));
  byId("phone").replaceChildren(...cards.map((card) => el("article", { class: `card ${card.key}`, "data-card": card.key }, title(card), card.body)));
  for (const card of cards) {
    const paint = () => {
      const made = card.paint();
      card.body.replaceChildren(...(made.length ? made : [el("p", { class: "none" }, t(card.key === "phone_call" ? "call_none" : card.key === "playing" ? "not_playing" : "nothing"))]));
    };
    card.repaint = paint;
    let waiting = false;
    for (const prefix of card.from) {
      listen(prefix, (_target, _value, before) => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
          waiting = false;
          paint();
          if (before !== undefined) pulse(card.body.parentElement);
        });
      });
    }
    paint();
  }
  onLanguage(() => cards.forEach((card) => card.repaint()));
  setInterval(() => cards.find((card) => card.key === "alarms").repaint(), 1000);
}

const line = (main, side = "", kind = "") =>
  el("p", { class: `row ${kind}` }, el("span", { class: "row-main" }, main), side ? el("span", { class: "row-side" }, side) : null);

function some(list, shape) {
  const shown = list.slice(0, SHOWN).map(shape);
  return list.length > SHOWN ? [...shown, el("p", { class: "none" }, t("more", { n: list.length - SHOWN }))] : shown;
}

function paintCall() {
  const current = rows("call").find((row) => row.id === "current");
  return current ? [line(current.name || current.number, word(current.state), `live ${current.state}`)] : [];
}

function paintPlaying() {
  const played = (name) => get(`Vehicle.Cabin.Infotainment.Media.Played.${name}`, "");
  const playing = get("Vehicle.Cabin.Infotainment.Media.Action") === "PLAY";
  const uri = played("URI") || get("Vehicle.Cabin.Infotainment.Media.SelectedURI", "");
  const title = played("Track") || songOf(uri)?.title || uri;
  const artist = played("Artist") || songOf(uri)?.artist;
  if (!title && !playing) return [];
  return [line(title || "♪", playing ? "▶" : "❚❚", playing ? "live" : ""), ...(artist ? [line(artist)] : [])];
}

function paintRoute() {
  const route = get("nav.route");
  if (!route || typeof route !== "object") return [];
  const place = route.destination ?? route.place ?? route;
  return [line(typeof place === "object" ? place.name ?? brief(place) : place, word(route.state ?? ""), "live")];
}

function paintAlarms() {
  const now = Date.now() / 1000;
  const live = rows("alarms").filter((row) => ["set", "paused", "ringing"].includes(row.state));
  return some(live, (row) => {
    const left = row.duration_s !== undefined && row.started_at !== undefined ? row.started_at + row.duration_s - now : null;
    const side = row.state === "ringing" ? "●" : row.state === "paused" ? "❚❚" : left === null ? day(row.time) : countdown(left);
    return line(row.label || word(row.kind), side, row.state);
  });
}

function paintMessages() {
  const newest = [...rows("messages"), ...rows("emails")].sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
  return some(newest, (row) => el("div", { class: `mail ${row.direction === "out" ? "sent" : "got"}` },
    line((row.direction === "out" ? "→ " : "") + (row.direction === "out" ? row.to : row.from ?? row.name ?? ""), row.at ? clock(row.at) : ""),
    el("p", { class: "snippet" }, row.subject ? `${row.subject}` : row.body ?? row.text ?? "")));
}

function paintLists() {
  const open = rows("lists").filter((row) => !row.done);
  const names = [...new Set(open.map((row) => row.list))];
  return names.map((name) => line(open.filter((row) => row.list === name).map((row) => row.item).join(lang() === "zh" ? "、" : ", "), word(name)));
}

function paintCalendar() {
  const start = new Date();
  start.setHours(0, 0, 0, 0);
  const coming = rows("calendar").filter((row) => !(new Date(row.start) < start)).sort((a, b) => String(a.start).localeCompare(String(b.start)));
  return some(coming, (row) => line(row.title ?? "", day(row.start)));
}

function paintSettings() {
  const settings = get("phone.settings", {});
  const entries = Object.entries(settings);
  return entries.length ? [el("div", { class: "switches" }, entries.map(([key, value]) =>
    el("span", { class: `setting ${value === true ? "is-on" : ""}` }, word(key), typeof value === "boolean" ? null : el("b", null, ` ${brief(value)}`))))] : [];
}

function countdown(seconds) {
  const left = Math.max(0, Math.round(seconds));
  const two = (n) => String(n).padStart(2, "0");
  return (left >= 3600 ? `${Math.floor(left / 3600)}:` : "") + `${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
}

const CHINESE = {
  timer: "计时器", alarm: "闹钟", reminder: "提醒", shopping: "购物", todo: "待办", active: "通话中", dialling: "拨号中", ringing: "来电", paused: "暂停",
  wifi: "无线网络", bluetooth: "蓝牙", mobile_data: "移动数据", do_not_disturb: "勿扰", airplane_mode: "飞行模式", flashlight: "手电筒", hotspot: "热点",
  brightness: "亮度", volume: "音量", dark_mode: "深色模式", location: "定位", language: "语言", battery_saver: "省电", auto_rotate: "自动旋转", nfc: "NFC",
  ringtone_volume: "铃声音量", media_volume: "媒体音量", screen_timeout: "息屏时间", font_size: "字号",
};
function word(key) {
  if (lang() === "zh" && CHINESE[key]) return CHINESE[key];
  return String(key ?? "").replaceAll("_", " ");
}
