"""Public sets become samples by their label map; what a label leaves open is skipped."""

import json
from pathlib import Path
from typing import Any

import pytest

from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.learn.public_sets import NONE, as_said, load_set, locate
from tests.each_row import each_row

MAP = {
    "alarm.manage": {"slurp": {"labels": ["alarm_set"]}},
    "climate.set_power": {"mac_slu": {"labels": ["对象=空调"]}},
    "climate.set_temperature": {"mac_slu": {"labels": ["调节内容=温度"]}},
    "window.set": {"mac_slu": {"labels": ["车载控制/车身控制"]}},
    "media.play": {"snips": {"labels": ["PlayMusic"]}},
    "none": {"clinc150": {"labels": ["oos"]}},
}


def folder_with(tmp_path: Path, name: str, *rows: dict[str, Any]) -> Path:
    (tmp_path / name).mkdir(exist_ok=True)
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / name / "data.jsonl").write_text(text, "utf-8")
    (tmp_path / "intent_map.json").write_text(json.dumps(MAP, ensure_ascii=False), "utf-8")
    return tmp_path


def test_a_label_becomes_its_capabilities_and_one_without_is_left_out(tmp_path: Path) -> None:
    rows = [{"text": "wake me", "intent": "alarm_set"}, {"text": "x", "intent": "unheard_of"}]
    (sample,) = load_set(folder_with(tmp_path, "slurp", *rows), "slurp")
    assert (sample.text, sample.language) == ("wake me", Language.ENGLISH)
    assert sample.parts == (frozenset({"alarm.manage"}),)


def test_several_requests_become_several_parts_with_the_labels_of_their_source(
    tmp_path: Path,
) -> None:
    row = {"text": "a and b", "intent": ["PlayMusic", "PlayMusic"]}
    (sample,) = load_set(folder_with(tmp_path, "snips_conj", row), "snips_conj")
    assert sample.parts == (frozenset({"media.play"}),) * 2


def test_a_mandarin_part_is_known_by_its_slots_where_they_tell(tmp_path: Path) -> None:
    told = {"对象": "空调", "调节内容": "温度"}
    row = {"text": "x", "intent": ["车载控制/车身控制"] * 2, "slots": [told, {"对象": "别的"}]}
    (sample,) = load_set(folder_with(tmp_path, "mac_slu", row), "mac_slu")
    both = frozenset({"climate.set_power", "climate.set_temperature"})
    assert sample.parts == (both, frozenset({"window.set"}))
    assert sample.language is Language.CHINESE


def test_what_a_map_does_not_know_of_clinc_is_nothing_to_do(tmp_path: Path) -> None:
    rows = [{"text": "my rate", "intent": "interest_rate", "split": "val"},
            {"text": "seen", "intent": "oos", "split": "train"}]  # fmt: skip
    (sample,) = load_set(folder_with(tmp_path, "clinc150", *rows), "clinc150")
    assert sample.parts == (frozenset({NONE}),)


@each_row("name", ["nothing", "slurp"])
def test_a_set_that_is_not_there_is_one_clear_error(name: str) -> None:
    with pytest.raises(UserError, match=name):
        load_set(Path("/nowhere"), name)


def test_slots_have_the_names_of_mentions_and_their_words_one_form(tmp_path: Path) -> None:
    slots = [[{"name": "track", "value": "Blue  Sun."}], [{"name": "city", "value": "Ulm"}]]
    row = {"text": "a and b", "intent": ["PlayMusic"] * 2, "slots": slots}
    (sample,) = load_set(folder_with(tmp_path, "snips_conj", row), "snips_conj")
    assert set(sample.slots or ()) == {("song_name", "blue sun"), ("place_name", "ulm")}


def test_slots_are_found_as_whole_words_and_neighbours_of_one_name_are_one() -> None:
    slots = [("artist_name", "art"), ("place_name", "Paris"), ("place_name", "France")]
    found, lost = locate("start art in paris, france", [*slots, ("date", "today")])
    assert found == [("artist_name", 6, 9), ("place_name", 13, 26)]
    assert lost == [("date", "today")]


def test_a_possessive_written_apart_is_the_same_words():
    assert as_said("this week 's") == as_said("This week's") == "this week"


def test_names_in_chinese_slots_are_compared_and_the_rest_is_told_by_the_call(tmp_path: Path):
    row = {
        "text": "打开空调导航去公司",
        "intent": ["车载控制/车身控制", "地图/导航"],
        "slots": [{"对象": "空调", "操作": "打开"}, {"终点名称": "公司", "操作": "导航"}],
    }
    labels = {"nav.set_destination": {"mac_slu": {"labels": ["地图/导航"]}}}
    mapping = {"climate.set_power": {"mac_slu": {"labels": ["对象=空调"]}}} | labels
    (tmp_path / "intent_map.json").write_text(json.dumps(mapping), "utf-8")
    (tmp_path / "mac_slu").mkdir()
    (tmp_path / "mac_slu" / "data.jsonl").write_text(json.dumps(row), "utf-8")
    (sample,) = load_set(tmp_path, "mac_slu")
    assert sample.slots == (("place_name", "公司"),)
