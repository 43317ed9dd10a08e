// One cloud: how it is, what still keeps everything from it, and what the person agreed to give it.

import { el } from "./dom.js";
import { lang, said, t } from "./words.js";

const PURPOSES = ["assist", "document", "pictures", "tools"];
const wishes = new Map();

// What is being filled in for a cloud; it outlives whatever happens to the panel meanwhile.
function wishOf(name) {
  if (!wishes.has(name)) wishes.set(name, fresh());
  return wishes.get(name);
}

const fresh = () => ({ open: false, purpose: PURPOSES[0], this_drive: false, sensitive: false, crossing: false });

// `held` are the consents in force for it; `agree(name, wish)` and `takeBack(consent)` change them.
export function drawCloud(cloud, held, actions) {
  return el("section", { class: "cloud", "data-cloud": cloud.name, "data-state": cloud.state, "aria-label": cloud.name },
    el("h3", null, el("span", { class: "cloud-name" }, cloud.name), el("small", null, `${cloud.region} · ${cloud.model}`),
      el("span", { class: "cloud-state" }, t(`cloud_${cloud.state}`))),
    cloud.why ? el("p", { class: "cloud-why" }, said(cloud.why)) : null,
    held.length ? el("ul", { class: "held", "aria-label": t("you_agreed") }, held.map((consent) => drawHeld(consent, actions))) : null,
    form(cloud, held, actions),
    cloud.lacking.length ? el("ul", { class: "lacking", "aria-label": t("lacking") }, cloud.lacking.map((one) => el("li", null, said(one)))) : null);
}

function drawHeld(consent, actions) {
  return el("li", { "data-consent": consent.id },
    el("span", null, t("agreed_for", { purpose: t(`purpose_${consent.purpose}`) }), " ", el("small", null, scope(consent))),
    el("button", { type: "button", class: "quiet small", "data-role": `back-${consent.id}`, "aria-label": t("take_back_what", { purpose: t(`purpose_${consent.purpose}`), name: consent.recipient }), on: { click: () => actions.takeBack(consent) } }, t("take_back")));
}

function scope(consent) {
  const until = consent.expires_at ? t("until", { at: new Intl.DateTimeFormat(lang(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(consent.expires_at * 1000)) }) : "";
  return [consent.sensitive ? t("scope_sensitive") : "", consent.crossing ? t("scope_crossing") : "", consent.drive ? t("scope_drive") : "", consent.once ? t("scope_once") : "", until].filter(Boolean).join(" · ");
}

// Folded away until it is wanted; it names who gets what, where, and for what, before a yes.
function form(cloud, held, actions) {
  const wish = wishOf(cloud.name);
  const details = el("details", { class: "agree", on: { toggle: () => { wish.open = details.open; } } },
    el("summary", { "data-role": `agree-${cloud.name}` }, t(held.length ? "agree_more" : "agree_first")));
  const body = el("form", { class: "agree-body", on: { submit: (event) => {
    event.preventDefault();
    const { open, ...asked } = wish;
    wishes.set(cloud.name, fresh());
    actions.agree(cloud.name, asked);
  } } });
  const fill = () => body.replaceChildren(...fields(cloud, wish, fill));
  fill();
  details.append(body);
  details.open = wish.open;
  return details;
}

function fields(cloud, wish, fill) {
  const role = (name) => `${name}-${cloud.name}`;
  const purpose = el("select", { "data-role": role("purpose"), on: { change: () => { wish.purpose = purpose.value; fill(); } } },
    PURPOSES.map((name) => el("option", { value: name }, t(`purpose_${name}`))));
  purpose.value = wish.purpose;
  const box = (key, words) => {
    const input = el("input", { type: "checkbox", "data-wish": key, "data-role": role(key), on: { change: () => { wish[key] = input.checked; } } });
    input.checked = wish[key];
    return el("label", { class: "wish" }, input, el("span", null, words));
  };
  return [
    el("label", { class: "wish-purpose" }, el("span", null, t("agree_purpose")), purpose),
    el("dl", { class: "agree-facts" }, fact("agree_to", `${cloud.name} (${cloud.address})`), fact("agree_where", cloud.region), fact("agree_what", t(`sent_${wish.purpose}`))),
    box("this_drive", t("wish_drive")), box("sensitive", t("wish_sensitive")), box("crossing", t("wish_crossing", { region: cloud.region })),
    el("button", { type: "submit", class: "primary", "data-role": role("yes") }, t("agree_yes")),
  ];
}

const fact = (key, value) => [el("dt", null, t(key)), el("dd", null, value)];
