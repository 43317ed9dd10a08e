"""The voice gives clause after clause, keeps what comes again, and stops when told."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest

from edgewise.answer.acknowledge import FREQUENT
from edgewise.answer.voice import LONGEST_TEXT, LocalVoice, VoiceSettings, engine_settings
from edgewise.answer.voice_wire import Clause, Made, clauses, encode
from edgewise.core.words import Language
from edgewise.engine.engine import Engine
from edgewise.errors import ModelError, UserError

EN, ZH = Language.ENGLISH, Language.CHINESE
LIMIT_S = 5.0


class FakeEngine(Engine):
    """Answers each clause with as many samples as it has characters; `held` clauses wait until
    `release`; an order after `closed` fails."""

    def __init__(self, *, held: str = "", fails: str = "") -> None:
        super().__init__(engine_settings(VoiceSettings()))
        self.orders: list[Clause] = []
        self.given_up: list[str] = []
        self.warmed = 0
        self.reached = asyncio.Event()
        self.second = asyncio.Event()
        self.release = asyncio.Event()
        self._held, self._fails = held, fails
        self._over = False

    async def ask(self, order: bytes, *, deadline_s: float) -> AsyncGenerator[bytes, None]:
        assert not self._over, "an order after the end"
        assert deadline_s > 0
        clause = clauses.decode(order)
        self.orders.append(clause)
        if len(self.orders) == 2:
            self.second.set()
        try:
            if self._held and self._held in clause.text:
                self.reached.set()
                await self.release.wait()
            if self._fails and self._fails in clause.text:
                raise ModelError("it crashed", code="model_crashed")
            unspoken = "".join(c for c in clause.text if "а" <= c <= "я")
            yield encode(Made(b"\1\0" * len(clause.text), 24_000, unspoken))
        except (asyncio.CancelledError, GeneratorExit):
            self.given_up.append(clause.text)
            raise

    async def warm(self) -> None:
        self.warmed += 1

    async def close(self) -> None:
        self._over = True


async def heard(
    speaker: LocalVoice, text: str, language: Language = EN, **how: object
) -> list[str]:
    async with asyncio.timeout(LIMIT_S):
        return [spoken.text async for spoken in speaker.speak(text, language, **how)]  # pyright: ignore


async def test_all_clauses_joined_are_the_text():
    engine = FakeEngine()
    text = "OK, the window is open. It is 3.5 km away — really? 🙂 "
    assert "".join(await heard(LocalVoice(engine=engine), text)) == text
    assert [order.voice for order in engine.orders] == ["af_heart"] * len(engine.orders)


async def test_a_language_has_its_own_voice_unless_one_is_named():
    engine = FakeEngine()
    voice = LocalVoice(engine=engine)
    await heard(voice, "已打开。", ZH)
    await heard(voice, "已打开。", ZH, voice="zm_yunxi", speed=1.5)
    assert [(o.voice, o.speed) for o in engine.orders] == [("zf_xiaobei", 1.0), ("zm_yunxi", 1.5)]


async def test_a_clause_that_comes_again_is_made_once():
    engine = FakeEngine()
    voice = LocalVoice(engine=engine)
    await heard(voice, "Window open. Window open.")
    await heard(voice, "Window open.")
    assert len(engine.orders) == 2  # "Window open. " and "Window open."


async def test_after_warming_an_acknowledgement_needs_no_process(tmp_path: Path):
    engine = FakeEngine()
    voice = LocalVoice(VoiceSettings(cache_folder=tmp_path), engine)
    await voice.warm(ZH)
    assert engine.warmed == 1
    assert engine.orders[0].text == "", "the dictionaries of the language are loaded too"
    assert len(engine.orders) == 1 + len(FREQUENT)
    await voice.warm(ZH)
    assert await heard(voice, "好的。", ZH) == ["好的。"]
    again = FakeEngine()
    await heard(LocalVoice(VoiceSettings(cache_folder=tmp_path), again), "好的。", ZH)
    assert len(engine.orders) == 2 + len(FREQUENT), "nothing is made twice"
    assert again.orders == []


async def test_the_next_clause_is_made_while_one_is_heard():
    engine = FakeEngine()
    async with aclosing(LocalVoice(engine=engine).speak("One. Two. Three. Four.", EN)) as stream:
        first = await anext(stream)
        async with asyncio.timeout(LIMIT_S):
            await engine.second.wait()
        assert first.text == "One. "
        assert len(engine.orders) < 4, "nor is all of a long text made ahead"


async def test_closing_gives_up_the_clause_in_work_and_makes_no_other():
    engine = FakeEngine(held="Two")
    stream = LocalVoice(engine=engine).speak("One. Two. Three.", EN)
    assert (await anext(stream)).text == "One. "
    async with asyncio.timeout(LIMIT_S):
        await engine.reached.wait()
        await stream.aclose()
    assert engine.given_up == ["Two. "]
    assert [order.text for order in engine.orders] == ["One. ", "Two. "]


async def test_an_error_of_the_process_reaches_who_listens():
    voice = LocalVoice(engine=FakeEngine(fails="Two"))
    stream = voice.speak("One. Two. Three.", EN)
    assert (await anext(stream)).text == "One. "
    with pytest.raises(ModelError, match="crashed"):
        await anext(stream)


async def test_a_script_without_sounds_is_told_once():
    engine = FakeEngine()
    await heard(LocalVoice(engine=engine), "Привет мир. Как дела. Fine.")
    assert [order.tells for order in engine.orders] == [True, False, False]


async def test_clauses_without_a_letter_are_silent_and_cost_nothing():
    engine = FakeEngine()
    spoken = [each async for each in LocalVoice(engine=engine).speak("... 🙂 !", EN)]
    assert "".join(each.text for each in spoken) == "... 🙂 !"
    assert all(not each.sound.data for each in spoken)
    assert engine.orders == []


@pytest.mark.parametrize(
    ("text", "how", "code"),
    [
        ("a", {"voice": "nobody"}, "unknown_voice"),
        ("a" * (LONGEST_TEXT + 1), {}, "text_too_long"),
        ("a", {"speed": 3.0}, "bad_speed"),
        ("a", {"speed": float("nan")}, "bad_speed"),
    ],
)
async def test_what_can_not_be_spoken_is_refused(text: str, how: dict[str, object], code: str):
    engine = FakeEngine()
    with pytest.raises(UserError) as raised:
        await heard(LocalVoice(engine=engine), text, **how)
    assert raised.value.code == code
    assert engine.orders == []


async def test_time_that_is_over_is_told():
    with pytest.raises(ModelError) as raised:
        await heard(LocalVoice(engine=FakeEngine()), "One.", deadline_s=0.0)
    assert raised.value.code == "model_timed_out"


async def test_whoever_is_cancelled_while_the_work_ends_stays_cancelled():
    ending = asyncio.Event()

    class Reluctant(FakeEngine):
        async def ask(self, order: bytes, *, deadline_s: float) -> AsyncGenerator[bytes, None]:
            if b"Two" in order:
                self.reached.set()
                try:
                    await self.release.wait()
                finally:
                    ending.set()
                    for _ in range(5):
                        await asyncio.sleep(0)
            yield encode(Made(bytes(2), 24_000))

    engine = Reluctant()

    async def leave() -> None:
        stream = LocalVoice(engine=engine).speak("One. Two.", EN)
        await anext(stream)
        await engine.reached.wait()
        await stream.aclose()

    leaving = asyncio.create_task(leave())
    async with asyncio.timeout(LIMIT_S):
        await ending.wait()
        leaving.cancel()
        await asyncio.wait({leaving})
    assert leaving.cancelled()


async def test_a_voice_of_several_remembers_only_what_everybody_gets():
    engine = FakeEngine()
    voice = LocalVoice(VoiceSettings(remembers=False), engine)
    for _ in range(2):
        await heard(voice, "My secret.")
        await heard(voice, "OK.")
    assert [order.text for order in engine.orders] == ["My secret.", "OK.", "My secret."]


async def test_an_error_tells_nothing_of_what_was_to_be_said():
    class Mute(FakeEngine):
        async def ask(self, order: bytes, *, deadline_s: float) -> AsyncGenerator[bytes, None]:
            for report in ():
                yield report

    with pytest.raises(ModelError, match="gave no sound") as caught:
        await heard(LocalVoice(engine=Mute()), "My secret.")
    assert "secret" not in str(caught.value)
