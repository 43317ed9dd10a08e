// The organisations that one is in: which is looked at, and making another one.

import { announce } from "./announce.js";
import { call } from "./api.js";
import { form } from "./dialog.js";
import { el } from "./dom.js";
import { choose, current, learnMe, mayFound, organisations } from "./state.js";
import { button, chip, panel, table } from "./table.js";
import { t } from "./words.js";

export const organisationsPanel = () => panel(t("organisations"),
  table(t("organisations"), [
    { label: t("name"), cell: (row) => [el("b", null, row.name), el("code", { class: "start" }, row.id)] },
    { label: t("role"), cell: (row) => t(`role_${row.role}`) },
    { label: "", end: true, cell: (row) => (row.id === current()?.id ? chip("good", t("looked_at")) : button(t("look_at"), () => change(row.id))) },
  ], organisations(), t("no_organisation")),
  mayFound() ? button(t("make_organisation"), foundOne, { small: false, id: "make-organisation" }) : null);

export async function foundOne() {
  const made = await form({
    title: t("make_organisation"), hint: t("make_organisation_words"), submit: t("make"),
    fields: [{ name: "name", label: t("name"), required: true }],
    send: (values) => call("POST", "/organisations", values),
  });
  if (!made) return;
  await learnMe();
  announce(t("organisation_made", { name: made.name }));
  change(made.id);
}

function change(id) {
  choose(id);
  document.dispatchEvent(new Event("edgewise:chosen"));
}
