// Where the words of a turn come from, why, what they cost, and what left the device for them: one
// quiet line, and a fold that shows the exact words as they left, with what stands for what.

import { bytes, money } from "./amounts.js";
import { call } from "./api.js";
import { el } from "./dom.js";
import { explain } from "./explain.js";
import { drawLeft as drawLeftPicture } from "./pictures.js";
import { lang, said, t } from "./words.js";

const STANDIN = /(<[A-Z]+_[0-9A-Z]{4,6}>)/;
const AWAY = new Set(["cloud", "delegate", "agent"]);

// What the events tell about it, or null for a turn whose words nobody had to look for.
export function whereabouts(events) {
  const of = (name) => events.filter((e) => e.event === name);
  const routing = [...of("weighed"), ...of("checked")].at(-1)?.routing;
  const end = events.find((e) => ["answered", "needs_approval", "stopped"].includes(e.event));
  const [tries, cames] = [of("left"), of("came")];
  const lefts = tries.filter((one) => fate(one, events) !== "nothing");
  return { routing, tries, lefts, cames, keeps: of("kept"), plans: of("delegated"), end, source: end?.source ?? "", unverified: Boolean(end?.unverified), seam: cames.some((one) => one.seam), failed: cames.filter((one) => one.failed && !one.seam), cost: cames.reduce((sum, one) => sum + (one.cost ?? 0), 0) };
}

// What became of what was to leave: nothing left where no connection came about, and where one broke
// after bytes were sent nobody here knows.
function fate(left, events) {
  const came = events.find((e) => e.event === "came" && e.endpoint === left.endpoint && e.seq > left.seq);
  if (!came) return "going";
  const tries = came.attempts ?? [];
  if (!tries.some((one) => one.sent_bytes)) return came.failed ? "nothing" : "left";
  return !came.failed || tries.some((one) => one.status || !one.failed) ? "left" : "unknown";
}

export class Where {
  constructor() {
    this.open = false;
    this.left = null;
    this.failure = "";
    this.asked = 0;
  }

  // The line and its fold; `hasClouds`: whether a turn without a look for words is worth a line.
  draw(events, hasClouds) {
    const facts = whereabouts(events);
    if (!facts.routing && !(hasClouds && facts.end)) return null;
    if (!facts.routing && !facts.tries.length) return el("p", { class: "where" }, line(facts));
    this.turn = events[0].turn;
    this.events = events;
    this.facts = facts;
    this.body = el("div", { class: "where-body" });
    const summary = el("summary", { "data-role": "where" }, line(facts), " ", el("span", { class: "doubt" }, t("where_more")));
    const details = el("details", { class: "where", "data-source": facts.source, on: { toggle: () => this.unfold(details.open) } }, summary, this.body);
    details.open = this.open;
    if (this.open) this.show();
    return details;
  }

  unfold(open) {
    const opened = open && !this.open;
    this.open = open;
    if (!open) return;
    this.show();
    if (opened) this.body.scrollIntoView({ block: "nearest" });
  }

  show() {
    this.fill();
    const { tries } = this.facts;
    if (tries.length > this.asked) this.ask(tries.length);
  }

  // The exact words that left; the device remembers them for a while, and they are in no record.
  async ask(count) {
    this.asked = count;
    try {
      this.left = await call("GET", `/v1/agent/turns/${this.turn}/left`);
      this.failure = "";
    } catch (problem) {
      this.failure = explain(problem);
      this.asked = 0;
    }
    this.fill();
  }

  fill() {
    const { facts } = this;
    this.body.replaceChildren(
      el("h4", null, t("where_left")),
      ...(facts.tries.length ? facts.tries.map((one, n) => this.drawLeft(one, n)) : [el("p", { class: "nothing-left" }, t("nothing_left"))]),
      ...(this.failure ? [el("p", { class: "where-failure", role: "status" }, this.failure)] : []),
      ...facts.cames.map(drawCame), ...facts.keeps.map(drawKept), ...facts.plans.map(drawPlan),
      ...(facts.routing ? [el("h4", null, t("where_why")), drawRouting(facts.routing)] : []));
  }

  drawLeft(event, n) {
    const known = this.left?.left.find((one) => one.digest === event.digest) ?? this.left?.left[n];
    return el("section", { class: "left-part" },
      el("p", null, t("left_to", { name: event.endpoint, region: event.region, purpose: t(`purpose_${event.purpose}`), size: bytes(event.size_bytes) })),
      ["nothing", "unknown"].includes(fate(event, this.events)) ? el("p", { class: "because" }, t(`fate_${fate(event, this.events)}`)) : null,
      el("p", { class: "because" }, replacedWords(event.replaced)),
      (event.pictures ?? []).map((one) => el("p", { class: "left-picture" }, t("left_picture", { width: one.width, height: one.height, size: bytes(one.size_bytes), hidden: hiddenOn(one) }), drawLeftPicture(one))),
      known?.payload ? drawPayload(known.payload) : known ? el("p", { class: "unkept" }, t("left_forgotten")) : null);
  }
}

// What was made unrecognisable on a picture before it left.
function hiddenOn({ faces, others }) {
  const told = [faces ? t("hidden_faces", { n: faces }) : "", others ? t("hidden_others", { n: others }) : ""].filter(Boolean);
  return told.length ? told.join(t("list_comma")) : t("hidden_none");
}

// The turns as they leave, each stand-in marked.
export const drawPayload = (payload) => el("ol", { class: "left-payload" }, payload.map(({ role, text }) =>
  el("li", null, el("span", { class: "role" }, t(`role_${role}`)), el("p", null, marked(text)))));

export function replacedWords(replaced) {
  const kinds = Object.entries(replaced ?? {}).map(([kind, count]) => t("replaced_one", { kind: t(`pd_${kind}`), count }));
  return kinds.length ? t("replaced", { kinds: kinds.join(t("list_comma")) }) : t("replaced_none");
}

const marked = (text) => text.split(STANDIN).map((piece) => (STANDIN.test(piece) ? el("mark", null, piece) : piece));

function line(facts) {
  const flags = [
    el("b", { class: "from" }, from(facts)),
    facts.unverified ? el("span", { class: "flag" }, t("not_checked")) : null,
    facts.seam ? el("span", { class: "flag" }, t("seam")) : null,
    ...facts.failed.map((one) => el("span", { class: "flag" }, t("came_nothing", { name: one.endpoint }))),
    el("span", null, facts.lefts.length ? t("left_size", { size: bytes(facts.lefts.reduce((sum, one) => sum + one.size_bytes, 0)) }) : t("nothing_left_short")),
    facts.cames.length ? el("span", { class: "turn-cost" }, t("turn_cost", { cost: money(facts.cost) })) : null,
  ].filter(Boolean);
  return el("span", { class: "where-line" }, flags.flatMap((flag, n) => (n ? [el("i", { "aria-hidden": "true" }, " · "), flag] : [flag])));
}

function from({ routing, source, end, lefts }) {
  if (source) return t("from_cloud", { name: source });
  const way = routing?.way ?? "device";
  if (!end && AWAY.has(way)) return t(lefts.length ? "at_cloud" : "way_cloud", { name: routing.endpoint });
  return t(AWAY.has(way) ? "way_device" : `way_${way}`);
}

function drawRouting(routing) {
  const foot = [t("where_policy", { policy: routing.policy }), (routing.rules ?? []).length ? t("where_rules", { rules: routing.rules.join(" ") }) : ""];
  return el("div", null, el("ol", { class: "stages" }, (routing.stages ?? []).map(drawStage)),
    el("p", { class: "stage-values" }, foot.filter(Boolean).join(" · ")));
}

function drawStage(stage) {
  const values = Object.entries(stage.values ?? {}).filter(([, value]) => value !== "").map(([name, value]) => `${name}=${value}`);
  const at = stage.threshold === null || stage.threshold === undefined ? [] : [t("threshold", { at: stage.threshold })];
  return el("li", { "data-stage": stage.name, class: stage.settled ? "settled" : "" },
    el("p", null, said(stage.words)),
    stage.otherwise ? el("p", { class: "because" }, said(stage.otherwise)) : null,
    values.length || at.length ? el("p", { class: "stage-values code" }, [...values, ...at].join(", ")) : null);
}

function drawCame(event) {
  const told = event.failed ? t(event.seam ? "came_seam" : "came_failed", { name: event.endpoint, code: event.failed })
    : t("came_whole", { name: event.endpoint, input: event.input_tokens ?? 0, output: event.output_tokens ?? 0, cost: money(event.cost) });
  const tries = (event.attempts ?? []).length > 1 ? event.attempts.map((one) => `${one.endpoint} ${one.took_s.toFixed(2)} s: ${one.failed || "ok"}`).join(", ") : "";
  return el("p", { class: "came" }, told, event.hedged ? ` ${t("hedged", { name: event.endpoint })}` : null, tries ? el("small", { class: "code" }, ` ${tries}`) : null);
}

// A question that waits for its cloud; what comes of it is another turn.
function drawKept(event) {
  const at = new Intl.DateTimeFormat(lang(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(event.until * 1000));
  return el("p", { class: "came" }, t("kept_until", { name: event.endpoint, at, size: bytes(event.size_bytes) }), " ", replacedWords(event.replaced));
}

// A cloud that planned while the device read: how much of the documents that took out of here.
const drawPlan = (event) => el("p", { class: "came" }, t("planned", {
  name: event.endpoint, rounds: event.rounds, jobs: event.jobs, pieces: event.pieces, left: bytes(event.left_bytes), whole: bytes(event.document_bytes),
}), event.failed ? el("span", { class: "code" }, ` ${event.failed}`) : null);
