"""Wake words in a stream of sound, with their time."""

from edgewise.talk.wyoming_waking import Watching


class Spotter:
    """Hears a wake word in sound that begins with one."""

    def feed(self, data: bytes) -> str | None:
        return "hey_jarvis" if data[0] else None


def test_the_time_of_a_wake_word_is_the_clients_or_that_of_the_sound():
    watching = Watching(Spotter())
    assert watching.feed(bytes(32_000), 5) is None
    assert not watching.has_found
    told = watching.feed(b"\x01" * 16_000, 700)
    counted = watching.feed(b"\x01" * 16_000, None)
    assert told is not None
    assert counted is not None
    assert (told.name, told.timestamp, counted.timestamp) == ("hey_jarvis", 700, 2000)
    assert watching.has_found


def test_no_sound_is_no_wake_word():
    assert Watching(Spotter()).feed(b"", None) is None
