// How each backend does, for the platform's operator: looked at again while the place is shown.

import { call } from "./api.js";
import { el } from "./dom.js";
import { clock, count, moment } from "./format.js";
import { chip, panel, table } from "./table.js";
import { has, lang, t } from "./words.js";

const LOOK_MS = 2000;
const FOREIGN = ["unreachable", "answered"]; // causes that name what an upstream or the network said
const MOODS = { ready: "good", resting: "bad", trial: "warn" };

export async function backendsPanel(signal) {
  const out = el("div", { id: "backends" });
  let shown = "";
  const look = async () => {
    const { backends } = await call("GET", "/platform/backends");
    const text = JSON.stringify(backends, (name, value) => (/_(at|since|until)$/.test(name) ? Math.round(value) : value));
    if (text === shown || signal.aborted) return;
    shown = text;
    out.replaceChildren(table(t("backends"), columns(), backends, t("no_backends")));
  };
  try {
    await look();
  } catch (problem) {
    if (problem.code === "forbidden") return ""; // no operator any more; the rest of the place stands
    throw problem;
  }
  // What breaks a look is told by the place itself; here it is looked at again.
  const timer = setInterval(() => { look().catch(() => {}); }, LOOK_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
  return panel(t("backends"), out, el("p", { class: "hint" }, t("platform_backends_hint")));
}

const columns = () => [
  { label: t("name"), cell: (row) => [el("b", null, row.name), el("small", null, row.embedded ? t("embedded") : row.address), el("small", null, row.models.join(", "))] },
  { label: t("state"), cell: (row) => [chip(MOODS[row.state], t(`health_${row.state}`)), rest(row)] },
  { label: t("said_last"), cell: said },
  { label: t("in_a_row"), end: true, cell: (row) => count(row.failures) },
  { label: t("answered"), end: true, cell: (row) => count(row.answered) },
  { label: t("failed_in_all"), end: true, cell: (row) => count(row.failed) },
  { label: t("failed_checks"), end: true, cell: (row) => count(row.failed_checks) },
  { label: t("running_now"), end: true, cell: (row) => count(row.running) },
];

// When a rest ends is not told: each check that fails puts it off.
const rest = (row) => (row.rests_since ? el("small", null, t("rests_since", { at: clock(row.rests_since) })) : null);

// Why it failed last: in the page's words where the cause is known, and what was said as it was said.
function said(row) {
  if (!row.said) return "–";
  const words = has(`cause_${row.cause}`) && (lang() === "zh" || row.cause === "check") ? t(`cause_${row.cause}`) : "";
  const raw = words && !FOREIGN.includes(row.cause) ? "" : row.said;
  return el("div", { class: "said" }, words ? el("span", null, words) : null, raw ? el(words ? "small" : "span", null, raw) : null, el("small", null, moment(row.said_at)));
}
