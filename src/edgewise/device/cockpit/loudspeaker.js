// Plays answers as their sound comes, without gaps, and stops at once; it knows what was really heard.

const HZ = 24000;
const AHEAD_S = 0.06; // of sound that waits before an answer begins, so that a late piece leaves no gap
const FADE_S = 0.012;
const KEY = "edgewise.loudspeaker";

export class Loudspeaker {
  // `onChange()` when it begins or falls silent.
  constructor(onChange) {
    this.onChange = onChange;
    this.pieces = [];
    this.held = false;
    this.lengths = new Map();
    this.cut = new Set();
    Object.assign(this, { volume: 1, muted: false }, remembered());
  }

  // To be called by a gesture of the person, else browsers keep it silent.
  wake() {
    if (!this.context) {
      this.context = new AudioContext({ latencyHint: "interactive" });
      this.out = this.context.createGain();
      this.out.connect(this.context.destination);
      this.applyVolume();
    }
    if (!this.held) this.context.resume();
  }

  get playing() { return this.pieces.length > 0; }

  setVolume(volume) { this.volume = volume; this.muted = volume === 0; this.keep(); }
  setMuted(muted) { this.muted = muted; if (!muted && this.volume === 0) this.volume = 1; this.keep(); }

  // 16-bit samples of an answer, behind what is there of it; nothing of one that was stopped.
  play(item, samples) {
    if (this.cut.has(item) || !samples.length || !this.context) return;
    const buffer = this.context.createBuffer(1, samples.length, HZ);
    buffer.copyToChannel(Float32Array.from(samples, (value) => value / 32768), 0);
    if (!this.playing) this.fader = this.newFader();
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.fader);
    const last = this.pieces.at(-1);
    const begins = Math.max(this.context.currentTime + (last ? 0 : AHEAD_S), last?.ends ?? 0);
    const piece = { item, source, begins, ends: begins + buffer.duration, before: this.lengths.get(item) ?? 0 };
    this.lengths.set(item, piece.before + buffer.duration);
    source.onended = () => this.remove(piece);
    source.start(begins);
    this.pieces.push(piece);
    if (!last) this.onChange();
  }

  // Silence, from which the answer goes on where it was.
  hold() {
    if (this.held || !this.playing) return;
    this.held = true;
    this.context.suspend();
  }

  release() {
    if (!this.held) return;
    this.held = false;
    this.context.resume();
  }

  // Silence now. Returns each answer that was cut: how much of it was heard, in milliseconds.
  stop() {
    if (!this.playing) return [];
    const now = this.context.currentTime;
    const heardUntil = now - (this.context.outputLatency || 0);
    const heard = new Map();
    for (const { item, source, begins, before } of this.pieces) {
      this.cut.add(item);
      const part = Math.max(0, Math.min(heardUntil - begins, source.buffer.duration));
      if (part || !heard.has(item)) heard.set(item, Math.round((before + part) * 1000));
      source.onended = null;
      if (this.held) source.disconnect();
      else source.stop(now + FADE_S);
    }
    this.fader.gain.setValueAtTime(1, now);
    this.fader.gain.linearRampToValueAtTime(0, now + FADE_S);
    this.pieces = [];
    this.release();
    this.onChange();
    return [...heard].map(([item, ms]) => ({ item, ms }));
  }

  // Nothing of that answer is played, also not what still comes of it.
  refuse(item) { this.cut.add(item); }

  remove(piece) {
    this.pieces = this.pieces.filter((one) => one !== piece);
    if (!this.playing) this.onChange();
  }

  newFader() {
    const fader = this.context.createGain();
    fader.connect(this.out);
    return fader;
  }

  applyVolume() {
    this.out?.gain.setTargetAtTime(this.muted ? 0 : this.volume ** 2, this.context.currentTime, 0.01);
  }

  keep() {
    this.applyVolume();
    try { localStorage.setItem(KEY, JSON.stringify({ volume: this.volume, muted: this.muted })); } catch { /* lasts for this page */ }
  }
}

function remembered() {
  try {
    const { volume, muted } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { ...(volume >= 0 && volume <= 1 ? { volume } : {}), ...(typeof muted === "boolean" ? { muted } : {}) };
  } catch { return {}; }
}
