"""Whether an order is denied: "don't open it", 别把空调关了, "keep the sunroof closed".

Words of denial can order something too ("don't avoid tolls", 别响了) or stand in what shall be told
to somebody; neither denies the call.
"""

# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.regex import regex
from edgewise.think.understanding.clauses import holds_free_text
from edgewise.think.understanding.guards import acts_on_car
from edgewise.think.understanding.kind import under_denial
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.mentioned import without_names
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.polarity import read_polarity
from edgewise.think.understanding.verbatim import order_of

_SWITCHED = frozenset(
    {"on", "enabled", "state", "level", "locked", "open", "percent", "action", "op"}
)
_LEFT_ALONE = regex(
    r"(?:别|不要|不许|不准|不能|先不)(?:再)?(?:把|将|给)|别再?(?!.{1,2}着了)[大高亮快响热冷小低暗慢]|(?:别(?:再)?|不要(?:再)?|不必|不用|不需要|没必要|不必|无需|甭|用不着|犯不着)[^,]{0,6}[开关锁升降调收折停解]"
    r"|\b(?:need|have|has|want|got|necessary) (?:you )?to (?:turn|switch|open|close|shut|lock|unlock|fold|raise|lower|start|stop|put)\b|\bneeds? (?:\w+ing)\b"
)
"""别把空调关了 wants nothing to happen; 别吹了 wants something to end."""

_AS_IT_IS = regex(
    r"\bleave (?:it|them|that) (?:open|closed|shut|on|off|alone|(?:un)?locked)$|^(?:you can )?(?:leave|keep) .*\b(?:open|closed|shut|on|off|alone|(?:un)?locked|as (?:it|they) (?:is|are))$"
    r"|\b(?:stay|remain|be left|be kept) (?:open|closed|shut|on|off|alone|as (?:it|they) (?:is|are))$"
    r"|[这那]样[^,]{0,3}[开关亮锁]着|(?:留着|别动|不要动|不用动|不用管)(?:吧|就好|就行|好了)?$"
    r"|保持.{0,8}[开关]|让.{1,6}[开关]着|^就?这样别动"
)
"""An order to change nothing: "keep the sunroof closed"."""

_PLAY = regex(
    r"(?:play|put on|listen to|watch|queue|stream) (?=.)|(?:我?想|我?要|给我|帮我)*(?:播|放(?!了|过|下)|放一?下|来一?[首段]|听(?!不))(?=.)"
)
"""Behind it stands a title, whatever its words deny."""


def is_denied(known: Known, name: str, bare: Normal, clause: Normal, whole: Normal) -> bool:
    """Whether nothing shall be done, or all be left as it is."""
    order = order_of(bare.plain)
    declared = known.declared.get(name)
    if declared is not None and not acts_on_car(declared.capability):
        order = order_of(without_names(bare.plain, known.mentions(bare.plain, whole.plain)))
    if _AS_IT_IS.search(order) and not holds_free_text(bare.plain):
        return True
    if name == "media.play" and _PLAY.match(order):
        return False
    if read_polarity(order).negated and not _tells(known, name, bare.plain):
        return not _negation_is_order(known, name, bare.plain)
    return under_denial(whole.plain, clause.plain)


def _tells(known: Known, name: str, plain: str) -> bool:
    """Whether a denial stands in the words to be told: "tell mom don't wait" denies nothing."""
    declared = known.declared.get(name)
    return declared is not None and "body" in declared.slots and holds_free_text(plain)


def _negation_is_order(known: Known, name: str, plain: str) -> bool:
    """别响了, 不用加热了, "don't avoid": words of denial that ask for something to end."""
    declared = known.declared.get(name)
    if declared is None:
        return False
    if plain.strip(" .!?") in declared.exact:
        return True
    if name == "nav.edit_route":
        return _WAY.search(plain) is not None and _STOPS.search(plain) is None
    ends_by_switch = any(a.name in _SWITCHED for a in declared.capability.arguments)
    if (not ends_by_switch and name != "nav.cancel") or _LEFT_ALONE.search(plain):
        return False
    if name == "nav.cancel" and _CANCELS.search(plain):
        return False
    ends = plain.endswith(("了", "了吧", "了啊", "any more", "anymore")) or name == "nav.cancel"
    return ends and not plain.startswith(("don't", "do not", "never"))


_WAY = regex(
    r"\b(?:avoid|take|use|go|drive|via|toll|highway|motorway|ferry|ferries)|走|避|绕|躲|高速|收费"
)
_STOPS = regex(
    r"\b(?:stops?|add|remove|delete|change|destination)\b|途[经径]|目的地|[加删添换改]|去掉|取消"
)
"""How to go is wished for in words of denial ("don't take the motorway"); stops are not."""
_CANCELS = regex(r"\b(?:cancel|stop|end|exit|quit|abort)|退出|取消|结束|关|停|[换改变]")
"""A denial of this leaves the route as it is."""
