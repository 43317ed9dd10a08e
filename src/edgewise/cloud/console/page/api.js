// Talks to the management API: the session's token, requests, streams and downloads.
// The token is kept for this tab alone and sent in a header, which no other page can do.

import { readEvents } from "./events.js";

const KEY = "edgewise.console_session";
const ROOT = "/console/api";

export class ApiProblem extends Error {
  constructor(status, { message, code, param }) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }
}

let token = read();
let onSignedOut = () => {};

export const isSignedIn = () => token !== null;
export const whenSignedOut = (listener) => { onSignedOut = listener; };

export function keepSession(session) {
  token = session;
  try {
    if (session) sessionStorage.setItem(KEY, session);
    else sessionStorage.removeItem(KEY);
  } catch { /* lasts for this page */ }
}

export async function call(method, path, body) {
  const reply = await send(method, path, body);
  return reply.json();
}

export async function stream(path, onEvent, signal) {
  const reply = await send("GET", path, undefined, signal);
  await readEvents(reply, onEvent, lost);
}

// Saves what a path gives under the name that the server gives it.
export async function download(path) {
  const reply = await send("GET", path);
  const name = /filename="([\w.-]+)"/.exec(reply.headers.get("Content-Disposition") ?? "")?.[1] ?? "export";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await reply.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  return name;
}

async function send(method, path, body, signal) {
  const headers = { Accept: "application/json, text/event-stream" };
  const sent = token;
  if (sent) headers.Authorization = `Bearer ${sent}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let reply;
  try {
    reply = await fetch(ROOT + path, {
      method, headers, signal, cache: "no-store", credentials: "omit",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    lost(error);
  }
  if (reply.ok) return reply;
  const told = await reply.json().catch(() => null);
  const problem = new ApiProblem(reply.status, told?.error ?? { message: `HTTP ${reply.status}`, code: "http_error" });
  if (problem.code === "signed_out" && sent && sent === token) {
    keepSession(null);
    onSignedOut(problem);
  }
  throw problem;
}

function lost(error) {
  if (error.name === "AbortError") throw error;
  throw new ApiProblem(0, { message: String(error.message), code: "link_lost" });
}

function read() {
  try { return sessionStorage.getItem(KEY); } catch { return null; }
}
