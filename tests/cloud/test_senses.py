"""Ears and a voice are made when they are asked for, once, and closed with who holds them."""

from pathlib import Path

from edgewise.cloud.senses import Senses, local_senses
from tests.talk.realtime.loud import LoudActivity, LoudEars, LoudVoice


class ClosableEars(LoudEars):
    closed = 0

    async def close(self) -> None:
        self.closed += 1


async def test_nothing_is_made_before_it_is_asked_for_and_only_that_is_closed():
    made: list[ClosableEars] = []

    def ears() -> ClosableEars:
        made.append(ClosableEars(()))
        return made[-1]

    def voice() -> LoudVoice:
        raise AssertionError("nobody asked for it")

    senses = Senses(ears, voice, LoudActivity)
    assert made == []
    assert senses.ears is senses.ears
    assert senses.voices == frozenset()
    await senses.close()
    assert [one.closed for one in made] == [1]


async def test_each_conversation_has_an_activity_of_its_own():
    senses = Senses(lambda: ClosableEars(()), LoudVoice, LoudActivity)
    assert await senses.activity() is not await senses.activity()


def test_this_machines_voices_have_their_names(tmp_path: Path):
    assert "af_heart" in local_senses(tmp_path).voices
