// What the words of a turn were taken for, and a way to say what they meant. That is kept as
// feedback; nothing is ever done by it: what is wanted is said again, as a new turn.

import { call } from "./api.js";
import { deed, find } from "./calls.js";
import { el } from "./dom.js";
import { isHidden } from "./kept.js";
import { lang, t } from "./words.js";

const WORTH_SHOWING = 0.01;
const MOST_ALTERNATIVES = 3;
const MOST_FOUND = 6;
const SESSION = "cockpit";
const NO_FUNCTION = new Set(["other", "nothing"]);
const OF_ITSELF = new Set(["overheard", "confirm", "deny"]); // nothing was understood from words

export class Meant {
  constructor() {
    this.kept = null;
    this.failure = "";
    this.open = false;
    this.query = "";
    this.node = null;
  }

  // The fold below a turn that ended, `null` where there is nothing to correct. Made once for each
  // language, so that what is being typed in it survives whatever happens to the turn.
  draw(events, ended) {
    const thought = ended && isOurs(events) && events.find((e) => e.event === "understood")?.thought;
    if (!thought || OF_ITSELF.has(thought.fixed)) return null;
    if (!this.node || this.drawnIn !== lang()) this.build(events[0].turn, thought);
    return this.node;
  }

  // What the device has kept of this turn, when the page is loaded again.
  remember(kept) {
    this.kept = kept?.meant ?? null;
    this.node = null;
  }

  build(turn, thought) {
    this.drawnIn = lang();
    this.turn = turn;
    this.thought = thought;
    this.summary = el("summary", { "data-role": "meant" });
    this.state = el("p", { class: "meant-state", role: "status" });
    this.choices = el("div", { class: "meant-choices" });
    this.found = el("div", { class: "meant-choices", role: "group", "aria-label": t("meant_found") });
    this.search = el("input", {
      type: "search", "data-role": "meant-search", maxlength: 80, autocomplete: "off", "aria-label": t("meant_search"), placeholder: t("meant_search"),
      on: { input: () => { this.query = this.search.value; this.list(); } },
    });
    this.search.value = this.query;
    this.node = el("details", { class: "meant", on: { toggle: () => this.unfold() } }, this.summary,
      el("div", { class: "meant-body", role: "group", "aria-label": t("meant_title") }, this.state, this.choices, this.search, this.found));
    this.node.open = this.open;
    this.show();
    this.list();
  }

  unfold() {
    if (this.node.open && !this.open) this.node.scrollIntoView({ block: "nearest" });
    this.open = this.node.open;
  }

  show() {
    const own = this.thought.calls.map(({ capability }) => capability);
    const others = (this.thought.alternatives ?? []).filter(({ capability, confidence }) => confidence >= WORTH_SHOWING && !own.includes(capability));
    const shares = new Map([...others.slice(0, MOST_ALTERNATIVES), ...this.thought.calls].map(({ capability, confidence }) => [capability, confidence]));
    const kept = this.kept && !NO_FUNCTION.has(this.kept) ? [this.kept] : [];
    const names = [...new Set([...own, ...shares.keys(), ...kept])].filter((name) => !isHidden(name));
    const doubt = t(own.length ? "meant_doubt" : "meant_title");
    this.summary.replaceChildren(el("span", null, taken(this.thought)), " ", el("span", { class: "doubt" }, this.kept ? t("meant_was", { what: inWords(this.kept) }) : doubt));
    this.choices.replaceChildren(...names.map((name) => this.choice(name, shares.has(name) ? `${deed(name)} · ${percent(shares.get(name))}` : deed(name))),
      this.choice("other", t("meant_other")), this.choice("nothing", t("meant_nothing")));
    this.state.dataset.state = this.failure ? "failed" : this.kept ? "kept" : "";
    this.state.textContent = this.failure || t(this.kept ? "meant_kept" : "meant_hint");
  }

  list() {
    const hits = this.query.trim() ? find(this.query) : [];
    this.found.replaceChildren(...hits.slice(0, MOST_FOUND).map((name) => this.choice(name, deed(name))),
      ...(this.query.trim() && !hits.length ? [el("p", { class: "meant-hint", role: "status" }, t("meant_none"))] : []));
  }

  choice(name, words) {
    return el("button", { type: "button", class: "chip", "data-meant": name, "aria-pressed": String(this.kept === name), on: { click: () => this.keep(name) } }, words);
  }

  async keep(name) {
    try {
      const { feedback } = await call("POST", `/v1/agent/turns/${this.turn}/feedback`, { session: SESSION, meant: name });
      this.kept = feedback.meant;
      this.failure = "";
      this.query = this.search.value = "";
    } catch (problem) {
      this.failure = [problem.message, problem.remedy].filter(Boolean).join(" — ");
    }
    this.show();
    this.list();
    this.node.querySelector(`[data-meant="${CSS.escape(name)}"]`)?.focus();
  }
}

// Whether a person said it at this page; the trail of an older device hides the name of its session.
function isOurs(events) {
  const started = events.find((e) => e.event === "turn_started");
  const text = events.find((e) => e.event === "perceived")?.message.text;
  return Boolean(text) && started.speaker.channel === "typed" && (started.session === SESSION || isHidden(started.session));
}

function taken(thought) {
  const names = [...new Set(thought.calls.map(({ capability }) => capability))];
  if (!names.length) return thought.kind === "unknown" ? t("meant_unknown") : t("meant_as", { what: t(`kind_${thought.kind}`) });
  const what = names.map(deed).join(lang() === "zh" ? "、" : ", ");
  return t("meant_sure", { what, n: percent(thought.confidence) });
}

const inWords = (name) => (NO_FUNCTION.has(name) ? t(`meant_${name}`) : deed(name));
const percent = (share) => `${Math.round(share * 100)} %`;
