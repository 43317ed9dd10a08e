// Who is signed in, which organisation is looked at, and the names of what is in it.

import { call } from "./api.js";

let me = null;
let organisation = null;
let names = null;
let known = new Map();

export const account = () => me?.account ?? null;
export const organisations = () => me?.organisations ?? [];
export const current = () => organisation;
export const currency = () => me?.currency ?? "CNY";
export const runsPlatform = () => me?.operator ?? false;
export const mayFound = () => me?.may_found ?? false;
export const waysIn = () => me?.ways_in ?? { password: false, issuer: "" };
export const may = (action) => organisation?.actions.includes(action) ?? false;

// A path of the management API within the organisation.
export const within = (rest) => `/organisations/${organisation.id}${rest}`;

export async function learnMe() {
  me = await call("GET", "/me");
  choose(organisation?.id ?? remembered());
}

export function forget() {
  me = organisation = names = null;
}

export function choose(id) {
  organisation = organisations().find((held) => held.id === id) ?? organisations()[0] ?? null;
  names = null;
  try { if (organisation) sessionStorage.setItem("edgewise.console_organisation", organisation.id); } catch { /* for this page */ }
}

// Loads what ids stand for: projects, keys and devices, archived and revoked ones too.
export async function learnNames() {
  const [projects, keys, devices] = await Promise.all([
    call("GET", within("/projects?archived=true")), call("GET", within("/keys")), call("GET", within("/devices?archived=true")),
  ]);
  names = new Map();
  for (const held of [...projects.projects, ...devices.devices]) names.set(held.id, held.name);
  for (const { key } of keys.keys) names.set(key.id, key.name);
  known = new Map(keys.keys.map(({ key }) => [key.id, key]));
  if (organisation) names.set(organisation.id, organisation.name);
  return { projects: projects.projects, keys: keys.keys, devices: devices.devices, defaults: keys.defaults };
}

export const nameOf = (id) => names?.get(id) ?? (id || "–");
// The key of an id, as its owner sees it, when it is one.
export const keyOf = (id) => known.get(id) ?? null;
export const knows = (id) => names?.has(id) ?? false;

function remembered() {
  try { return sessionStorage.getItem("edgewise.console_organisation"); } catch { return null; }
}
