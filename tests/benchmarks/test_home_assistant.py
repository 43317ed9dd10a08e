import json
from pathlib import Path

import pytest

from benchmarks.home_assistant import (
    OWN_SENTENCES,
    Matcher,
    car_vocabulary,
    read_own,
)

ROWS = (
    {"text": "turn on the lamp", "lang": "en", "intent": "HassTurnOn", "file": "x",
     "slots": [{"name": "name", "value": "Lamp"}]},
    {"text": "turn off the lights in here", "lang": "en", "intent": "HassTurnOff", "file": "x",
     "slots": [{"name": "area", "value": "Attic"}], "context": {"area": "Attic"}},
    {"text": "打開 吊扇", "lang": "zh-TW", "intent": "HassTurnOn", "file": "fan_HassTurnOn.yaml",
     "slots": [{"name": "name", "value": "吊扇"}, {"name": "area", "value": "客廳"}]},
)  # fmt: skip
HOUSE = {
    "areas": [{"name": "Attic"}],
    "floors": [{"name": "Top"}],
    "entities": [{"name": "Lamp", "id": "light.lamp", "attributes": {"color": 1}}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
    (tmp_path / "data.jsonl").write_text(lines, "utf-8")
    (tmp_path / "fixtures_en.json").write_text(json.dumps(HOUSE), "utf-8")
    return tmp_path


def test_the_house_is_what_its_tests_declare_and_elsewhere_what_right_answers_name(folder: Path):
    _, vocabularies = read_own(folder)
    assert vocabularies["en"].things == [("Lamp", "Lamp", {"domain": "light", "color": "1"})]
    assert vocabularies["en"].areas == ("Attic",)
    assert vocabularies["zh-TW"].things == [("吊扇", "吊扇", {"domain": "fan"})]
    assert vocabularies["zh-TW"].areas == ("客廳",)


def test_a_sentence_tells_its_room_and_whether_it_names_the_house(folder: Path):
    named, here, fan = read_own(folder)[0]
    assert (named.names_house, named.area) == (True, "")
    assert (here.names_house, here.area) == (False, "Attic")
    assert fan.names_house


@pytest.mark.slow
def test_the_matcher_understands_the_house_it_was_given(folder: Path):
    sentences, vocabularies = read_own(folder)
    for sentence in sentences:
        matcher = Matcher(sentence.code, vocabularies[sentence.code])
        assert matcher(sentence.text, sentence.area) == sentence.intent
    assert matcher("打開 月亮") is None


@pytest.mark.slow
def test_the_matcher_knows_that_it_is_in_the_car():
    matcher = Matcher("en", car_vocabulary("en"))
    assert matcher("turn on the reading light") == "HassTurnOn"
    assert matcher("set the volume to 40 percent") == "HassSetVolume"  # only where a room is known


def test_data_that_are_not_there_are_told_as_such(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        read_own(tmp_path / "nowhere")


@pytest.mark.slow
def test_on_its_own_english_sentences_it_is_given_all_it_needs():
    if not OWN_SENTENCES.is_dir():
        pytest.skip(f"the evaluation data are not at {OWN_SENTENCES}")
    sentences, vocabularies = read_own()
    matcher = Matcher("en", vocabularies["en"])
    spoken = [s for s in sentences if s.code == "en" and "Timer" in s.intent]
    right = sum(matcher(s.text, s.area) == s.intent for s in spoken)
    assert right == len(spoken)
