"""What somebody else's functions put on a screen: rules 18 and 19 have no other user.

The built-in catalogue counts no looks and operates no app; third parties' functions may, and come
to the device as declarations with examples, like any other. Each is said, resolved and decided the
whole way; `Screens` is where it would have landed. What the catalogue's own `app.open` shows (rules
14 to 16 and 20) needs none of these.
"""

from collections.abc import AsyncIterator, Sequence

from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Resolution, Resolved
from edgewise.core.capability import Capability, Example, Risk
from edgewise.core.clock import Clock
from edgewise.core.signal import JsonValue, Reading, Snapshot
from edgewise.core.words import Words


class Screens:
    """A driver that keeps what was written to it."""

    receipts_only: tuple[str, ...] = ()

    def __init__(self, prefix: str, clock: Clock) -> None:
        self.prefix = prefix
        self.shown: dict[str, JsonValue] = {}
        self._clock = clock

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        now = self._clock.monotonic()
        return {t: Reading(self.shown[t], now) for t in targets if t in self.shown}

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        self.shown |= {effect.target: effect.value for effect in effects}
        return {}

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        yield await self.read(targets)


def _function(
    name: str, target: str, en: Sequence[str], zh: Sequence[str], *claims: str
) -> Function:
    def resolve(_call: Call, _snapshot: Snapshot) -> Resolution:
        return Resolved((Effect(target, True),), facts=claims)

    declared = Capability(
        name,
        Words(en[0], zh[0]),
        Risk.REVERSIBLE,
        actuators=(target,),
        provider="somebody",
        en=tuple(Example(text) for text in en),
        zh=tuple(Example(text) for text in zh),
        done=Words("Shown.", "已显示。"),
    )
    return Function(declared, resolve)


APPS = (
    _function(
        "ticket.choose", "plugin.ticket",
        ("pick seats on the seat map", "choose cinema seats by steps", "select my seats by hand"),
        ("在座位图上选座", "一步步选电影座位", "手动选座"), "visual_steps=9",
    ),
    _function(
        "shop.tap", "gui.tap",
        ("tap checkout in the shop app", "press checkout for me", "click checkout in the app"),
        ("在商城应用里点击结算", "帮我点结算按钮", "点一下结算"),
    ),
    _function(
        "shop.quietly", "gui.headless.tap",
        ("tap checkout in the background", "press checkout without showing it",
         "click checkout behind the scenes"),
        ("在后台点击结算", "不显示界面点结算", "后台帮我点结算"),
    ),
)  # fmt: skip
