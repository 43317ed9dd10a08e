// What the page knows of the device: the newest value of each target, and who wants to hear of it.

const values = new Map();
const listeners = [];

export const get = (target, missing = null) => values.get(target) ?? missing;

// Whether anything was heard of the device yet.
export const any = () => values.size > 0;

export const under = (prefix) =>
  [...values].filter(([target, value]) => target.startsWith(prefix + ".") && value !== null);

// `listener(target, value, before)` is called for each change of a target that starts with `prefix`.
export function listen(prefix, listener) {
  listeners.push({ prefix, listener });
}

export function apply(changes) {
  const first = values.size === 0;
  for (const [target, value] of Object.entries(changes)) {
    const before = values.get(target);
    if (JSON.stringify(before) === JSON.stringify(value)) continue;
    if (value === null && target.startsWith("phone.")) values.delete(target);
    else values.set(target, value);
    for (const { prefix, listener } of listeners) {
      if (target.startsWith(prefix)) listener(target, value, first ? undefined : before);
    }
  }
}
