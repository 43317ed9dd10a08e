"""A consent holds from when it is given until it is revoked, is over, or its drive is."""

import pytest

from edgewise.core.endpoint import Consent

GIVEN = Consent("c1", "step", "assist", granted_at=100.0)


@pytest.mark.parametrize(
    ("consent", "now", "drive", "holds"),
    [
        (GIVEN, 100.0, "", True),
        (GIVEN, 99.9, "", False),
        (Consent("c", "s", "p", 100.0, expires_at=200.0), 199.9, "", True),
        (Consent("c", "s", "p", 100.0, expires_at=200.0), 200.0, "", False),
        (Consent("c", "s", "p", 100.0, expires_at=0.0), 150.0, "", False),
        (Consent("c", "s", "p", 100.0, revoked_at=150.0), 120.0, "", False),
        (Consent("c", "s", "p", 100.0, drive="d1"), 150.0, "d1", True),
        (Consent("c", "s", "p", 100.0, drive="d1"), 150.0, "d2", False),
        (Consent("c", "s", "p", 100.0, drive="d1"), 150.0, "", False),
    ],
)
def test_a_consent_holds_for_its_time_and_drive(
    consent: Consent, now: float, drive: str, holds: bool
):
    assert consent.holds(now, drive) is holds
