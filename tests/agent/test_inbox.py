"""Of what a cloud's agent says no more is held than a turn can use, however fast it comes."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest

from edgewise.agent.inbox import (
    MOST_CALLS,
    MOST_CHARACTERS,
    MOST_MESSAGES,
    Arrived,
    Inbox,
    News,
    Over,
)
from edgewise.core.exchange import CloudMessage, Ended, How, Proposed, Text, Withdrawn
from edgewise.core.label import Label
from edgewise.errors import LinkError

END = Ended("t", How.ANSWERED)


def proposed(call: str, turn: str = "t") -> Proposed:
    return Proposed(turn, call, "air.set", {}, Label())


class Cloud:
    """Says `one` of the messages after the other for good, and counts."""

    def __init__(self, *messages: CloudMessage) -> None:
        self.messages = messages
        self.said = 0
        self.closed = False

    async def talk(self) -> AsyncGenerator[CloudMessage, None]:
        try:
            while True:
                for message in self.messages:
                    self.said += 1
                    yield message
        finally:
            self.closed = True


async def said(messages: Sequence[CloudMessage]) -> AsyncGenerator[CloudMessage, None]:
    for message in messages:
        yield message


async def held(inbox: Inbox) -> tuple[list[News], str]:
    """All that is held, and the code of its end."""
    found: list[News] = []
    try:
        while not inbox.is_empty:
            found.append(await inbox.next())
    except (Over, LinkError) as error:
        return found, error.code
    return found, ""


async def test_what_comes_is_held_in_order_with_the_time_of_each_proposal():
    inbox = Inbox("t", lambda one: 7.0 if one.call == "c1" else 9.0)
    await inbox.receive(said([Text("t", "a"), proposed("c1"), Text("t", "b"), proposed("c2"), END]))
    found, code = await held(inbox)
    assert found == [
        Text("t", "a"),
        Arrived(proposed("c1"), 7.0),
        Text("t", "b"),
        Arrived(proposed("c2"), 9.0),
        END,
    ]
    assert code == "cloud_broken", "nothing may follow an end"


@pytest.mark.parametrize(
    ("messages", "most", "code"),
    [
        ([Text("t", "x" * 1_000)], MOST_CHARACTERS // 1_000, "too_long"),
        ([proposed(f"c{n}") for n in range(1_000)], MOST_CALLS, "too_many_calls"),
        ([Withdrawn("t", (f"c{n}",)) for n in range(1_000)], 0, "too_many_calls"),
        ([Withdrawn("t", tuple(f"c{n}" for n in range(1_000)))], 0, "too_many_calls"),
        ([Text("t", "")], 0, "too_many_messages"),
        ([proposed("c1")], 1, "too_many_messages"),
        ([proposed("c1", "another")], 0, "too_many_messages"),
    ],
)
async def test_a_cloud_without_end_is_left_and_little_of_it_is_held(
    messages: list[CloudMessage], most: int, code: str
):
    inbox, cloud = Inbox("t", lambda _: 0.0), Cloud(*messages)
    await asyncio.wait_for(inbox.receive(cloud.talk()), 5)
    assert cloud.closed
    assert cloud.said <= MOST_MESSAGES + 1
    found, ended = await held(inbox)
    assert (len(found), ended) == (most, code)


async def test_an_answer_that_comes_a_character_at_a_time_has_its_place():
    inbox = Inbox("t", lambda _: 0.0)
    await inbox.receive(said([*[Text("t", "x")] * MOST_CHARACTERS, END]))
    found, _ = await held(inbox)
    assert (len(found), found[-1]) == (MOST_CHARACTERS + 1, END)


async def test_a_withdrawal_counts_as_soon_as_it_comes():
    inbox = Inbox("t", lambda _: 0.0)
    await inbox.receive(said([proposed("c1"), Text("t", "so"), Withdrawn("t", ("c1",))]))
    assert inbox.is_withdrawn("c1"), "before anything was looked at"
    assert not inbox.is_withdrawn("c2")
    found, code = await held(inbox)
    assert (len(found), code) == (2, "cloud_broken")


async def test_a_link_that_breaks_is_the_end_with_its_code():
    async def breaks() -> AsyncGenerator[CloudMessage, None]:
        yield Text("t", "a")
        raise LinkError("lost", code="link_lost")

    inbox = Inbox("t", lambda _: 0.0)
    await inbox.receive(breaks())
    assert await held(inbox) == ([Text("t", "a")], "link_lost")
