// The card of a turn that needs a yes: exactly what would be done, or exactly what would leave.

import { bytes } from "./amounts.js";
import { call } from "./api.js";
import { told, typed } from "./calls.js";
import { el } from "./dom.js";
import { explain } from "./explain.js";
import { unlessHidden } from "./kept.js";
import { nameOf, say } from "./names.js";
import { said, t } from "./words.js";
import { drawPayload, replacedWords } from "./where.js";

const OWN_WORDS = ["voice", "touch", "typed", "system"];
const LAST_S = 15; // the bar runs out in these

export class Approval {
  // `answer(asks, yes)` sends a yes or no; `repaint()` draws the turn anew.
  constructor(answer, repaint) {
    this.answer = answer;
    this.repaint = repaint;
    this.choice = null;
    this.lapsed = false;
  }

  draw(asks) {
    const left = Math.ceil(asks.expires_at - Date.now() / 1000);
    const over = (left <= 0 || this.lapsed) && this.choice === null;
    this.clock = el("span", { class: "left" }, t("seconds_left", { n: Math.max(0, left) }));
    this.bar = el("i", { class: "left-bar" });
    this.deadline = this.choice === null && !over ? asks.expires_at : null;
    return el("section", { class: `approval ${over ? "is-over" : ""}`, role: "group", "aria-label": t("approval_title") },
      el("h3", null, t("approval_title")),
      asks.leaving ? this.leaving(asks) : deeds(asks),
      this.deadline === null ? el("p", { class: "chosen" }, this.settled()) : this.choices(asks),
      asks.leaving ? null : this.exact(asks), this.bar);
  }

  settled() {
    if (this.choice === null) return t(this.lapsed ? "approval_lapsed" : "approval_over");
    return t(this.choice ? "approved" : "refused");
  }

  choices(asks) {
    const choose = (yes) => () => {
      this.choice = yes;
      this.repaint();
      this.answer(asks, yes);
    };
    return el("div", { class: "choices" },
      el("button", { type: "button", class: "primary", "data-role": "yes", on: { click: choose(true) } }, t(asks.leaving ? "send_it" : "approve")),
      el("button", { type: "button", class: "quiet", "data-role": "no", on: { click: choose(false) } }, t(asks.leaving ? "keep_it" : "refuse")), this.clock);
  }

  // What would leave, word for word; the device remembers it until the question is settled.
  leaving(asks) {
    const { endpoint, region, purpose, size_bytes: size, replaced, ...kind } = asks.leaving;
    this.words = el("div", { class: "would-leave" });
    if (!this.asked && this.deadline !== null) this.fetch(asks.turn);
    this.fill();
    return [
      el("p", { class: "would" }, t("would_leave")),
      el("p", { class: "deed" }, t("left_to", { name: endpoint, region, purpose: t(`purpose_${purpose}`), size: bytes(size) })),
      el("p", null, replacedWords(replaced)), this.words,
      kind.sensitive ? el("p", { class: "rule" }, t("leaves_sensitive")) : null,
      kind.crossing ? el("p", { class: "rule" }, t("leaves_crossing", { region })) : null,
      kind.lacks_consent ? el("p", { class: "rule" }, t("leaves_once", { name: endpoint })) : null,
    ];
  }

  async fetch(turn) {
    this.asked = true;
    try {
      this.shown = (await call("GET", `/v1/agent/turns/${turn}/left`)).asks?.payload ?? null;
    } catch (problem) {
      this.failure = explain(problem);
    }
    this.fill();
    this.words.parentElement?.querySelector(".choices")?.scrollIntoView({ block: "nearest" });
  }

  fill() {
    if (this.failure) this.words.replaceChildren(el("p", { class: "where-failure" }, this.failure));
    else if (this.shown) this.words.replaceChildren(drawPayload(this.shown));
  }

  // What a program would say yes to, for the one who wants to see it.
  exact(asks) {
    const details = el("details", { class: "exact", on: { toggle: () => { this.showsExact = details.open; } } },
      el("summary", null, t("exactly")),
      asks.calls.map(({ call: asked }) => el("p", { class: "code" }, typed(asked))),
      rulesOf(asks).map((rule) => el("p", { class: "code" }, rule.id)),
      el("p", { class: "hash", title: asks.payload_hash }, `${t("payload")} ${asks.payload_hash.slice(0, 12)}`));
    details.open = Boolean(this.showsExact);
    return details;
  }

  tick() {
    if (!this.deadline || !this.clock) return;
    const left = this.deadline - Date.now() / 1000;
    if (left <= 0) { this.deadline = null; this.repaint(); return; }
    const words = t("seconds_left", { n: Math.ceil(left) });
    if (this.clock.textContent !== words) this.clock.textContent = words;
    this.bar.style.setProperty("--left", Math.min(1, left / LAST_S));
  }
}

const rulesOf = (asks) => asks.calls.flatMap((waiting) => waiting.rules);

// What would be done, whose words it came from, and the rules that ask.
function deeds(asks) {
  const origins = asks.calls.flatMap(({ call: asked }) => Object.entries(asked.labels ?? {}).filter(([, label]) => label.origins.some((o) => !OWN_WORDS.includes(o.kind))));
  return [
    el("p", { class: "would" }, t("would_do")),
    el("ul", { class: "payload" },
      asks.calls.map(({ call: asked, effects }) => el("li", null, el("p", { class: "deed" }, told(asked)),
        effects.length ? el("ul", null, effects.map((effect) => el("li", { title: effect.target }, el("span", null, nameOf(effect.target)), " → ", worth(effect.target, effect.value)))) : null))),
    origins.map(([argument, label]) => el("p", { class: "origin" }, `${t("untrusted")}: ${argument} ← ${label.origins.map((o) => [o.kind, o.detail].filter(Boolean).join(" ")).join(", ")}`)),
    [...new Set(rulesOf(asks).map((rule) => said(rule.words)))].map((words) => el("p", { class: "rule" }, words)),
  ];
}

// A value as it is said, in bold; or that it was not kept.
export const worth = (target, value) => unlessHidden(value, () => el("b", null, say(target, value)));
