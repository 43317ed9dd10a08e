// The trail of a turn as its five steps: where, how long, and why; the same events in full as JSON.

import { typed } from "./calls.js";
import { el } from "./dom.js";
import { plain, unlessHidden } from "./kept.js";
import { nameOf, say } from "./names.js";
import { said, t } from "./words.js";

// The five steps from the events: what each did in a few words, and how long it took.
export function steps(events) {
  const of = (name) => events.filter((e) => e.event === name);
  const [perceived] = of("perceived");
  const [routed] = of("routed");
  const [understood] = of("understood");
  const acts = [...of("call_resolved"), ...of("call_decided"), ...of("call_finished")];
  const end = events.find((e) => ["answered", "needs_approval", "stopped"].includes(e.event));
  const sum = (list) => list.reduce((total, e) => total + e.took_ms, 0);
  const before = sum([perceived, routed, understood].filter(Boolean)) + sum(acts);
  const finished = of("call_finished").map((e) => e.result.status);
  const worst = ["denied", "failed", "expired", "impossible", "missing", "asked"].find((s) => finished.includes(s));
  return [
    { key: "perceive", done: perceived, ms: perceived?.took_ms, short: perceived ? (perceived.message.language === "zh" ? "中文" : "English") : "" },
    { key: "route", done: routed, ms: routed?.took_ms, short: routed ? t(`step_${end?.source ? "cloud" : routed.place.site}`) : "" },
    { key: "think", done: understood, ms: understood?.took_ms, short: understood ? t(`kind_${understood.thought.kind}`) : "" },
    { key: "act", done: acts.length > 0, ms: acts.length ? sum(acts) : undefined, mood: worst ?? (finished.length ? "done" : ""), short: finished.length ? t(worst === "asked" ? "decision_ask" : `status_${worst ?? "done"}`) : "" },
    { key: "answer", done: end, ms: end ? Math.max(0, end.took_ms - before) : undefined, mood: end?.event === "stopped" ? "failed" : end?.event === "needs_approval" ? "asked" : "", short: end ? (end.manner ? t(`manner_${end.manner}`) : t(end.event === "stopped" ? "stopped" : "decision_ask")) : "" },
  ];
}

export function drawTrail(list, events, open, onOpen) {
  const whole = events.at(-1).took_ms;
  const details = el("div", { class: "why", hidden: !open });
  if (open) details.append(...explain(events));
  const button = el("button", {
    type: "button", class: "steps", "data-role": "why", "aria-expanded": String(open),
    on: { click: () => {
      const now = details.hidden;
      details.hidden = !now;
      button.setAttribute("aria-expanded", String(now));
      button.querySelector(".more").textContent = t(now ? "hide" : "why");
      if (now) details.replaceChildren(...explain(events));
      onOpen(now);
      if (now) trail.scrollIntoView({ block: "nearest" });
    } },
  },
  list.map((step) => el("span", { class: `step ${step.done ? "is-done" : ""} ${step.mood ?? ""}`, "data-step": step.key },
    el("b", null, t(step.key)), el("i", { "aria-hidden": "true" }),
    el("span", { class: "ms" }, step.ms === undefined ? "" : `${ms(step.ms)} ms`), el("span", { class: "short" }, step.short))),
  el("span", { class: "more" }, t(open ? "hide" : "why")));
  const trail = el("div", { class: "trail", "data-ms": whole ?? "" }, button, details);
  return trail;
}

const ms = (value) => (value >= 100 ? Math.round(value) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

function thinking(thought) {
  const kind = t(`kind_${thought.kind}`);
  return thought.confidence ? t("how_sure", { kind, n: Math.round(thought.confidence * 100) }) : kind;
}

function explain(events) {
  const first = events[0];
  const parts = events.map((event) => PARTS[event.event]?.(event, events)).filter(Boolean);
  return [...parts, el("footer", { class: "why-end" },
    el("span", { class: "code" }, `${t("turn")} ${first.turn}`),
    el("button", { type: "button", class: "quiet small", on: { click: (event) => copy(event.currentTarget, events) } }, t("copy")))];
}

async function copy(button, events) {
  const text = JSON.stringify(events, null, 2);
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = t("copied");
  } catch {
    const area = el("textarea", { class: "json", readonly: true, rows: 8 });
    area.value = text;
    button.replaceWith(area);
    area.select();
  }
}

const considered = (thought) => (thought.alternatives ?? []).filter((other) => other.confidence >= 0.01);
const part = (key, took, ...children) => el("section", { class: "part" },
  el("h4", null, t(key), took === undefined ? null : el("span", { class: "ms" }, `${ms(took)} ms`)), children);
const fact = (name, value) => el("div", { class: "fact" }, el("dt", null, name), el("dd", null, value));
const quote = (text) => el("p", { class: "quote" }, unlessHidden(text, () => text));
const valueOf = (target, value) => unlessHidden(value, () => say(target, value));

const PARTS = {
  perceived: (e) => part("perceive", e.took_ms,
    quote(e.message.text || "–"),
    el("p", null, t("by_channel", { zone: e.message.speaker.zone ? t(e.message.speaker.zone) : t("unknown_seat"), channel: t(`ch_${e.message.speaker.channel}`) }))),
  routed: (e) => part("route", e.took_ms, el("p", null, `${t(e.place.site)} · ${e.place.name}`),
    (e.place.why ?? []).map((why) => el("p", { class: "because" }, typeof why === "string" ? why : said(why)))),
  understood: (e) => part("think", e.took_ms, el("p", null, thinking(e.thought)),
    (e.thought.calls ?? []).map((call) => el("p", { class: "code" }, typed(call))),
    e.thought.question ? quote(said(e.thought.question)) : null,
    considered(e.thought).length ? el("p", { class: "because" }, `${t("considered")}: ${considered(e.thought).map((a) => `${a.capability} ${Math.round(a.confidence * 100)} %`).join(", ")}`) : null),
  call_resolved: (e, events) => act(e, events),
  needs_approval: (e) => part("answer", undefined, quote(e.text)),
  answered: (e) => part("answer", undefined, quote(e.text), el("p", null, t(`manner_${e.manner ?? "aloud"}`))),
  stopped: (e) => part("answer", undefined, quote(e.text || said(e.words)), el("p", { class: "code" }, e.code)),
};

function act(resolved, events) {
  const { call, resolution } = resolved;
  const decided = events.findLast((e) => e.event === "call_decided" && e.call === call.id);
  const finished = events.find((e) => e.event === "call_finished" && e.result.call === call.id);
  const result = finished?.result;
  const started = events.some((e) => e.event === "call_started" && e.call === call.id);
  const took = resolved.took_ms + (decided?.took_ms ?? 0) + (finished?.took_ms ?? 0);
  const decision = decided?.decision;
  const rules = decision?.rules ?? [];
  return part("act", took,
    el("p", { class: "code" }, call.capability),
    el("ul", { class: "effects" }, (resolution.effects ?? []).map((effect) => {
      const before = result?.before?.[effect.target] ?? resolved.state?.[effect.target];
      return el("li", null, el("code", null, effect.target), el("span", null,
        before === undefined || before === null ? "" : [valueOf(effect.target, before), " → "], el("b", null, valueOf(effect.target, effect.value)),
        effect.because ? ` (${t("because")} ${effect.because})` : ""));
    })),
    resolution.words || resolution.question ? quote(said(resolution.words ?? resolution.question)) : null,
    decision ? el("p", { class: `verdict ${decision.type}` }, t(`decision_${decision.type}`)) : null,
    rules.map((rule) => el("p", { class: "rule" }, el("code", null, rule.id), " ", said(rule.words))),
    result && started ? el("p", { class: `verdict ${result.status}` }, `${t("read_back")}: ${t(`status_${result.status}`)}${result.code ? ` (${result.code})` : ""}`) : null,
    result?.words && !rules.length ? quote(said(result.words)) : null,
    (result?.notes ?? []).map((note) => el("p", { class: "because" }, unlessHidden(said(note.words), (words) => words), `${note.rule ? ` (${t("because")} ${note.rule})` : ""}`)),
    table("readings", resolved.state, (target, value) => [nameOf(target), valueOf(target, value)]),
    table("facts", decided?.facts, (name, value) => [name, plain(value)]));
}

function table(key, values, shape) {
  const entries = Object.entries(values ?? {});
  if (!entries.length) return null;
  return el("details", { class: "table" }, el("summary", null, `${t(key)} (${entries.length})`),
    el("dl", null, entries.map(([name, value]) => fact(...shape(name, value)))));
}
