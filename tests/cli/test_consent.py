"""`edgewise consent`: it names who gets what, where and for what, and takes it back at once."""

from pathlib import Path

import pytest

from edgewise.core.clock import SystemClock
from edgewise.device.config import load_config
from edgewise.device.consents import Consents
from tests.cli.conftest import Edgewise
from tests.cli.test_lists import fits

CLOUDS = """
region = "CN"
[[cloud]]
name = "step"
address = "https://api.example/v1"
model = "step-3"
region = "CN"
[[cloud]]
name = "far"
address = "https://far.example/v1"
model = "big"
region = "US"
"""


@pytest.fixture
def clouds(home: Path) -> Path:
    with (home / "config.toml").open("a") as file:
        file.write(CLOUDS)
    return home


def test_a_consent_names_provider_region_purpose_and_what_is_sent(edgewise: Edgewise, clouds: Path):
    said = edgewise("consent", "grant", "step").out
    for part in ("step (https://api.example/v1, data kept in CN)", "answering what you ask",
                 "your question and the last exchanges", "not what is sensitive",
                 "edgewise consent revoke"):  # fmt: skip
        assert part in said
    assert "Still" not in said
    chinese = edgewise("consent", "grant", "step", "--sensitive", "--language", "zh").out
    assert "您同意为“回答您的问题”向 step（https://api.example/v1，数据存放在 CN）提供" in chinese
    assert "影响评估" in chinese


def test_what_still_keeps_everything_here_is_said(edgewise: Edgewise, clouds: Path):
    said = edgewise("consent", "grant", "far").out
    assert "agree to that with --crossing" in said
    assert "name the mechanism" in said
    assert "--crossing" not in edgewise("consent", "grant", "far", "--crossing").out


def test_a_consent_is_listed_and_revoked_and_stays_as_history(edgewise: Edgewise, clouds: Path):
    assert edgewise("consent", "list").out == "You agreed to nothing; nothing leaves this device.\n"
    edgewise("consent", "grant", "step", "--until", "2100-01-01")
    (row,) = edgewise("consent", "list", "--json").rows
    assert (row["recipient"], row["region"], row["purpose"]) == ("step", "CN", "assist")
    listed = edgewise("consent", "list").out
    assert "until 2100-01-01" in " ".join(listed.split())
    assert fits(listed)
    assert f"{row['id']} is revoked" in edgewise("consent", "revoke", row["id"]).out
    assert Consents(clouds, SystemClock()).in_force() == ()
    assert "撤回" in edgewise("consent", "list", "--language", "zh").out


def test_a_twin_that_holds_still_is_named_when_one_is_revoked(edgewise: Edgewise, clouds: Path):
    for more in ((), (), ("--purpose", "document")):
        edgewise("consent", "grant", "step", *more)
    first, twin, _ = Consents(clouds, SystemClock()).in_force()
    said = edgewise("consent", "revoke", first.id).out
    assert f"holds still: {twin.id}. " in said
    assert "仍然有效" not in edgewise("consent", "revoke", twin.id, "--language", "zh").out
    again = Consents(clouds, SystemClock())
    assert again.revoke(first.id).id == first.id
    assert edgewise("consent", "revoke", twin.id).out.count("\n") == 1


def test_a_consent_for_this_drive_needs_one(edgewise: Edgewise, clouds: Path):
    refused = edgewise("consent", "grant", "step", "--drive")
    assert refused.is_one_clear_line("no drive has begun")
    Consents(clouds, SystemClock()).begin_drive()
    assert edgewise("consent", "grant", "step", "--drive").code == 0
    assert "for this drive" in " ".join(edgewise("consent", "list").out.split())


def test_mistakes_are_one_clear_line(edgewise: Edgewise, clouds: Path):
    assert edgewise("consent", "grant", "stp").is_one_clear_line("'stp'", "step, far")
    assert edgewise("consent", "revoke", "x").is_one_clear_line("no consent 'x'")
    unknown = edgewise("consent", "grant", "step", "--purpose", "training")
    assert unknown.is_one_clear_line("training", "assist")
    past = edgewise("consent", "grant", "step", "--until", "2001-01-01")
    assert past.is_one_clear_line("has passed already")


def test_without_a_cloud_it_says_how_to_set_one_up(edgewise: Edgewise):
    assert edgewise("consent", "grant", "step").is_one_clear_line("[[cloud]]", "config.toml")


def test_a_damaged_store_is_said_and_nothing_is_listed(edgewise: Edgewise, clouds: Path):
    (clouds / "consents.sqlite").write_bytes(b"no database" * 100)
    assert edgewise("consent", "list").is_one_clear_line("is damaged", "nothing leaves")


def test_a_consent_for_one_question_is_listed_as_such(edgewise: Edgewise, clouds: Path):
    endpoint = load_config(clouds).cloud[0].endpoint
    soon = SystemClock().now() + 60
    Consents(clouds, SystemClock()).grant(endpoint, "assist", expires_at=soon, once="digest")
    assert "for one question" in " ".join(edgewise("consent", "list").out.split())
    assert "仅限一个问题" in edgewise("consent", "list", "--language", "zh").out
