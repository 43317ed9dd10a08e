"""Recognisers by name: what is missing is named with its remedy and licence."""

import sys
from pathlib import Path

import pytest

from edgewise.core.words import Language
from edgewise.errors import ModelError, UserError
from edgewise.perceive.hear import NO_WORDS
from edgewise.perceive.hub_ears import Sherpa, load_recogniser
from edgewise.perceive.mel import samples_of
from edgewise.perceive.recognisers import HUB, WHISPER, WHISPER_FILES
from tests.perceive.sounds import needs_model, recorded


def test_an_unknown_name_lists_those_there_are():
    with pytest.raises(UserError, match="moonshine-tiny-en, whisper-base, sense-voice-small"):
        load_recogniser("nothing")


@pytest.mark.parametrize("name", sorted(HUB))
def test_a_model_that_is_not_there_names_its_source_and_licence(name: str, tmp_path: Path):
    for folder in (None, tmp_path):
        with pytest.raises(ModelError, match=r"licence") as raised:
            load_recogniser(name, folder)
        assert raised.value.code == "model_missing"
        assert HUB[name].source in str(raised.value)


def test_a_package_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sherpa_onnx", None)
    for file in HUB["paraformer-zh"].files:
        (tmp_path / "paraformer-zh").mkdir(exist_ok=True)
        (tmp_path / "paraformer-zh" / file).touch()
    with pytest.raises(ModelError, match="pip install sherpa-onnx") as raised:
        load_recogniser("paraformer-zh", tmp_path)
    assert raised.value.code == "missing_package"


def test_a_file_that_is_no_model_is_told(tmp_path: Path):
    pytest.importorskip("sherpa_onnx", reason="sherpa-onnx is not installed: an option")
    for name in ("sense-voice-small", "paraformer-zh"):
        for file in HUB[name].files:
            (tmp_path / file).write_text("nothing")
        with pytest.raises(ModelError, match="can not be loaded"):
            Sherpa(HUB[name], tmp_path)


@pytest.mark.slow
def test_a_converted_whisper_of_a_folder_hears(tmp_path: Path):
    needs_model(WHISPER)
    from edgewise.engine.packages import folder_of, package

    folder = tmp_path / "whisper-small"
    folder.mkdir()
    for file in WHISPER_FILES:
        (folder / file).symlink_to(folder_of(package(WHISPER)) / file)
    model = load_recogniser("whisper-small", tmp_path)
    guess = model.recognise(
        samples_of(recorded().data), language=Language.ENGLISH, vocabulary=NO_WORDS,
        is_final=True, is_cancelled=lambda: False,
    )  # fmt: skip
    assert model.name == "whisper-small"
    assert "forward" in guess.text.lower()
