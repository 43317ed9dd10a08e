"""Findings that overlap become one that leaves no rest."""

from edgewise.core.label import Sensitivity
from edgewise.route.recognise.found import NEVER_RESTORED, SENSITIVITY, Kind, found, settle


def test_overlapping_findings_cover_both_stretches_under_the_more_harmful_kind():
    settled = settle([found(Kind.PHONE, 0, 8), found(Kind.KEY, 5, 12), found(Kind.AGE, 20, 22)])
    assert settled == (found(Kind.KEY, 0, 12), found(Kind.AGE, 20, 22))


def test_a_finding_inside_a_longer_one_of_equal_harm_is_the_longer_one():
    assert settle([found(Kind.PERSON, 3, 5), found(Kind.ADDRESS, 0, 9)]) == (
        found(Kind.ADDRESS, 0, 9),
    )


def test_neighbours_stay_apart():
    both = (found(Kind.PHONE, 0, 3), found(Kind.PERSON, 3, 6))
    assert settle(reversed(both)) == both


def test_every_secret_kind_is_never_restored():
    secret = {kind for kind in Kind if SENSITIVITY[kind] is Sensitivity.SECRET}
    assert secret == {Kind.KEY, Kind.PASSWORD, Kind.CODE}
    assert secret | {Kind.RESIDENT_ID, Kind.CARD, Kind.IBAN, Kind.SSN} <= NEVER_RESTORED
