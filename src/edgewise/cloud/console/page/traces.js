// The newest traces: one line each, its attributes on demand.

import { call } from "./api.js";
import { el } from "./dom.js";
import { clock, took, zone } from "./format.js";
import { learnNames, nameOf, within } from "./state.js";
import { button, chip, head, panel } from "./table.js";
import { t } from "./words.js";

export async function show({ root, refresh }) {
  const [{ traces }] = await Promise.all([call("GET", within("/traces")), learnNames()]);
  const longest = Math.max(1, ...traces.map((span) => span.took_ms));
  root.append(head("traces", `${t("traces_hint")} ${t("times_are", { zone: zone() })}`, button(t("reload"), refresh, { small: false })),
    panel("", traces.length ? traces.map((span) => line(span, longest)) : el("p", { class: "empty" }, t("no_traces"))));
}

function line(span, longest) {
  const bar = el("i", { class: "length", "aria-hidden": "true" });
  bar.style.setProperty("--part", String(Math.max(.01, span.took_ms / longest)));
  return el("details", { class: "trace", "data-id": span.span_id },
    el("summary", null, el("time", null, clock(span.started)), el("b", null, span.name),
      chip(span.ok ? "good" : "bad", t(span.ok ? "ok" : "failed")), bar, el("span", { class: "took" }, took(span.took_ms))),
    el("dl", { class: "facts" }, [["trace_id", span.trace_id], ["span_id", span.span_id], ...Object.entries(span.attributes)]
      .map(([name, value]) => el("div", null, el("dt", null, name), el("dd", null, readable(name, value))))));
}

const readable = (name, value) => (/\.(project|key)\.id$/.test(name) ? `${nameOf(value)} (${value})` : String(value));
