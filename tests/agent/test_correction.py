"""A correction is a record of what was meant: nothing is done by it, nothing hidden is shown."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edgewise.act.catalogue import builtin_catalogue
from edgewise.agent.agent import Agent
from edgewise.agent.correction import correct
from edgewise.agent.home import Home
from edgewise.agent.trail import Trail
from edgewise.core.call import Call
from edgewise.core.clock import SystemClock
from edgewise.core.event import NOTHING, OTHER, Corrected, Perceived, TurnStarted, Understood
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.message import Message, Proposal, Request, Speaker
from edgewise.core.thought import Alternative, MessageKind, Thought
from edgewise.core.words import Language
from edgewise.errors import UserError
from tests.agent.conftest import House

TYPED = label_of(OriginKind.TYPED, "driver")


def said(text: str, thought: Thought) -> list[Any]:
    """A turn in which `text` was understood as `thought`."""
    at: dict[str, Any] = {"at": 1.0, "turn": "t"}
    message = Message(text, Language.ENGLISH, TYPED, Speaker())
    hashes = {"policy_hash": "p", "catalogue_hash": "c", "model_hash": "m"}
    return [
        TurnStarted(seq=1, session="s", speaker=Speaker(), **hashes, **at),
        Perceived(seq=2, message=message, took_ms=0, **at),
        Understood(seq=3, thought=thought, took_ms=0, **at),
    ]


def thought_of(name: str) -> Thought:
    call = Call("t.1", name, {}, Label(), confidence=0.7)
    return Thought(MessageKind.COMMAND, (call,), 0.7)


def test_it_says_what_was_understood_how_surely_and_by_which_model() -> None:
    events = said("open it", thought_of("window.set"))
    kept = correct(events, "roof.set", builtin_catalogue(), at=9.0)
    assert (kept.seq, kept.at, kept.turn, kept.text, kept.label) == (4, 9.0, "t", "open it", TYPED)
    assert kept.understood == (Alternative("window.set", 0.7),)
    assert (kept.meant, kept.catalogue_hash, kept.model_hash) == ("roof.set", "c", "m")
    again = correct(events, OTHER, builtin_catalogue(), at=10.0, before=kept)
    assert (again.seq, again.meant) == (5, OTHER)


@pytest.mark.parametrize(
    ("understood", "meant"),
    [("message.send", NOTHING), ("window.set", "call.dial"), ("no.longer", OTHER)],
)
def test_words_of_what_is_private_are_the_owners_alone(understood: str, meant: str) -> None:
    events = said("x", thought_of(understood))
    assert correct(events, meant, builtin_catalogue(), at=0).label.private


@pytest.mark.parametrize("fixed", ["overheard", "confirm", "deny"])
def test_what_was_not_said_to_be_understood_is_not_corrected(fixed: str) -> None:
    events = said("x", replace(thought_of("window.set"), fixed=fixed))
    with pytest.raises(UserError, match="no words were understood"):
        correct(events, OTHER, builtin_catalogue(), at=0)


async def test_a_typed_call_has_no_words_to_correct(house: House) -> None:
    request = Request((), "s", proposal=Proposal("air.set", {"on": True}))
    turn = (await house.run(request))[0].turn
    with pytest.raises(UserError, match="no words were understood") as refused:
        await house.agent.correct(turn, "s", OTHER)
    assert refused.value.code == "nothing_understood"


async def test_a_turn_that_still_runs_is_not_corrected(house: House) -> None:
    events = house.agent.run(Request((), "s", proposal=Proposal("window.set", {"percent": 50})))
    turn = (await anext(events)).turn
    with pytest.raises(UserError, match="still runs"):
        await house.agent.correct(turn, "s", OTHER)
    await events.aclose()


class Untouched:
    """Fails whoever asks it for anything."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was asked for")


async def test_neither_policy_nor_driver_nor_mind_is_asked(house: House, tmp_path: Path) -> None:
    turn = (await house.ask("air on"))[0].turn
    nobody: Any = Untouched()
    home = Home(house.catalogue, nobody, nobody, nobody, SystemClock())
    agent = Agent(home, Trail(tmp_path / "trail", None))
    kept = await agent.correct(turn, "s", "window.set")
    assert isinstance(kept, Corrected)
    assert (kept.text, kept.meant, kept.model_hash) == ("air on", "window.set", "weights")
    assert await agent.correct(turn, "another", "window.set") is None
    assert await agent.correct("none", "s", "window.set") is None


async def test_saying_the_same_again_is_written_once(house: House, tmp_path: Path) -> None:
    turn = (await house.ask("air on"))[0].turn
    kept = [await house.agent.correct(turn, "s", "window.set") for _ in range(3)]
    assert kept[0] == kept[1] == kept[2]
    (path,) = (tmp_path / "trail").glob("*.jsonl")
    assert path.read_text("utf-8").count('"corrected"') == 1


async def test_hidden_words_stay_hidden_and_the_same_and_the_session_is_found(
    tmp_path: Path,
) -> None:
    house = House(tmp_path, keep_text=False)
    turn = (await house.ask("air on", session="secret den"))[0].turn
    kept = await house.agent.correct(turn, "secret den", "window.set")
    assert kept is not None
    assert await house.agent.correct(turn, "another", OTHER) is None
    trail = await house.agent.trail(turn)
    (perceived,) = (event for event in trail or () if isinstance(event, Perceived))
    assert kept.text == perceived.message.text
    assert kept.text.startswith("‹6:")
    await house.agent.close()
