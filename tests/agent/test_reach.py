"""What leaves is a value that can be kept and shown as it was."""

import hashlib

import msgspec

from edgewise.agent.reach import Outgoing


def test_what_leaves_can_be_kept_and_shown_as_it_was():
    body = '{"messages":[{"role":"user","content":"<PHONE_1> 是谁？"}]}'.encode()
    outgoing = Outgoing(
        "step", "CN", "assist", body, hashlib.sha256(body).hexdigest(), {"phone": 1}
    )
    kept = msgspec.msgpack.encode(outgoing)
    assert msgspec.msgpack.decode(kept, type=Outgoing) == outgoing
