"""What leaves for a cloud, waits for one, and comes back, as events: names and figures, no words.

All ways tell it alike (`by_cloud.py` and the others, `late.py`), so that nothing leaves by one of
them and looks other in the record.
"""

from edgewise.agent.marker import Marker
from edgewise.agent.reach import CloudSaid, Outgoing
from edgewise.core.event import Came, Kept, Left


def left(mark: Marker, outgoing: Outgoing) -> Left:
    """What leaves now; to be told before it does."""
    return mark(
        Left,
        endpoint=outgoing.endpoint,
        region=outgoing.region,
        purpose=outgoing.purpose,
        digest=outgoing.digest,
        size_bytes=outgoing.size_bytes,
        replaced=outgoing.replaced,
        pictures=outgoing.pictures,
    )


def kept(mark: Marker, outgoing: Outgoing, until: float) -> Kept:
    """What would have left and waits instead, `until` that time (wall seconds) at most."""
    return mark(
        Kept,
        endpoint=outgoing.endpoint,
        region=outgoing.region,
        purpose=outgoing.purpose,
        digest=outgoing.digest,
        size_bytes=len(outgoing.body),
        until=until,
        replaced=outgoing.replaced,
    )


def came(
    mark: Marker, endpoint: str, said: CloudSaid, *, seam: bool = False, hedged: bool = False
) -> Came:
    """How a cloud's answer ended; it takes the lap since the event before."""
    return mark(
        Came,
        endpoint=endpoint,
        attempts=said.attempts,
        input_tokens=said.input_tokens,
        output_tokens=said.output_tokens,
        cost=said.cost,
        failed=said.failed,
        seam=seam,
        took_ms=mark.lap_ms(),
        hedged=hedged,
    )
