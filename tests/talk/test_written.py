"""Where nothing can be heard, whoever asks is told what to do."""

import pytest

from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.sound.pcm import silence
from edgewise.talk.written import NoActivity, NoEars


async def test_ears_that_are_not_there_say_what_to_install():
    ears = NoEars("install the ears")
    with pytest.raises(ModelError, match="install the ears"):
        await ears.transcribe(silence(1))
    with pytest.raises(ModelError, match="install the ears"):
        await ears.finished(silence(1))
    await ears.warm(Language.ENGLISH)
    await ears.close()


def test_nothing_is_speech():
    assert NoActivity().feed(bytes(4096)) == []
