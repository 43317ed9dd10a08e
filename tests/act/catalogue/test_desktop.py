"""The computer beside the device: which player is meant, what is shown, what is only told."""

from collections import Counter
from typing import Any

import pytest

from edgewise.act.arguments import check_arguments
from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.catalogue.desktop import FUNCTIONS
from edgewise.act.classify import UNCLASSIFIED
from edgewise.act.exposure import classes_of, is_exposed
from edgewise.act.function import Catalogue
from edgewise.act.resolve import resolve
from edgewise.core.call import Call, Impossible, Missing, Resolution, Resolved
from edgewise.core.capability import Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of
from tests.each_row import each_row

CATALOGUE = Catalogue(FUNCTIONS)
EXAMPLES = [(f.capability, e) for f in FUNCTIONS for e in (*f.capability.en, *f.capability.zh)]


def row(identity: str, status: str | None = "playing", **more: Any) -> dict[str, Any]:
    return {"id": identity, "status": status, "volume": 50, "title": "", "artist": "",
            "cannot": [], "video": False, **more}  # fmt: skip


def ask(
    name: str, *players: dict[str, Any], bus: bool = True, language: str = "en", **arguments: Any
) -> Resolution:
    values: dict[str, Any] = {"session.language": language}
    if bus:
        values["desktop.media.players"] = list(players)
    call = Call("t1.1", name, arguments, label_of(OriginKind.TYPED))
    return resolve(call, CATALOGUE, snapshot_of(values))


def writes(resolution: Resolution) -> dict[str, Any]:
    assert isinstance(resolution, Resolved), resolution
    return {effect.target: effect.value for effect in resolution.effects}


def test_they_are_not_built_in_and_their_names_are_free():
    catalogue = builtin_catalogue()
    assert not [c for c in catalogue.capabilities if c.family == "desktop"]
    catalogue.add(FUNCTIONS)


@each_row(("capability", "example"), EXAMPLES)
def test_an_example_is_accepted_and_what_it_does_is_known(capability: Any, example: Any):
    assert isinstance(check_arguments(capability, example.arguments), dict)
    players = (row("firefox", "paused"), row("spotify"))
    resolution = ask(capability.name, *players, **example.arguments)
    for target, value in writes(resolution).items():
        assert is_exposed(target)
        assert UNCLASSIFIED not in classes_of(target, value, None)


def test_a_sentence_means_one_capability_only():
    said = Counter(
        e.text.casefold()
        for c in (*builtin_catalogue().capabilities, *CATALOGUE.capabilities)
        for e in (*c.en, *c.zh)
    )
    assert [text for text, times in said.items() if times > 1] == []


def test_each_has_six_examples_in_each_language_and_its_risk():
    assert all(len(c.en) >= 6 and len(c.zh) >= 6 for c in CATALOGUE.capabilities)
    assert [c.risk for c in CATALOGUE.capabilities] == [
        Risk.REVERSIBLE,
        Risk.REVERSIBLE,
        Risk.READ,
    ]


@each_row(
    ("arguments", "written"),
    [
        ({"action": "pause"}, {"desktop.media.players.vlc.status": "paused"}),
        ({"action": "stop"}, {"desktop.media.players.vlc.status": "stopped"}),
        ({"action": "next"}, {"desktop.media.skip.vlc": "next"}),
        ({"action": "previous"}, {"desktop.media.skip.vlc": "previous"}),
        ({"volume": 30}, {"desktop.media.players.vlc.volume": 30}),
        ({"volume": "max"}, {"desktop.media.players.vlc.volume": 100}),
    ],
)
def test_one_player_is_meant_without_a_name(arguments: dict[str, Any], written: dict[str, Any]):
    assert writes(ask("desktop.media", row("vlc"), **arguments)) == written


def test_what_is_so_already_is_said_and_not_done_again():
    resolution = ask("desktop.media", row("vlc", "paused"), action="pause")
    assert writes(resolution) == {}
    assert isinstance(resolution, Resolved)
    assert resolution.notes


def test_without_players_it_is_impossible_and_without_a_bus_it_says_so():
    none = ask("desktop.media", action="pause")
    assert isinstance(none, Impossible)
    assert none.code == "no_player"
    for name, arguments in (("desktop.media", {"action": "pause"}), ("desktop.read", {})):
        lost = ask(name, bus=False, **arguments)
        assert isinstance(lost, Impossible)
        assert lost.code == "no_desktop"


def test_of_several_the_one_whose_state_fits_is_meant():
    players = (row("firefox.instance_1", "paused"), row("spotify"))
    paused = ask("desktop.media", *players, action="pause")
    assert writes(paused) == {"desktop.media.players.spotify.status": "paused"}
    played = ask("desktop.media", *players, action="play")
    assert writes(played) == {"desktop.media.players.firefox.instance_1.status": "playing"}


def test_several_that_fit_are_asked_about():
    resolution = ask("desktop.media", row("firefox"), row("spotify"), action="pause")
    assert isinstance(resolution, Missing)
    assert resolution.argument == "player"
    assert resolution.choices == ("firefox", "spotify")


def test_a_player_is_named_by_part_of_its_name_and_an_unknown_one_is_told_apart():
    players = (row("firefox.instance_1"), row("spotify"))
    named = ask("desktop.media", *players, action="pause", player="Firefox")
    assert writes(named) == {"desktop.media.players.firefox.instance_1.status": "paused"}
    other = ask("desktop.media", *players, action="pause", player="vlc")
    assert isinstance(other, Impossible)
    assert "vlc" in other.words.en
    assert "spotify" in other.words.zh


def test_what_a_player_says_it_can_not_do_is_not_tried():
    resolution = ask("desktop.media", row("tv", cannot=["next"]), action="next")
    assert isinstance(resolution, Impossible)
    assert resolution.code == "player_can_not"


@pytest.mark.rule(14)
def test_a_film_is_told_to_the_policy():
    resolution = ask("desktop.media", row("vlc", "paused", video=True), action="play")
    assert isinstance(resolution, Resolved)
    assert resolution.facts == ("video",)


def test_exactly_one_of_action_and_volume_is_taken():
    assert isinstance(ask("desktop.media", row("vlc"), action="pause", volume=3), Impossible)
    assert isinstance(ask("desktop.media", row("vlc")), Missing)
    assert isinstance(ask("desktop.media", row("vlc"), volume=101), Impossible)


@pytest.mark.rule(34)
def test_what_plays_is_told_with_the_label_of_media():
    players = (row("a", "paused", title="Old"), row("b", title="Rain", artist="Eddie"))
    resolution = ask("desktop.read", *players)
    assert isinstance(resolution, Resolved)
    assert resolution.data["said"] == "b is playing: “Rain” by Eddie; a is paused: “Old”"
    assert resolution.label is not None
    assert {origin.kind for origin in resolution.label.origins} == {OriginKind.MEDIA}
    assert resolution.label.private
    chinese = ask("desktop.read", *players, language="zh")
    assert isinstance(chinese, Resolved)
    assert "Eddie的《Rain》" in chinese.data["said"]


def test_silence_is_told_as_silence():
    resolution = ask("desktop.read", row("a", None))
    assert isinstance(resolution, Resolved)
    assert resolution.data["said"] == "Nothing plays on the computer."


def test_a_notification_is_named_after_its_call():
    row_ = {"title": "Tea", "body": "", "urgency": "normal"}
    assert writes(ask("desktop.notify", title=" Tea ")) == {"desktop.notifications.t1.1": row_}
    assert isinstance(ask("desktop.notify"), Missing)
    assert isinstance(ask("desktop.notify", title="x" * 201), Impossible)


def test_texts_of_a_notification_are_private():
    (notify,) = (c for c in CATALOGUE.capabilities if c.name == "desktop.notify")
    assert [a.name for a in notify.arguments if a.private] == ["title", "body"]
