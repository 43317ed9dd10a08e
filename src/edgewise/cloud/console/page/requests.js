// A stream of the organisation: requests as they run and end, or another; it comes back by itself after a break.

import { stream } from "./api.js";
import { within } from "./state.js";

const SHORTEST_MS = 500;
const LONGEST_MS = 8000;

// `onNews` for each change, of requests `{running, ended}`, until `signal` ends it; `onBreak(problem)` when it breaks.
export async function watch(signal, onNews, onBreak = () => {}, place = "/requests") {
  let wait = SHORTEST_MS;
  const path = within(place);
  while (!signal.aborted) {
    try {
      await stream(path, (_, data) => {
        wait = SHORTEST_MS;
        if (!signal.aborted) onNews(data);
      }, signal);
    } catch (problem) {
      if (signal.aborted || problem.code === "signed_out") return;
      onBreak(problem);
    }
    await new Promise((done) => { setTimeout(done, wait); });
    wait = Math.min(LONGEST_MS, wait * 2);
  }
}
