// Dialogs: a form, a question before something is lost, and a secret that is shown once.

import { el } from "./dom.js";
import { field, valueOf } from "./fields.js";
import { announce } from "./announce.js";
import { explain } from "./explain.js";
import { t } from "./words.js";

function open(build, { closable = true } = {}) {
  return new Promise((done) => {
    const before = document.activeElement;
    const dialog = el("dialog", { class: "dialog" });
    const finish = (value) => { dialog.close(); dialog.remove(); before?.focus?.(); done(value); };
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); if (closable) finish(null); });
    const [title, ...rest] = build(finish);
    dialog.setAttribute("aria-label", title);
    dialog.append(el("h2", null, title), ...rest);
    document.body.append(dialog);
    dialog.showModal();
  });
}

// Asks for `fields`; `send(values)` does it, and what it raises is told in the dialog.
// Gives what `send` gave, null when the person turned back. `username`: whose password is asked for,
// for who keeps passwords.
export function form({ title, hint, fields, submit, send, username }) {
  return open((finish) => {
    const wrong = el("p", { class: "wrong", role: "alert", hidden: true });
    const made = fields.map(field);
    const go = el("button", { type: "submit", class: "primary" }, submit);
    const onSubmit = async (event) => {
      event.preventDefault();
      go.disabled = true;
      wrong.hidden = true;
      try {
        finish(await send(Object.fromEntries(fields.map((one, at) => [one.name, valueOf(one, made[at])]))));
      } catch (problem) {
        wrong.textContent = explain(problem);
        wrong.hidden = false;
        go.disabled = false;
      }
    };
    return [title, hint ? el("p", { class: "hint" }, hint) : "",
      el("form", { class: "form", on: { submit: onSubmit } },
        username ? el("input", { type: "text", autocomplete: "username", value: username, hidden: true }) : null, made, wrong,
        el("div", { class: "answers" },
          el("button", { type: "button", class: "quiet", on: { click: () => finish(null) } }, t("cancel")), go))];
  });
}

// Asks before something that cannot be taken back; gives whether `send` did it.
export async function sure({ title, text, submit, send }) {
  return await form({ title, hint: text, fields: [], submit, send: async () => { await send(); return true; } }) === true;
}

// Shows a secret, which cannot be asked for again. Only the person closes it.
export function once({ title, text, secret, more = [] }) {
  return open((finish) => [title, el("p", { class: "hint" }, text), copyable(secret, "secret"),
    ...more.map(([label, value]) => el("div", { class: "more" }, el("p", { class: "hint" }, label), copyable(value))),
    el("div", { class: "answers" },
      el("button", { type: "button", class: "primary", "data-role": "kept", on: { click: () => finish(true) } }, t("kept")))],
  { closable: false });
}

// A text with a button that copies it; where the browser lets no page copy, the text is selected.
export function copyable(text, role = "text") {
  const shown = el("code", { class: "copyable", "data-role": role, tabindex: "0" }, text);
  const copy = async (event) => {
    const pressed = event.currentTarget;
    try {
      await navigator.clipboard.writeText(text);
      pressed.textContent = t("copied");
      announce(t("copied"));
    } catch {
      getSelection().selectAllChildren(shown);
      announce(t("copy_by_hand"));
    }
  };
  return el("div", { class: "copy" }, shown, el("button", { type: "button", class: "quiet small", on: { click: copy } }, t("copy")));
}
