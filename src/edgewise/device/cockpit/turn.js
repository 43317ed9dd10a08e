// One turn of the conversation: what was said, the answer, what changed, an approval, its trail.

import { Approval, worth } from "./approval.js";
import { deed, told as toldOf } from "./calls.js";
import { el } from "./dom.js";
import { isHidden } from "./kept.js";
import { Meant } from "./meant.js";
import { nameOf } from "./names.js";
import { drawShown } from "./pictures.js";
import { hasClouds } from "./reach.js";
import { drawTrail, steps } from "./trail.js";
import { Where } from "./where.js";
import { onLanguage, said, t } from "./words.js";

const ENDS = new Set(["answered", "needs_approval", "stopped"]);
const views = new Set();

onLanguage(() => { for (const view of views) view.repaint(); });
setInterval(() => { for (const view of views) view.tick(); }, 250);

export class TurnView {
  // `answer(approval, approved)` sends a yes or no; `stop()` cancels the turn while it runs. One that
  // is `spoken` begins with words that are still being heard.
  constructor({ text = "", zone = "", own = false, spoken = false, pictures = [], answer, stop }) {
    this.events = [];
    this.text = text;
    this.zone = zone;
    this.own = own;
    this.spoken = spoken;
    this.partial = spoken;
    this.silent = false;
    this.pictures = pictures;
    this.open = false;
    this.actions = { stop };
    this.approval = new Approval((asks, yes) => answer(this, asks, yes), () => this.repaint());
    this.meant = new Meant();
    this.where = new Where();
    this.node = el("article", { class: "turn" });
    views.add(this);
    this.repaint();
  }

  get id() { return this.events[0]?.turn; }
  get settled() { return Boolean(this.failure) || Boolean(this.unanswered); }
  get end() { const last = this.events.at(-1); return last && ENDS.has(last.event) ? last : null; }

  // Takes an event once, whichever stream brings it.
  take(event) {
    if (this.events.some((known) => known.seq === event.seq)) return false;
    this.events.push(event);
    this.events.sort((a, b) => a.seq - b.seq);
    this.repaint();
    return true;
  }

  // A later turn of the same session has answered the question or let it lapse.
  lapse() {
    if (this.end?.event !== "needs_approval" || this.approval.choice !== null || this.approval.lapsed) return;
    this.approval.lapsed = true;
    this.repaint();
  }

  // What was heard up to now; `whole`: all that was said.
  hear(words, whole) {
    this.text = words;
    this.partial = !whole;
    this.repaint();
  }

  // They said all; its last words are still being found.
  fallSilent() { this.silent = true; this.repaint(); }

  // It was heard, and asked for nothing.
  leaveUnanswered() {
    if (this.id || this.failure) return;
    this.unanswered = true;
    this.repaint();
  }

  fail(words) { this.failure = words; this.repaint(); }

  // What the person said earlier that the words meant.
  remember(kept) {
    this.meant.remember(kept);
    this.repaint();
  }

  // The process that ran this turn is gone: it will never end.
  breakOff() {
    if (this.end || this.brokenOff) return;
    this.brokenOff = true;
    this.repaint();
  }

  repaint() {
    const focused = this.node.contains(document.activeElement) ? document.activeElement.dataset.role : null;
    this.node.dataset.turn = this.id ?? "";
    this.node.dataset.outcome = this.outcome();
    this.node.setAttribute("aria-label", `${t("turn")}: ${this.text}`);
    this.node.replaceChildren(...[this.request(), drawShown(this.pictures, this.events), this.reply(), this.changes(), this.card(), this.where.draw(this.events, hasClouds()), this.meant.draw(this.events, Boolean(this.end)), this.trail()].filter(Boolean));
    if (focused) this.node.querySelector(`[data-role="${focused}"]`)?.focus();
  }

  outcome() {
    if (this.unanswered) return "heard";
    if (this.failure || (this.brokenOff && !this.end)) return "failed";
    if (!this.end) return "running";
    if (this.end.event === "needs_approval") return "asked";
    if (this.end.event === "stopped") return "failed";
    const statuses = this.events.filter((e) => e.event === "call_finished").map((e) => e.result.status);
    if (statuses.includes("denied")) return "denied";
    return statuses.some((status) => status !== "done") ? "failed" : "done";
  }

  ending() {
    const acted = this.events.some((e) => e.event === "call_finished" && Object.keys(e.result.changed).length);
    return this.outcome() === "done" && !acted ? "answered" : this.outcome();
  }

  request() {
    const started = this.events.find((e) => e.event === "turn_started");
    const heard = this.events.find((e) => e.event === "perceived")?.message.text;
    const call = this.events.find((e) => e.event === "understood")?.thought.calls[0];
    const zone = started ? started.speaker.zone : this.zone;
    const told = isHidden(heard) ? null : heard;
    let words = (this.spoken && told) || this.text || told;
    if (!words && started?.resumes) words = this.approvedWords ?? t("resumes");
    if (!words && call) words = isHidden(heard) ? deed(call.capability) : toldOf(call);
    const channel = started?.speaker.channel;
    const foreign = channel === "api" ? t("from_program") : channel === "mcp" ? t("from_mcp") : "";
    const seat = zone ? t(zone) : t("unknown_seat");
    const bySound = this.spoken || channel === "voice";
    return el("p", { class: "request" },
      el("span", { class: "who" }, foreign || (bySound ? t("by_channel", { zone: seat, channel: t("ch_voice") }) : seat)),
      el("span", { class: this.partial && !started ? "words is-partial" : "words" }, words ?? (isHidden(heard) ? "" : "…")),
      !this.text && isHidden(heard) ? el("small", { class: "unkept" }, t("not_kept")) : null,
      started?.own_car ? el("small", { class: "own-car" }, t("own_car")) : null);
  }

  reply() {
    if (this.failure) return el("p", { class: "answer" }, this.failure);
    const end = this.end;
    if (this.unanswered) return el("p", { class: "answer none" }, t("talk_unanswered"));
    if (this.spoken && !this.id) return el("p", { class: "answer pending" }, el("span", { class: "dots" }, t(this.partial && !this.silent ? "talk_listening" : "running")));
    if (!end && this.brokenOff) return el("p", { class: "answer" }, t("broken_off"));
    const streamed = this.events.filter((e) => e.event === "text_delta").map((e) => e.text).join("");
    if (!end) {
      return el("p", { class: "answer pending" }, streamed || el("span", { class: "dots" }, t("running")),
        el("button", { type: "button", class: "quiet small", "data-role": "stop", on: { click: () => this.actions.stop(this) } }, t("stop")));
    }
    const text = end.event === "stopped" && !end.text ? said(end.words) : end.text;
    if (isHidden(text)) return el("p", { class: "answer" }, t(`ended_${this.ending()}`));
    const quiet = this.startedBy("voice") && end.manner === "quiet" ? el("small", { class: "unspoken" }, t("manner_quiet")) : null;
    return el("p", { class: "answer", lang: end.language === "zh" ? "zh-CN" : end.language }, text, quiet);
  }

  startedBy(channel) { return this.events[0]?.speaker?.channel === channel; }

  changes() {
    const done = this.events.filter((e) => e.event === "call_finished");
    const rows = done.flatMap(({ result }) => Object.entries(result.changed).map(([target, value]) => [target, result.before?.[target], value]));
    if (!rows.length) return null;
    const shown = rows.slice(0, 6).map(([target, before, after]) => el("li", { title: target },
      el("span", null, nameOf(target)), " ", before === undefined ? null : el("s", null, worth(target, before)), before === undefined ? null : " → ", worth(target, after)));
    const rest = rows.length > 6 ? [el("li", { class: "none" }, t("more", { n: rows.length - 6 }))] : [];
    return el("ul", { class: "changes" }, shown, rest);
  }

  card() {
    return this.end?.event === "needs_approval" ? this.approval.draw(this.end) : null;
  }

  tick() { this.approval.tick(); }

  trail() {
    if (!this.events.length) return null;
    return drawTrail(steps(this.events), this.events, this.open, (open) => { this.open = open; });
  }
}
