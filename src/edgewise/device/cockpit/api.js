// Talks to the device API: the page's key, requests, and streams of server-sent events.
// The key comes from the one-time code in the address's fragment, which no server is ever sent.

import { readEvents } from "./events.js";

const KEY = "edgewise.page_key";

export class ApiProblem extends Error {
  constructor(status, problem) {
    super(problem.message);
    this.status = status;
    this.code = problem.code;
    this.remedy = problem.remedy;
  }
}

let key = read();

export async function enter() {
  const code = location.hash.slice(1);
  if (/^[\w-]{16,}$/.test(code)) {
    history.replaceState(null, "", location.pathname);
    const reply = await call("POST", "/v1/launch/redeem", { code }).catch((problem) => {
      if (!key) throw problem;
      return null;
    });
    if (reply) keep(reply.key);
  }
  if (!key) throw new ApiProblem(401, { code: "no_key", message: "no key", remedy: "" });
}

export async function call(method, path, body) {
  const reply = await send(method, path, body);
  return reply.json();
}

// The bytes of a picture.
export async function load(path) {
  const reply = await send("GET", path);
  return reply.blob();
}

// Reads a stream; `onEvent(name, data)` for each event. Ends when the server ends it.
export async function stream(method, path, body, onEvent, signal) {
  const reply = await send(method, path, body, signal);
  await readEvents(reply, onEvent, lost);
}

// A WebSocket takes no header: the key comes as one of its protocols, which the device does not echo.
export const socket = (path) => new WebSocket(new URL(path, location.href.replace(/^http/, "ws")), ["realtime", `openai-insecure-api-key.${key}`]);

function lost(error) {
  if (error.name === "AbortError") throw error;
  throw new ApiProblem(0, { code: "link_lost", message: String(error.message), remedy: "" });
}

async function send(method, path, body, signal) {
  const headers = { Accept: "application/json, text/event-stream" };
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body !== undefined && body !== null) headers["Content-Type"] = "application/json";
  let reply;
  try {
    reply = await fetch(path, {
      method, headers, signal, cache: "no-store", credentials: "omit",
      body: body === undefined || body === null ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    lost(error);
  }
  if (reply.ok) return reply;
  if (reply.status === 401 && path !== "/v1/launch/redeem") keep(null);
  const told = await reply.json().catch(() => null);
  throw new ApiProblem(reply.status, told?.error ?? {
    code: "http_error", message: `HTTP ${reply.status}`, remedy: "",
  });
}

function keep(value) {
  key = value;
  try {
    if (value) localStorage.setItem(KEY, value);
    else localStorage.removeItem(KEY);
  } catch { /* private window: the key lasts for this page */ }
}

function read() {
  try { return localStorage.getItem(KEY); } catch { return null; }
}
