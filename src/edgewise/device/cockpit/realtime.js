// The connection to /v1/realtime: opened once, events both ways. What is sent before it is open waits.

import { ApiProblem, socket } from "./api.js";

export class Realtime {
  // `onEvent(event)` for each of the device's; `onClose(problem)`: it ended, null as it should.
  constructor(onEvent, onClose) {
    this.onEvent = onEvent;
    this.onClose = onClose;
    this.link = null;
    this.terms = "";
  }

  get isOpen() { return this.link !== null; }

  // A conversation in `session` from that seat; the one that is open is kept if it is from there.
  open(session, zone) {
    if (this.link && this.zone === zone) return;
    this.close();
    this.zone = zone;
    this.terms = "";
    const link = socket(`/v1/realtime?${new URLSearchParams({ session, zone })}`);
    this.link = link;
    this.waiting = [];
    let greeted = false;
    link.addEventListener("message", ({ data }) => {
      if (this.link !== link) return;
      const event = JSON.parse(data);
      if (!greeted) { greeted = true; this.flush(); }
      this.onEvent(event);
    });
    link.addEventListener("close", ({ code, reason }) => {
      if (this.link !== link) return;
      this.link = null;
      this.onClose(code === 1000 ? null : new ApiProblem(0, {
        code: greeted ? "link_lost" : "no_conversation", message: reason || `WebSocket ${code}`, remedy: "",
      }));
    });
  }

  // How the conversation is held from here on; sent only when that changes.
  configure(terms) {
    const text = JSON.stringify(terms);
    if (text === this.terms) return;
    this.terms = text;
    this.send({ type: "session.update", session: terms });
  }

  send(event) {
    if (!this.link) return;
    if (this.waiting) this.waiting.push(event);
    else this.link.send(JSON.stringify(event));
  }

  close() {
    const link = this.link;
    this.link = null;
    link?.close(1000);
  }

  flush() {
    const waiting = this.waiting;
    this.waiting = null;
    for (const event of waiting) this.send(event);
  }
}
