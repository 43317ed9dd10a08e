// Says aloud, for who hears the page, what has been done.

import { byId } from "./dom.js";

export function announce(text) {
  byId("announce").textContent = text;
}
