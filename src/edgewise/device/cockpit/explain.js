// What went wrong, in the page's language where the page knows it.

import { t } from "./words.js";

export function explain(problem) {
  if (problem.code === "link_lost") return t("trouble_link");
  if (problem.code === "launch_code_used") return t("trouble_code");
  if (problem.code === "look_forgotten") return t("screen_forgotten");
  if (problem.status === 401) return t("trouble_key");
  return [problem.message, problem.remedy].filter(Boolean).join(" — ");
}
