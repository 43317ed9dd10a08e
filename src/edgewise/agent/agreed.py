"""What a yes is good for: the very effects that were shown, and the rules that asked (22, 28, 31).

Pure. Whether the yes came in time, once and from the seat that was asked is `session.py`.
"""

from collections.abc import Collection, Sequence

from edgewise.core.call import Effect, RuleText
from edgewise.core.event import PendingCall
from edgewise.core.message import Speaker
from edgewise.core.zone import Zone

_DRIVERS = ("R22", "R28")


def asks_driver(rules: Collection[RuleText]) -> bool:
    """Whether one of `rules` asks the driver, whoever spoke: a child must not say yes to the
    window beside it (rule 22), nor anybody else to what is the driver's (rule 28)."""
    return any(rule.id.startswith(_DRIVERS) for rule in rules)


def covers(
    shown: PendingCall | None,
    effects: Sequence[Effect],
    asking: Collection[RuleText],
    speaker: Speaker,
) -> bool:
    """Whether the yes of `speaker` to what was `shown` (None: to nothing) lets `effects` happen
    although the rules in `asking` ask: it is no yes to another effect, to a rule that has come to
    ask since, or to one that asks the driver unless it is the driver's."""
    if shown is None or tuple(shown.effects) != tuple(effects):
        return False
    if asks_driver(asking) and speaker.zone is not Zone.DRIVER:
        return False
    return {rule.id for rule in asking} <= {rule.id for rule in shown.rules}
