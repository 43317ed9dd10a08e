"""Wake words, spotted in the sound or read in the words."""

from collections.abc import Sequence

from edgewise.talk.waking import AWAKE_MS, Waking


class Spots:
    """Spots the word in sound that says so."""

    def feed(self, data: bytes) -> str | None:
        return "hey_jarvis" if data == b"wake" else None


def after(text: str, phrases: Sequence[str]) -> str | None:
    found = [text.removeprefix(phrase) for phrase in phrases if text.startswith(phrase)]
    return found[0].strip() if found else None


def test_a_spotted_word_keeps_awake_for_a_while():
    waking = Waking(Spots(), ["hey jarvis"], after)
    assert not waking.is_awake(0)
    assert not waking.feed(b"talk", 500)
    assert waking.feed(b"wake", 1000)
    assert waking.is_awake(1000 + AWAKE_MS)
    assert not waking.is_awake(1001 + AWAKE_MS)


def test_a_phrase_is_read_where_nothing_spots_it():
    waking = Waking(None, ["小边小边"], after)
    assert waking.reads
    assert waking.words_after("小边小边 开窗") == "开窗"
    assert waking.words_after("开窗") is None
    assert not Waking(Spots(), ["hey jarvis"], after).reads
