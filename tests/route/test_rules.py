"""Each hard rule forbids what it is for, and the plain case is forbidden by none."""

from typing import Any

import pytest
from msgspec.structs import replace

from edgewise.core.endpoint import Condition, Consent, Endpoint
from edgewise.core.label import Residency, Sensitivity
from edgewise.core.place import Mode
from edgewise.route.rules import (
    RULES,
    consent_for,
    forbidden,
    forbidding,
    needs_only_a_yes,
    open_to,
)
from tests.route.questions import FAR, NEAR, NOW, YES, YES_FAR, question


def ids(endpoint: Endpoint = NEAR, **changes: Any) -> list[str]:
    return [rule.id for rule in forbidding(question(**changes), endpoint)]


def test_a_message_with_a_consent_may_go_to_a_cloud_in_the_region():
    assert ids() == []
    assert ids(FAR, consents=(YES_FAR,)) == []


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"residency": Residency.DEVICE}, ["R1"]),
        ({"readers": ("owner",)}, ["R2"]),
        ({"readers": ()}, ["R2"]),
        ({"expires_at": NOW}, ["R3"]),
        ({"sensitivity": Sensitivity.SECRET}, ["R4"]),
        ({"purposes": ("navigation",)}, ["P1"]),
        ({"purposes": ()}, ["P1"]),
        ({"consents": ()}, ["P3"]),
        ({"purpose": "training"}, ["P3"]),
    ],
)
def test_each_rule_forbids_on_its_own(changes: dict[str, Any], rules: list[str]):
    assert ids(**changes) == rules


def test_what_lasts_a_moment_longer_may_go():
    assert ids(expires_at=NOW + 0.001, purposes=("assist",)) == []


def test_a_consent_of_another_time_drive_purpose_or_cloud_is_none():
    for consent in (
        replace(YES, revoked_at=NOW - 1),
        replace(YES, granted_at=NOW + 1),
        replace(YES, expires_at=NOW),
        replace(YES, drive="d1"),
        replace(YES, purpose="training"),
        replace(YES, recipient="far"),
    ):
        assert ids(consents=(consent,)) == ["P3"]
    assert ids(consents=(replace(YES, drive="d1"),), drive="d1") == []


def test_a_cloud_that_moved_since_the_yes_is_another():
    noted = replace(YES, address=NEAR.address, region="CN")
    assert ids(consents=(noted,)) == []
    moved = replace(NEAR, address="https://elsewhere.example/v1")
    assert ids(moved, consents=(noted,)) == ["P3"]
    assert "P3" in ids(replace(NEAR, region="US"), consents=(noted,))


def test_the_consent_that_fits_counts_beside_one_that_does_not():
    sensitive = Consent("a", "far", "assist", 1.0, sensitive=True)
    crossing = Consent("b", "far", "assist", 1.0, crossing=True)
    assert ids(FAR, consents=(sensitive, crossing)) == []
    asked = question(consents=(crossing, sensitive), sensitivity=Sensitivity.SENSITIVE)
    assert consent_for(asked, NEAR) is None


def test_two_consents_for_half_of_it_each_are_none_for_the_whole():
    sensitive = Consent("a", "far", "assist", 1.0, sensitive=True)
    crossing = Consent("b", "far", "assist", 1.0, crossing=True)
    told = ids(FAR, consents=(sensitive, crossing), sensitivity=Sensitivity.SENSITIVE)
    assert told in (["P2"], ["P4.consent"])


def test_two_clouds_of_one_name_have_only_what_both_may_have():
    twin = replace(FAR, name="near")
    for pair in ((NEAR, twin), (twin, NEAR)):
        rules = [rule.id for rule in forbidden(question(endpoints=pair))["near"]]
        assert rules == ["P4.consent"]


def test_only_a_lacking_consent_can_be_mended_by_a_yes():
    asked = question(consents=(), sensitivity=Sensitivity.SENSITIVE)
    assert needs_only_a_yes(forbidding(asked, NEAR))
    assert needs_only_a_yes(forbidding(question(consents=()), FAR))
    assert not needs_only_a_yes(forbidding(question(residency=Residency.DEVICE), NEAR))
    assert not needs_only_a_yes(forbidding(question(consents=()), replace(FAR, crossing="")))
    assert not needs_only_a_yes(())


def test_the_rule_that_is_told_first_is_one_that_no_yes_mends():
    asked = question(consents=(), residency=Residency.DEVICE)
    assert [rule.id for rule in forbidding(asked, NEAR)] == ["R1", "P3"]


def test_every_rule_has_its_own_id_a_source_and_words():
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.source
        assert rule.words.en != rule.words.zh


@pytest.mark.parametrize(
    ("changes", "clouds"),
    [
        ({}, (NEAR.recipient,)),
        ({"mode": Mode.DEVICE_ONLY}, ()),
        ({"declined": True}, ()),
        ({"mode": Mode.ASK}, ()),
        ({"mode": Mode.ASK, "agreed": True, "agreed_to": NEAR.name}, (NEAR.recipient,)),
        ({"mode": Mode.ASK, "agreed": True, "agreed_to": "another"}, ()),
        ({"consents": ()}, ()),
        ({"residency": Residency.DEVICE}, ()),
        ({"condition": Condition(online=False)}, (NEAR.recipient,)),
    ],
)
def test_where_a_message_might_go_as_things_are(changes: dict[str, Any], clouds: tuple[str, ...]):
    asked = question(**{"endpoints": (NEAR,), "mode": Mode.PREFER_CLOUD, **changes})
    assert open_to(asked) == clouds
