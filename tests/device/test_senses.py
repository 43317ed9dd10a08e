"""The senses of a device, as its owner set them and as this machine has them."""

import subprocess
import sys
from pathlib import Path

import pytest

from edgewise.core.words import Language
from edgewise.device.config import Config, SensesConfig, load_config
from edgewise.device.runtime import start_device
from edgewise.device.senses import Senses, lacks, senses_of
from edgewise.engine.packages import folder_of, package
from edgewise.errors import UserError
from edgewise.hosting.lacking import LIBRARIES
from edgewise.perceive.hear import Vocabulary

OFF = SensesConfig(hear="", speak="", see="")
installed = all(
    folder_of(package(name)).is_dir()
    for name in ("moonshine-tiny-en", "whisper-base", "kokoro-82m")
)
with_models = pytest.mark.skipif(
    not installed, reason="the models of hearing and speaking: make venv"
)


def test_a_device_whose_senses_are_off_has_none_and_lacks_nothing(tmp_path: Path):
    senses = Senses(OFF, tmp_path)
    assert (senses.ears, senses.voice, senses.activity, senses.waking()) == (None, None, None, None)
    assert senses.voices == frozenset()
    assert lacks(OFF) == ()


def test_what_is_not_installed_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(LIBRARIES, "hear", ("no_such_library",))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    found = lacks(SensesConfig(speak="", see=""))
    assert [(lack.sense, lack.remedy.split()[0]) for lack in found] == [
        ("hear", "pip"), ("hear", "edgewise"),
    ]  # fmt: skip
    assert "no_such_library" in found[0].found.en
    assert "whisper-base" in found[1].found.zh
    assert Senses(SensesConfig(), tmp_path).ears is None


@with_models
def test_each_sense_is_made_once_and_its_process_only_when_it_is_used(tmp_path: Path):
    senses = Senses(SensesConfig(), tmp_path)
    assert senses.ears is senses.ears is not None
    assert senses.voice is senses.voice is not None
    assert "af_heart" in senses.voices
    assert senses.memory_bytes() == {}


@with_models
def test_a_wake_word_is_spotted_or_read(tmp_path: Path):
    spotted = Senses(SensesConfig(wake="hey_jarvis"), tmp_path).waking()
    read = Senses(SensesConfig(wake="小边小边"), tmp_path).waking()
    assert spotted is not None
    assert read is not None
    assert (spotted.reads, read.reads) == (False, True)
    assert read.words_after("小边小边，打开车窗") == "打开车窗"


def test_the_language_that_is_spoken_decides_what_is_likely(tmp_path: Path):
    def vocabulary(language: Language) -> Vocabulary:
        return Vocabulary((f"word-{language}",))

    both = Senses(SensesConfig(), tmp_path, vocabulary)
    chinese = Senses(SensesConfig(language="zh"), tmp_path, vocabulary)
    assert both.language is None
    assert both.vocabulary().words == ("word-en", "word-zh")
    assert chinese.vocabulary().words == ("word-zh",)
    assert chinese.vocabulary(Language.ENGLISH).words == ("word-en",)


async def test_a_device_expects_what_it_can_do_and_whom_it_knows(tmp_path: Path):
    (tmp_path / "config.toml").write_text('chat_model = ""\n')
    device = await start_device(tmp_path)
    words = senses_of(device, SensesConfig(), tmp_path).vocabulary(Language.CHINESE).words
    await device.close()
    assert "妈妈" in words
    assert any("窗" in word for word in words)


def test_senses_are_set_in_the_configuration(tmp_path: Path):
    (tmp_path / "config.toml").write_text('[senses]\nwake = "hey_jarvis"\nlanguage = "zh"\n')
    assert load_config(tmp_path) == Config(senses=SensesConfig(wake="hey_jarvis", language="zh"))
    for wrong in ('speak = "nobody"', 'language = "fr"', "listen = true"):
        (tmp_path / "config.toml").write_text(f"[senses]\n{wrong}\n")
        with pytest.raises(UserError) as raised:
            load_config(tmp_path)
        assert raised.value.code == "bad_config"


MAKING = """
import sys
from pathlib import Path
from edgewise.device.config import SensesConfig
from edgewise.device.senses import Senses
senses = Senses(SensesConfig(), Path(sys.argv[1]))
assert senses.memory_bytes() == {}
models = {"ctranslate2", "numpy", "onnxruntime", "rapidocr", "edgewise.perceive.ears_process"}
print(*sorted(models & set(sys.modules)))
"""


def test_making_senses_imports_no_model(tmp_path: Path):
    # in a fresh process: here, what another test imported would be seen
    done = subprocess.run(
        [sys.executable, "-c", MAKING, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [], "")
