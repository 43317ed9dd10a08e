// What is said and answered by sound: the realtime connection, its sound, and the turns on the page.
// The turns themselves come by the board, as typed ones do; here are only the words until then.

import { Loudspeaker } from "./loudspeaker.js";
import { Realtime } from "./realtime.js";

const SESSION = "cockpit";
const CONFIRMED_MS = 600; // within which the device knows whether it was speech
const UNANSWERED_MS = 12000;
const HARMLESS = new Set(["response_cancel_not_active", "conversation_already_has_active_response", "no_active_reply", "unknown_item"]);
const HEARD = "conversation.item.input_audio_transcription";

export class Conversing {
  // `page.hears(zone)` gives a turn that shows what is being said; `page.forgets(turn)` takes it
  // away; `page.takesOver(words)`: whether it asks them itself; `page.tells(state, problem)`: listening, hearing, thinking, speaking, nothing, failed, closed.
  constructor(page) {
    this.page = page;
    this.loudspeaker = new Loudspeaker(() => this.page.tells(this.loudspeaker.playing ? "speaking" : "quiet"));
    this.realtime = new Realtime((event) => this.on(event), (problem) => this.closed(problem));
    this.heard = new Map(); // item: its turn on the page, and how far its words are
    this.asks = [];
    this.reply = null; // the answer that is on its way: { id, items }
  }

  // `free`: the device tells turns apart; else `commit` does. `speaks`: it has a voice.
  begin({ zone, language, free, speaks }) {
    this.zone = zone;
    this.free = free;
    if (!this.realtime.isOpen || this.realtime.zone !== zone) this.reset();
    this.realtime.open(SESSION, zone);
    const turns = free ? { type: "semantic_vad", create_response: true, interrupt_response: true } : null;
    this.realtime.configure({
      type: "realtime", output_modalities: [speaks ? "audio" : "text"],
      audio: { input: { format: { type: "audio/pcm", rate: 24000 }, transcription: { language }, turn_detection: turns } },
    });
  }

  hear(samples) { this.realtime.send({ type: "input_audio_buffer.append", audio: toBase64(samples) }); }
  commit() { this.realtime.send({ type: "input_audio_buffer.commit" }); }
  clear() { this.realtime.send({ type: "input_audio_buffer.clear" }); }

  end() {
    this.interrupt();
    this.realtime.close();
    this.reset();
  }

  // The person speaks, or wants silence: nothing of an answer is heard from here on.
  interrupt() {
    this.fallSilent();
    if (!this.reply) return;
    for (const item of this.reply.items) this.loudspeaker.refuse(item);
    this.reply.refused = true;
    this.realtime.send({ type: "response.cancel", response_id: this.reply.id });
  }

  // Somebody seems to cut in: the answer waits until the device says whether it is speech.
  suspect() {
    if (!this.loudspeaker.playing || this.loudspeaker.held) return;
    this.loudspeaker.hold();
    this.doubt = setTimeout(() => this.loudspeaker.release(), CONFIRMED_MS);
  }

  fallSilent() {
    clearTimeout(this.doubt);
    for (const { item, ms } of this.loudspeaker.stop()) {
      this.realtime.send({ type: "conversation.item.truncate", item_id: item, content_index: 0, audio_end_ms: ms });
    }
  }

  on(event) {
    switch (event.type) {
      case "input_audio_buffer.speech_started": this.fallSilent(); this.page.tells("hearing"); break;
      case "input_audio_buffer.speech_stopped": this.page.tells("thinking"); break;
      case "input_audio_buffer.committed": this.committed(event.item_id); break;
      case "input_audio_buffer.cleared": this.overheard(); break;
      case `${HEARD}.delta`: this.words(event); break;
      case `${HEARD}.completed`: this.said(event); break;
      case `${HEARD}.failed`: this.notHeard(event); break;
      case "response.created": this.reply = { id: event.response.id, items: new Set(), refused: false }; break;
      case "response.output_audio.delta": this.sound(event); break;
      case "response.done": this.answered(event.response); break;
      case "conversation.item.truncated": this.cutThere(event.item_id); break;
      case "error": if (!HARMLESS.has(event.error.code)) this.page.tells("failed", event.error); break;
      default:
    }
  }

  of(item) {
    if (!this.heard.has(item)) this.heard.set(item, { turn: this.page.hears(this.zone), text: "", committed: false, known: false });
    return this.heard.get(item);
  }

  committed(item) {
    const said = this.of(item);
    said.committed = true;
    said.turn.fallSilent();
    this.page.tells("thinking");
  }

  words({ item_id, delta }) {
    const said = this.of(item_id);
    said.text += delta;
    said.turn.hear(said.text, false);
  }

  said({ item_id, transcript }) {
    const said = this.of(item_id);
    said.known = true;
    if (!transcript) {
      this.forget(item_id);
      this.page.tells("nothing");
      return;
    }
    if (!this.free && this.page.takesOver(transcript)) {
      this.forget(item_id);
      this.page.tells("quiet");
      return;
    }
    said.turn.hear(transcript, true);
    setTimeout(() => { if (!this.reply) said.turn.leaveUnanswered(); }, UNANSWERED_MS);
    if (this.free) return;
    this.asks.push(item_id);
    this.ask();
  }

  // One answer at a time: each of what was said has its own.
  ask() {
    if (this.reply || !this.asks.length) return;
    const id = this.asks.shift();
    this.reply = { id: undefined, items: new Set(), refused: false };
    this.realtime.send({ type: "response.create", response: { input: [{ type: "item_reference", id }] } });
  }

  notHeard({ item_id, error }) {
    this.of(item_id).turn.fail(error.message);
    this.heard.delete(item_id);
    this.page.tells("failed", error);
  }

  // Noise, the device's own voice, or words meant for somebody else.
  overheard() {
    for (const [item, said] of [...this.heard]) if (!said.committed && !said.known) this.forget(item);
    this.page.tells("quiet");
  }

  sound({ item_id, delta }) {
    this.reply?.items.add(item_id);
    if (!this.reply?.refused) this.loudspeaker.play(item_id, fromBase64(delta));
  }

  answered({ status, status_details: details }) {
    this.reply = null;
    if (status === "failed") {
      const waiting = [...this.heard.values()].find(({ turn, known }) => known && !turn.id);
      waiting?.turn.fail(details?.error?.message ?? status);
      this.page.tells("failed", details?.error);
    } else if (status === "cancelled") this.fallSilent();
    for (const [item, { turn }] of [...this.heard]) if (turn.id) this.heard.delete(item);
    this.page.tells(this.loudspeaker.playing ? "speaking" : "quiet");
    this.ask();
  }

  // The device cut an answer by itself: somebody spoke.
  cutThere(item) {
    if (this.loudspeaker.pieces.some((piece) => piece.item === item)) this.fallSilent();
  }

  forget(item) {
    const said = this.heard.get(item);
    if (said && !said.turn.id) this.page.forgets(said.turn);
    this.heard.delete(item);
  }

  closed(problem) {
    this.loudspeaker.stop();
    this.reset(problem?.message);
    this.page.tells("closed", problem);
  }

  // What was not said to its end has no answer any more.
  reset(why = "") {
    for (const [item, { turn, known }] of [...this.heard]) {
      if (turn.id || !known) this.forget(item);
      else turn.fail(why || turn.text);
    }
    this.heard.clear();
    this.asks = [];
    this.reply = null;
  }
}

const toBase64 = (samples) => btoa(String.fromCharCode(...new Uint8Array(samples)));

function fromBase64(text) {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return new Int16Array(bytes.buffer, 0, bytes.length >> 1);
}
