"""A first capability of one's own; named in the entry point group `edgewise.capabilities`."""

from typing import Annotated

from edgewise.act.plugin import Range, capability
from edgewise.core.capability import Risk


@capability(
    "garage.set_humidity",
    risk=Risk.REVERSIBLE,
    en=[("set the garage humidity to 40 percent", {"percent": 40})],
    zh=[("把车库湿度调到百分之四十", {"percent": 40})],
)
def set_humidity(percent: Annotated[int, Range(30, 70, "%"), "humidity"]) -> str:
    """Set the humidity of the garage."""
    return f"the dehumidifier holds {percent} %"
