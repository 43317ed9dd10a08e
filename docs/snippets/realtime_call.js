// A page talks by WebRTC: the microphone goes in, the answer is played, events go beside them.
async function call(address, key, onEvent) {
  const peer = new RTCPeerConnection();
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  peer.addTrack(microphone.getAudioTracks()[0], microphone);
  const loudspeaker = new Audio();
  peer.ontrack = ({ track }) => {
    loudspeaker.srcObject = new MediaStream([track]);
    loudspeaker.play();
  };
  const events = peer.createDataChannel("oai-events");
  events.onmessage = ({ data }) => onEvent(JSON.parse(data));
  await peer.setLocalDescription();
  const reply = await fetch(address, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/sdp" },
    body: peer.localDescription.sdp,
  });
  if (!reply.ok) throw new Error(await reply.text());
  await peer.setRemoteDescription({ type: "answer", sdp: await reply.text() });
  return { peer, events, loudspeaker, location: reply.headers.get("Location") };
}
