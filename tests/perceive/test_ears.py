"""The ears of this machine: real ones in their process, and what they are asked."""

from collections.abc import AsyncGenerator

import pytest

from edgewise.core.words import Language
from edgewise.engine.engine import Engine
from edgewise.errors import ModelError, UserError
from edgewise.perceive.ears import LONGEST_S, EarsSettings, LocalEars, engine_settings
from edgewise.perceive.ears_wire import Finished, Likely, Transcribe, Warm, encode, orders
from edgewise.perceive.hear import Heard, Vocabulary
from edgewise.perceive.vocabulary import bounded
from edgewise.sound.pcm import Pcm, silence
from tests.perceive.sounds import hiss, needs_model, recorded


class ScriptedEngine(Engine):
    """Answers with the reports it was given; remembers the orders."""

    def __init__(self, *reports: bytes) -> None:
        super().__init__(engine_settings(EarsSettings()))
        self.reports = list(reports)
        self.orders: list[object] = []

    async def ask(self, order: bytes, *, deadline_s: float) -> AsyncGenerator[bytes, None]:
        assert deadline_s > 0
        self.orders.append(orders.decode(order))
        for report in self.reports:
            yield report


async def test_the_order_says_all_that_was_asked():
    heard = Heard("打开车窗", Language.CHINESE, 0.9, 1.0, "whisper-base")
    engine = ScriptedEngine(encode(heard))
    sound = silence(1.0, 8000)
    found = await LocalEars(engine=engine).transcribe(
        sound,
        language=Language.CHINESE,
        vocabulary=Vocabulary(("外滩",)),
        is_final=False,
        expected=Language.ENGLISH,
    )
    assert found == heard
    told = Transcribe(sound, Language.CHINESE, ("外滩",), is_final=False, expected=Language.ENGLISH)
    assert engine.orders == [told]


async def test_a_strangers_words_are_bounded_before_they_are_sent():
    engine = ScriptedEngine(encode(Heard("", Language.CHINESE)))
    words = ("窗" * 1000, "外滩", *(f"{chr(0x4E00 + n)}{'窗' * 60}" for n in range(1000)))
    vocabulary = Vocabulary(words, ("外滩", words[0]))
    ears = LocalEars(engine=engine)
    await ears.transcribe(silence(1.0), vocabulary=vocabulary)
    await ears.warm(Language.CHINESE, vocabulary)
    heard, warm = engine.orders
    assert isinstance(heard, Transcribe)
    assert isinstance(warm, Warm)
    assert heard.words == warm.words == bounded(vocabulary).words
    assert heard.names == warm.names == ("外滩",)


async def test_of_a_long_sound_only_the_end_is_looked_at_for_a_pause():
    engine = ScriptedEngine(encode(Likely(0.7)))
    assert await LocalEars(engine=engine).finished(silence(20.0)) == 0.7
    (order,) = engine.orders
    assert isinstance(order, Finished)
    assert order.sound.length_s == 8.0


async def test_a_sound_that_is_too_long_is_refused_with_its_limit():
    sound = Pcm(bytes(2 * int(LONGEST_S + 1)), 1)
    with pytest.raises(UserError, match="the limit is 7,200 s") as raised:
        await LocalEars(engine=ScriptedEngine()).transcribe(sound)
    assert raised.value.code == "sound_too_long"


async def test_a_process_that_tells_nothing_is_an_error():
    with pytest.raises(ModelError, match="told nothing"):
        await LocalEars(engine=ScriptedEngine()).transcribe(silence(1.0))


@pytest.mark.slow
async def test_a_person_is_heard_noise_is_not_and_a_name_that_is_none_is_told():
    needs_model("silero-vad", "moonshine-tiny-en", "smart-turn")
    sound = recorded("something")
    ears = LocalEars()
    try:
        heard = await ears.transcribe(sound, language=Language.ENGLISH)
        assert heard.text == "Go somewhere and do something"
        assert heard.engine == "moonshine-tiny-en"
        assert (await ears.transcribe(hiss(2.0), language=Language.ENGLISH)).text == ""
        assert await ears.finished(sound) > 0.5
    finally:
        await ears.close()
    wrong = LocalEars(EarsSettings(english="nothing"))
    try:
        with pytest.raises(UserError, match="no recogniser is called 'nothing'"):
            await wrong.transcribe(sound, language=Language.ENGLISH)
    finally:
        await wrong.close()
