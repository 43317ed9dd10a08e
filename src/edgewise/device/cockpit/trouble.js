// One place where the page says that something is wrong, and what the person can do about it.

import { byId } from "./dom.js";
import { onLanguage, t } from "./words.js";

let shown = null;
let again = null;

export function startTrouble() {
  byId("trouble-retry").addEventListener("click", () => {
    const retry = again;
    calm();
    retry?.();
  });
  onLanguage(() => { if (shown) paint(); });
}

// Shows a problem; `retry` is offered when doing it again can help.
export function trouble(problem, retry = null) {
  shown = problem;
  again = retry;
  paint();
}

export function calm() {
  shown = null;
  byId("trouble").hidden = true;
}

function paint() {
  byId("trouble").hidden = false;
  byId("trouble-words").textContent = words(shown);
  byId("trouble-retry").hidden = again === null;
}

function words(problem) {
  if (problem.code === "link_lost") return t("trouble_link");
  if (problem.code === "launch_code_used") return t("trouble_code");
  if (problem.status === 401) return t("trouble_key");
  return [problem.message, problem.remedy].filter(Boolean).join(" — ");
}
