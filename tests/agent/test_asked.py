"""What waits for a yes to leave: its hash is of all that was shown, its words stay here."""

import msgspec

from edgewise.agent.asked import Answer, Asked, hash_of_leaving, is_kept_here, kept_here
from edgewise.core.event import Leaving
from edgewise.core.label import OriginKind, Residency, label_of
from edgewise.core.message import Message, Speaker
from edgewise.core.words import Language

LEAVING = Leaving("step", "CN", "assist", "d", 3, {"phone": 1})
MESSAGE = Message("hi", Language.ENGLISH, label_of(OriginKind.TYPED, readers=("o",)), Speaker())


def test_a_yes_names_all_that_was_shown():
    other = ["far", "US", "tools", "e", 4, {"phone": 2}, True, True, True]
    hashes = {
        hash_of_leaving(msgspec.structs.replace(LEAVING, **{field.name: value}))
        for field, value in zip(msgspec.structs.fields(Leaving), other, strict=True)
    }
    assert len(hashes | {hash_of_leaving(LEAVING)}) == len(other) + 1


def test_what_nobody_said_yes_to_stays_here_as_whose_it_is():
    kept = kept_here(MESSAGE)
    assert kept.label.residency is Residency.DEVICE
    assert (kept.label.origins, kept.label.readers) == (
        MESSAGE.label.origins,
        MESSAGE.label.readers,
    )


def test_only_a_yes_lets_a_turn_go_with_later_ones():
    asked = Asked(LEAVING, MESSAGE, ())
    assert is_kept_here(asked, None)
    assert is_kept_here(None, Answer(asked, yes=False))
    assert not is_kept_here(None, Answer(asked, yes=True))
    assert not is_kept_here(None, None)
