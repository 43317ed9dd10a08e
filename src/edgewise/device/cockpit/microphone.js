// The microphone of this browser: pieces of 24 kHz sound while it is open, and why it does not open.

const WISHES = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const WHY = {
  NotAllowedError: "mic_refused", SecurityError: "mic_refused",
  NotFoundError: "mic_missing", OverconstrainedError: "mic_missing",
  NotReadableError: "mic_busy", AbortError: "mic_busy",
};
const loaded = new WeakMap();

// `key` is that of the words which say it.
export class MicrophoneProblem extends Error {
  constructor(key, detail = "") {
    super(detail || key);
    this.key = key;
  }
}

// Opens it. `onSound(samples, peak)`: 20 ms as an ArrayBuffer of 16-bit samples, and how loud they
// are (0 to 1); `onLost()`: it was unplugged, or the permission taken back. Returns what closes it.
export async function openMicrophone(context, onSound, onLost) {
  if (!navigator.mediaDevices || !context.audioWorklet) throw new MicrophoneProblem("mic_insecure");
  const [stream] = await Promise.all([ask(), load(context)]);
  const source = context.createMediaStreamSource(stream);
  const capture = new AudioWorkletNode(context, "capture", { numberOfInputs: 1, numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  capture.port.onmessage = ({ data }) => onSound(data.samples, data.peak);
  source.connect(capture);
  const [track] = stream.getAudioTracks();
  track.addEventListener("ended", onLost);
  return () => {
    track.removeEventListener("ended", onLost);
    capture.port.onmessage = null;
    capture.port.postMessage("close");
    source.disconnect();
    for (const one of stream.getTracks()) one.stop();
  };
}

async function ask() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: WISHES });
  } catch (error) {
    throw new MicrophoneProblem(WHY[error.name] ?? "mic_broken", error.message);
  }
}

// Once for each context; a module that did not load is tried again.
function load(context) {
  if (!loaded.has(context)) {
    const loading = context.audioWorklet.addModule("capture-worklet.js");
    loaded.set(context, loading);
    loading.catch(() => loaded.delete(context));
  }
  return loaded.get(context);
}
