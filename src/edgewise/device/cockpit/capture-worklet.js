// Runs on the audio thread: what the microphone gives, as 16-bit samples at 24 kHz, 20 ms a piece.
// It resamples by a windowed sinc, since not every browser does that for a microphone by itself.

const WANTED_HZ = 24000;
const PIECE = 480;
const ZEROS = 12; // zero crossings of the sinc to each side

const divisor = (a, b) => (b ? divisor(b, a % b) : a);

// A low-pass at each place between two input samples that an output sample can fall on.
function kernels(phases, step, half) {
  const cut = Math.min(1, 1 / step);
  return Array.from({ length: phases }, (_, phase) => Float32Array.from({ length: 2 * half }, (_, tap) => {
    const x = tap - half + 1 - phase / phases;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / half);
    return Math.abs(x) >= half ? 0 : cut * window * (x === 0 ? 1 : Math.sin(Math.PI * x * cut) / (Math.PI * x * cut));
  }));
}

class Resampler {
  constructor(hz) {
    const common = divisor(hz, WANTED_HZ);
    this.up = WANTED_HZ / common;
    this.down = hz / common;
    this.half = Math.ceil(ZEROS * Math.max(1, this.down / this.up));
    this.kernels = kernels(this.up, this.down / this.up, this.half);
    this.held = new Float32Array(this.half - 1);
    this.place = 0; // of the next output sample, in 1 / up of an input sample, from `held[half - 1]`
  }

  feed(input, give) {
    const samples = new Float32Array(this.held.length + input.length);
    samples.set(this.held);
    samples.set(input, this.held.length);
    for (;;) {
      const whole = Math.floor(this.place / this.up);
      if (whole + 2 * this.half > samples.length) break;
      const kernel = this.kernels[this.place % this.up];
      let sum = 0;
      for (let tap = 0; tap < kernel.length; tap += 1) sum += kernel[tap] * samples[whole + tap];
      give(sum);
      this.place += this.down;
    }
    const done = Math.min(Math.floor(this.place / this.up), samples.length);
    this.held = samples.slice(done);
    this.place -= done * this.up;
  }
}

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate);
    this.open = true;
    this.begin();
    this.port.onmessage = () => { this.open = false; };
  }

  begin() {
    this.piece = new Int16Array(PIECE);
    this.filled = 0;
    this.peak = 0;
  }

  process([input]) {
    if (input.length) this.resampler.feed(input[0], (value) => this.take(value));
    return this.open;
  }

  take(value) {
    const bounded = Math.max(-1, Math.min(1, value));
    this.peak = Math.max(this.peak, Math.abs(bounded));
    this.piece[this.filled] = Math.round(bounded * 32767);
    this.filled += 1;
    if (this.filled < PIECE) return;
    this.port.postMessage({ samples: this.piece.buffer, peak: this.peak }, [this.piece.buffer]);
    this.begin();
  }
}

registerProcessor("capture", Capture);
