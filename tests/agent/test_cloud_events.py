"""What leaves, waits and comes back is told by its figures, the same whichever way it took."""

from edgewise.agent.cloud_events import came, kept, left
from edgewise.agent.marker import Marker
from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.core.clock import SystemClock

OUT = Outgoing("step", "CN", "assist", "why, 张三".encode(), "d" * 64, {"phone": 1}, earlier=2)


def mark() -> Marker:
    return Marker("t1", SystemClock())


def test_what_leaves_and_what_waits_is_told_alike_and_by_its_bytes():
    gone, waits = left(mark(), OUT), kept(mark(), OUT, 9.0)
    assert (gone.endpoint, gone.region, gone.purpose) == ("step", "CN", "assist")
    assert (gone.size_bytes, gone.digest, gone.replaced) == (len(OUT.body), "d" * 64, {"phone": 1})
    same = ("endpoint", "region", "purpose", "digest", "size_bytes", "replaced")
    assert [getattr(gone, name) for name in same] == [getattr(waits, name) for name in same]
    assert waits.until == 9.0


def test_how_an_answer_ended_is_told_with_what_it_cost():
    said = CloudSaid((), 3, 2, 0.01, "cloud_away")
    event = came(mark(), "step", said, seam=True, hedged=True)
    assert (event.endpoint, event.input_tokens, event.output_tokens) == ("step", 3, 2)
    assert (event.cost, event.failed, event.seam, event.hedged) == (0.01, "cloud_away", True, True)
