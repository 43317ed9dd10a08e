"""`edgewise models`: what there is, without a network."""

from edgewise.engine.packages import packages
from edgewise.perceive.recognisers import RECOGNISERS
from edgewise.perceive.wake import WAKE_WORDS
from edgewise.think.models import catalogue
from tests.cli.conftest import Edgewise
from tests.cli.test_lists import fits


def test_each_model_has_one_line_with_size_and_licence(edgewise: Edgewise) -> None:
    out = edgewise("models").out
    assert fits(out)
    for model in catalogue():
        (line,) = [line for line in out.splitlines() if line.startswith(model.name + " ")]
        assert f"{model.size_mb} MB" in line
        assert model.licence in line


def test_the_download_and_the_disk_of_packaged_models_are_told_by_sense(edgewise: Edgewise) -> None:
    lines = edgewise("models").out.splitlines()
    for sense in ("language", "hear", "speak", "see"):
        assert any(line.startswith(sense + " ") and line.count(" MB") == 2 for line in lines)
    (total,) = [line.split() for line in lines if line.startswith("all ")]
    default = [one for one in packages() if one.default]
    download_mb = sum(archive.size_bytes for one in default for archive in one.archive) / 1e6
    assert total == ["all", f"{download_mb:.0f}", "MB", f"{_disk_mb():.0f}", "MB"]


def test_they_are_listed_in_the_language_that_is_asked_for(edgewise: Edgewise) -> None:
    out = edgewise("models", "--language", "zh").out
    assert fits(out)
    for words in ("许可证", "随软件包安装的模型", "识别器", "唤醒词"):
        assert words in out
    assert "yes" not in out.split()


def test_recognisers_and_wake_words_that_settings_may_name_are_listed(edgewise: Edgewise) -> None:
    lines = edgewise("models").out.splitlines()
    assert all(any(line.startswith(name + " ") for line in lines) for name in RECOGNISERS)
    (words,) = [line for line in lines if line.startswith("Wake words: ")]
    assert all(name in words for name in WAKE_WORDS)


def _disk_mb() -> float:
    return sum(file.size_bytes for one in packages() if one.default for file in one.file) / 1e6


def test_models_are_rows_of_json(edgewise: Edgewise) -> None:
    names = [row["name"] for row in edgewise("models", "--json").rows]
    assert names == [model.name for model in catalogue()]


def test_an_unknown_model_is_refused_with_the_known_ones(edgewise: Edgewise) -> None:
    ran = edgewise("models", "fetch", "gpt-9")
    assert ran.is_one_clear_line("'gpt-9'", *(model.name for model in catalogue()))


def test_terms_of_use_must_be_accepted_before_anything_is_fetched(edgewise: Edgewise) -> None:
    ran = edgewise("models", "fetch", "gemma-3-1b")
    assert ran.code == 1
    assert "--accept-terms" in ran.err
