"""The privacy rules P1 to P11 of the boundary to clouds, each by its number, and R1 to R4.

Bytes on the line (P11) are held where those are made; here stands what decides, what a payload
holds, what a fresh device is, and what is left on the disk of what was erased. Articles are
reminders for engineers. Source: reference note on routing, section 4.
"""

import json
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from edgewise.core.clock import SystemClock
from edgewise.core.endpoint import Consent, Endpoint
from edgewise.core.event import Kept
from edgewise.core.label import Label, Residency, Sensitivity, join
from edgewise.core.place import Mode, Way
from edgewise.device.chosen_mode import mode_of
from edgewise.device.clouds import check_clouds
from edgewise.device.config import Config, load_config
from edgewise.device.consents import Consents
from edgewise.device.erase import erase_of
from edgewise.device.tunnel import set_tunnel
from edgewise.errors import TrustError
from edgewise.route.payload import PURPOSES, Part, Turn, build_payload
from edgewise.route.pseudonym import Pseudonyms
from edgewise.route.question import Question
from edgewise.route.recognise import Known
from edgewise.route.route import decide, decide_after
from edgewise.route.rules import forbidding
from tests.device.test_reach import ask
from tests.device.waiting import ASKED as ASKED_LATER
from tests.device.waiting import CANARY as MAIL_LATER
from tests.device.waiting import bytes_below, desert
from tests.route.questions import FAR, HARD, NEAR, NOW, POLICY, YES, YES_FAR, question

ROOT = Path(__file__).resolve().parents[2]
ASKED = Turn(Part.USER, "what is it")
NOBODY = Known()
GONE = (Way.CLOUD, Way.DELEGATE, Way.AGENT, Way.QUEUE)


def rules(endpoint: Endpoint = NEAR, **changes: Any) -> set[str]:
    return {rule.id for rule in forbidding(question(**changes), endpoint)}


def way(**changes: Any) -> Way:
    """By which way a question goes that is too hard for the device."""
    return decide(question(score=HARD, **changes), POLICY).way


def stand_ins() -> Pseudonyms:
    return Pseudonyms(b"k" * 32, "session")


def abroad(**changes: Any) -> dict[str, Any]:
    return {"endpoints": (FAR,), "consents": (YES_FAR,)} | changes


def test_the_plain_case_leaves_so_that_the_refusals_below_mean_something():
    assert way() is Way.CLOUD
    assert way(**abroad()) is Way.CLOUD


def test_p1_what_was_given_for_one_purpose_does_not_leave_for_another():
    assert rules(purposes=("navigation",)) == {"P1"}
    assert way(purposes=("navigation",)) is Way.DEVICE
    both = join([Label(purposes=("assist", "navigation")), Label(purposes=("navigation",))])
    assert way(purposes=both.purposes) is Way.DEVICE, "a derived text has the common purposes"


@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_p1_a_payload_holds_only_the_parts_on_its_purposes_list(purpose: str):
    turns = [
        Turn(part, f"the {part.value} has canary{part.value}")
        for part in Part
        if part is not Part.LOCATION
    ]
    payload = build_payload([*turns, ASKED], purpose, stand_ins(), NOBODY, now=NOW)
    sent = {part for part in Part if any(f"canary{part.value}" in t.text for t in payload.turns)}
    assert sent == PURPOSES[purpose].parts - {Part.LOCATION}


def test_p1_no_purpose_no_payload():
    with pytest.raises(TrustError, match="nothing may leave for 'training'"):
        build_payload([ASKED], "training", stand_ins(), NOBODY, now=NOW)


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.DEVICE_ONLY])
def test_p2_the_sensitive_class_leaves_only_with_a_separate_consent(mode: Mode):
    plain = replace(YES, sensitive=False)
    sensitive = {"sensitivity": Sensitivity.SENSITIVE, "mode": mode, "agreed": True}
    assert rules(consents=(plain,), sensitivity=Sensitivity.SENSITIVE) == {"P2"}
    assert way(consents=(plain,), **sensitive) not in GONE
    assert way(consents=(YES,), **sensitive) is Way.CLOUD
    assert way(consents=(replace(YES, revoked_at=NOW),), **sensitive) not in GONE


def test_p3_another_handler_gets_nothing_without_a_consent_for_it_and_the_purpose():
    for consent in (replace(YES, recipient="far"), replace(YES, purpose="training")):
        assert rules(consents=(consent,)) == {"P3"}
        assert way(consents=(consent,)) is Way.DEVICE


def test_p3_a_consent_record_names_recipient_purpose_method_and_categories(tmp_path: Path):
    given = Consents(tmp_path, SystemClock()).grant(NEAR, "assist")
    named = (given.recipient, given.address, given.region, given.purpose, given.method)
    assert all(named)
    assert given.categories


def test_p3_a_provider_that_changed_behind_its_name_needs_a_new_consent(tmp_path: Path):
    given = Consents(tmp_path, SystemClock()).grant(NEAR, "assist")
    now = given.granted_at + 1
    asked = question(consents=(given,), now=now)
    moved = replace(NEAR, address="https://other.example/v1")
    assert [rule.id for rule in forbidding(asked, moved)] == ["P3"]
    assert forbidding(asked, NEAR) == ()


def test_p4_another_region_needs_a_mechanism_and_a_separate_consent():
    assert rules(replace(FAR, crossing=""), consents=(YES_FAR,)) == {"P4"}
    assert rules(FAR, consents=(replace(YES_FAR, crossing=False),)) == {"P4.consent"}
    assert way(**abroad(endpoints=(replace(FAR, crossing=""),))) is Way.DEVICE
    assert way(**abroad(consents=(replace(YES_FAR, crossing=False),))) is Way.DEVICE


def test_p4_an_exemption_covers_nothing_sensitive():
    exempt = replace(FAR, crossing="exemption:below-100k")
    assert rules(exempt, consents=(YES_FAR,)) == set()
    assert rules(exempt, consents=(YES_FAR,), sensitivity=Sensitivity.SENSITIVE) == {"P4"}


def test_p4_a_device_that_does_not_know_where_it_is_takes_every_cloud_as_abroad():
    assert rules(replace(NEAR, crossing="SCC"), region="") == {"P4.consent"}
    assert way(region="") is Way.DEVICE


def test_p5_sensitive_or_abroad_without_an_impact_assessment_stays():
    unassessed = replace(NEAR, assessment="")
    assert rules(unassessed) == set()
    assert rules(unassessed, sensitivity=Sensitivity.SENSITIVE) == {"P5"}
    assert rules(replace(FAR, assessment=""), consents=(YES_FAR,)) == {"P5"}


def test_p5_no_settings_that_are_shipped_cross_a_border_without_an_assessment():
    """The build fails here when an example does."""
    for path in sorted((ROOT / "docs" / "snippets").glob("config*.toml")):
        config = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Config)
        check_clouds(config.cloud)
        for cloud in config.cloud:
            crosses = cloud.region != config.region
            assert cloud.assessment or not crosses, f"{path.name}: {cloud.name}"


def test_p6_the_default_sends_nothing(tmp_path: Path):
    fresh = load_config(tmp_path)
    assert (fresh.mode, fresh.cloud) == (Mode.DEVICE_ONLY, ())
    assert Consents(tmp_path, SystemClock()).in_force() == ()


def test_p6_what_was_agreed_to_for_a_drive_is_off_when_the_next_begins(tmp_path: Path):
    consents = Consents(tmp_path, SystemClock())
    drive = consents.begin_drive()
    given = consents.grant(NEAR, "assist", this_drive=True)
    then = {"consents": (given,), "now": given.granted_at + 1}
    assert way(drive=drive, **then) is Way.CLOUD
    assert way(drive=consents.begin_drive(), **then) is Way.DEVICE
    assert consents.in_force() == ()


@pytest.mark.parametrize(
    ("purpose", "told"), [("weather", "31.2, 121.5"), ("navigate", "31.23, 121.47")]
)
def test_p6_a_position_is_as_coarse_as_its_purpose_allows(purpose: str, told: str):
    here = Turn(Part.LOCATION, "31.230412, 121.473701")
    payload = build_payload([here, ASKED], purpose, stand_ins(), NOBODY, now=NOW)
    texts = [turn.text for turn in payload.turns]
    assert told in texts
    assert "31.2304" not in "".join(texts)


@pytest.mark.parametrize("mode", list(Mode))
def test_p7_important_data_never_leaves_its_region(mode: Mode):
    """Faces and plates of the video outside carry a residency of their region."""
    outside = join([Label(residency=Residency.REGION), Label()])
    kept = {"residency": outside.residency, "mode": mode, "agreed": True}
    assert rules(FAR, consents=(YES_FAR,), residency=Residency.REGION) == {"P7"}
    assert way(**abroad(**kept)) not in GONE
    assert way(**abroad(**kept), region="US") in GONE or mode is Mode.DEVICE_ONLY


@pytest.mark.parametrize("online", [True, False])
def test_p8_a_fresh_install_routes_device_only(tmp_path: Path, online: bool):
    mode, told = mode_of(tmp_path, load_config(tmp_path).mode)
    assert (mode, told) == (Mode.DEVICE_ONLY, None)
    everything = question(mode=mode, score=HARD, agreed=True, queueable=True)
    asked = replace(everything, condition=replace(everything.condition, online=online))
    routing = decide(asked, POLICY)
    assert (routing.way, routing.allowed) == (Way.DEVICE, ())
    assert decide_after(replace(routing, check=True), HARD, asked, POLICY).way is Way.DEVICE


def test_p9_a_cloud_of_an_unknown_or_not_allowed_region_gets_nothing():
    assert "P9" in rules(replace(FAR, region=""), consents=(YES_FAR,))
    assert rules(FAR, consents=(YES_FAR,), regions=("EU",)) == {"P9"}
    assert way(**abroad(regions=("EU",))) is Way.DEVICE
    assert way(**abroad(regions=("EU", "US"))) is Way.CLOUD
    assert way(regions=()) is Way.CLOUD, "the device's own region is always in the set"


def test_p9_a_consent_is_no_way_round_the_set_of_regions():
    wide = replace(YES_FAR, sensitive=True, crossing=True)
    assert way(**abroad(regions=(), consents=(wide,), mode=Mode.CLOUD_ONLY)) is Way.REFUSE


def test_p3_a_consent_for_one_payload_is_in_force_for_no_other(tmp_path: Path):
    consents = Consents(tmp_path, SystemClock())
    given = consents.grant(NEAR, "assist", once="digest")
    now = given.granted_at + 60
    assert way(consents=consents.in_force(), now=now) is Way.DEVICE
    assert way(consents=consents.once("another"), now=now) is Way.DEVICE
    assert way(consents=consents.once("digest"), now=now) is Way.CLOUD


def test_p10_a_revoked_consent_lets_nothing_more_out_at_the_next_look(tmp_path: Path):
    """Of a queue the same is asked at the time of sending."""
    consents = Consents(tmp_path, SystemClock())
    given = consents.grant(NEAR, "assist")
    before, now = consents.in_force(), given.granted_at + 60
    assert way(consents=before, now=now) is Way.CLOUD
    consents.revoke(given.id)
    assert way(consents=consents.in_force(), now=now) is Way.DEVICE
    assert way(consents=consents.given(), now=now) is Way.DEVICE
    asked = question(consents=before, now=now)
    later = replace(asked, consents=consents.in_force())
    assert decide_after(decide(asked, POLICY), HARD, later, POLICY).way is Way.DEVICE


async def test_p10_a_consent_withdrawn_takes_what_waits_for_it_off_the_disk(tmp_path: Path):
    async with desert(tmp_path) as there:
        await ask(there.device, ASKED_LATER)
        sealed = sealed_below(tmp_path)
        assert sealed
        Consents(tmp_path, SystemClock()).revoke(there.consent)
        assert there.waiting == []
        assert not any(raw in bytes_below(tmp_path) for raw in sealed)


@pytest.mark.parametrize("whole", [True, False])
async def test_p10_an_erase_request_removes_queue_maps_answers_and_decision_logs(
    tmp_path: Path, whole: bool
):
    """All bytes of all files are searched, of a device that keeps texts and goes on running."""
    async with desert(tmp_path, keep_text=True) as there:
        other = (await ask(there.device, "where does the swallow fly"))[0].turn
        answered = (await ask(there.device, ASKED_LATER))[0].turn
        set_tunnel(there.reach.folder, on=False)
        assert [e.how for e in await there.sending.send(answered)] == ["sent"]
        set_tunnel(there.reach.folder, on=True)
        found = await ask(there.device, ASKED_LATER + " really")
        (kept,) = [event for event in found if isinstance(event, Kept)]
        await ask(there.device, "why is the moon grey")  # waits with the words before it
        sealed, before = sealed_below(tmp_path, but=other), bytes_below(tmp_path)
        assert len(sealed) == 3
        secrets = [MAIL_LATER.encode(), kept.digest.encode(), *sealed]
        assert all(secret in before for secret in secrets)

        erase = erase_of(there.device, tmp_path)
        for turn in [""] if whole else [answered, kept.turn]:
            await erase(turn)

        after = bytes_below(tmp_path)
        assert not [secret for secret in secrets if secret in after]
        assert (b"swallow" in after) is not whole
        assert there.waiting == ([] if whole else [other])
        assert there.reach.shown(kept.digest) is None
        assert await there.device.agent.trail(kept.turn) is None
        end = (await ask(there.device, "why is the sky blue"))[-1]
        assert await there.device.agent.trail(end.turn) is not None, "it goes on recording"
        set_tunnel(there.reach.folder, on=False)
        await there.sending.send()
        assert not any(b"really" in body for body in there.cloud.bodies)


def sealed_below(folder: Path, but: str = "") -> list[bytes]:
    """What lies sealed in the queue and beside it."""
    found: list[bytes] = []
    for name, table in (("outbox", "entry"), ("answers", "outcome")):
        if (folder / f"{name}.sqlite").exists():
            with closing(sqlite3.connect(folder / f"{name}.sqlite")) as db:
                rows = db.execute(f"select sealed from {table} where key != ?", (but,)).fetchall()
                found += [bytes(raw) for (raw,) in rows]
    return found


def test_p10_erasing_a_session_leaves_no_map_back_to_a_person():
    pseudonyms = stand_ins()
    said = Turn(Part.USER, "call me back on 13812345678")
    payload = build_payload([said], "assist", pseudonyms, NOBODY, now=NOW)
    assert "13812345678" not in payload.turns[0].text
    assert set(pseudonyms.values(payload.standins).values()) == {"13812345678"}
    pseudonyms.clear()
    assert dict(pseudonyms.values(payload.standins)) == {}


def test_p11_a_decision_and_its_input_have_no_place_for_words():
    """All texts of a record are names, digests, codes; everything else numbers."""
    texts = {
        name
        for name, kind in Question.__annotations__.items()
        if "str" in str(kind) and "tuple" not in str(kind)
    }
    assert texts == {"digest", "purpose", "region", "drive", "last", "agreed_to", "shown"}
    recorded = json.loads(msgspec.json.encode(question(origins=("message",))))
    assert recorded["origins"] == ["message"]


def test_p11_a_line_names_clouds_and_rules_and_nothing_that_was_said():
    routing = decide(question(digest="CANARY", score=HARD), POLICY)
    assert b"CANARY" not in msgspec.json.encode(routing)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("online", [True, False])
def test_r1_what_is_device_only_has_no_fallback_in_any_mode_or_health(mode: Mode, online: bool):
    kept = question(mode=mode, residency=Residency.DEVICE, agreed=True, queueable=True, score=HARD)
    for model in ("small", ""):
        condition = replace(kept.condition, online=online, model=model, battery=0.01)
        asked = replace(kept, condition=condition)
        routing = decide(asked, POLICY)
        assert routing.way in (Way.DEVICE, Way.REFUSE)
        assert decide_after(routing, HARD, asked, POLICY).way is routing.way


def test_r1_a_summary_does_not_launder_what_is_device_only():
    summary = join([Label(), Label(residency=Residency.DEVICE), Label(residency=Residency.REGION)])
    assert way(residency=summary.residency) is Way.DEVICE


def test_r2_what_only_named_people_may_read_stays():
    assert rules(readers=("owner",)) == {"R2"}
    assert way(readers=()) is Way.DEVICE


def test_r3_what_has_expired_stays():
    assert rules(expires_at=NOW) == {"R3"}
    assert join([Label(expires_at=NOW), Label()]).expires_at == NOW


def test_r4_a_secret_leaves_with_no_consent():
    secret = {"sensitivity": Sensitivity.SECRET, "agreed": True}
    everything = Consent("c", "near", "assist", 1.0, sensitive=True, crossing=True)
    assert rules(consents=(everything,), sensitivity=Sensitivity.SECRET) == {"R4"}
    for mode in Mode:
        assert way(mode=mode, consents=(everything,), **secret) in (Way.DEVICE, Way.REFUSE)
