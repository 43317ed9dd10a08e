"""`edgewise tunnel`: the device as if there were no network, until you leave it again."""

from typing import Annotated, Literal

import typer

from edgewise.cli.language import Tongue, spoken
from edgewise.core.words import Words
from edgewise.device.config import data_folder

Wanted = Annotated[
    Literal["on", "off"] | None,
    typer.Argument(metavar="[on|off]", help="Enter or leave it; without either it is told."),
]


def tunnel(wanted: Wanted = None, language: Tongue = None) -> None:
    """Enter or leave the tunnel: no network for the device.

    In it the device sends nothing. It counts at once, also for a device that runs, and holds across
    a restart.
    """
    from edgewise.device.folder import prepare
    from edgewise.device.tunnel import set_tunnel, tunnel_of

    folder, tongue = data_folder(), spoken(language)
    if wanted is not None:
        prepare(folder)
        set_tunnel(folder, on=wanted == "on")
    inside, damage = tunnel_of(folder)
    if damage is not None:
        print(damage.said_in(tongue))
    print((_IN if inside else _OUT).said_in(tongue))


_IN = Words(
    "on: the device acts as if there were no network; nothing leaves it. End: edgewise tunnel off",
    "on：本机按没有网络处理，任何内容都不离开本机。结束：edgewise tunnel off",
)
_OUT = Words(
    "off: the network is used where mode, rules and consents allow it",
    "off：在模式、规则和同意允许时使用网络",
)
