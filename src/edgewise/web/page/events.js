// Reads server-sent events from a reply of `fetch`, which can send a header where `EventSource` can not.

// `onEvent(name, data)` for each event, with its data read as JSON. Ends when the server ends it;
// `lost(error)` is told of a connection that broke, and raises.
export async function readEvents(reply, onEvent, lost) {
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch(lost);
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) deliver(part, onEvent);
  }
}

function deliver(part, onEvent) {
  let name = "message";
  let data = "";
  for (const line of part.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (data) onEvent(name, JSON.parse(data));
}
