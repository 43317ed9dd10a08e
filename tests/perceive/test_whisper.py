"""Whisper: which text is taken, how long its window is, and that it hears a person."""

import math
from pathlib import Path
from types import SimpleNamespace

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.perceive.hear import NO_WORDS, Vocabulary
from edgewise.perceive.mel import COLUMNS_PER_S, samples_of
from edgewise.perceive.sound_alike import SoundAlike
from edgewise.perceive.vocabulary import vocabulary_of
from edgewise.perceive.whisper import Whisper, Window, candidates_of, chosen, fits_by_sound
from tests.perceive.sounds import needs_model, recorded


def test_what_the_vocabulary_explains_is_taken_where_the_sound_agrees():
    assert chosen(["刀行", "导航"], [-3.0, -9.0], [0.0, 2.0]) == "导航"


def test_what_does_not_fit_the_sound_is_never_taken():
    assert chosen(["刀行", "导航"], [-3.0, -40.0], [0.0, 99.0]) == "刀行"
    assert chosen(["刀行", ""], [-3.0, -math.inf], [0.0, 99.0]) == "刀行"


def test_without_a_vocabulary_the_first_guess_stands():
    assert chosen(["一", "二"], [-1.0, -2.0], [0.0, 0.0]) == "一"


def test_candidates_are_the_guesses_and_what_sounds_like_them():
    pytest.importorskip("pypinyin", reason="pypinyin is not installed (extra hear)")
    found = candidates_of(["刀行去外摊", "刀行器外摊"], SoundAlike(["导航去外滩"]))
    assert found[:2] == ["刀行去外摊", "导航去外滩"]
    assert len(found) == len(set(found)) <= 5
    assert candidates_of([""], SoundAlike(["导航"])) == [""]


def test_texts_of_one_sound_are_told_apart_by_the_vocabulary_more_than_by_what_is_usual():
    assert fits_by_sound([-4.0, -8.0, -6.0], ["wang fang", "wang fang", "li na"]) == [-4, -6, -6]
    fits = {"发微信给王方": 0.8, "发微信给王芳": 0.4}
    known = Vocabulary(("发微信给李娜", "王芳", "李娜"), ("王芳", "李娜"))
    assert written({"发微信给王方": 0.78}, fits, known).text == "发微信给王芳"


class ScriptedModel:
    """A decoder whose guesses, and how well each text fits, are told; asked else, it fails."""

    def __init__(self, guesses: dict[str, float], fits: dict[str, float]) -> None:
        self._guesses, self._fits = guesses, fits

    def generate(self, encoded: object, prompts: object, **settings: object) -> list[object]:
        del encoded, prompts, settings
        scores = [math.log(one) for one in self._guesses.values()]
        made = list(self._guesses)
        return [SimpleNamespace(scores=scores, sequences_ids=made, no_speech_prob=0.0)]

    def align(self, encoded: object, begin: object, tokens: list[list[str]], columns: int):
        del encoded, begin, columns
        text = "".join(tokens[0])
        return [SimpleNamespace(text_token_probs=[self._fits.get(text, 1e-9)] * len(text))]


class OneCharacterOneToken:
    def token_to_id(self, name: str) -> str:
        return name

    def encode(self, text: str, *, add_special_tokens: bool) -> SimpleNamespace:
        assert not add_special_tokens
        return SimpleNamespace(ids=list(text))

    def decode(self, tokens: list[str], *, skip_special_tokens: bool) -> str:
        assert skip_special_tokens
        return "".join(tokens)


def written(guesses: dict[str, float], fits: dict[str, float], vocabulary: Vocabulary):
    pytest.importorskip("pypinyin", reason="pypinyin is not installed (extra hear)")
    pytest.importorskip("opencc", reason="OpenCC is not installed (extra hear)")
    model = object.__new__(Whisper)
    model._model, model._tokens = ScriptedModel(guesses, fits), OneCharacterOneToken()
    return model.write(Window(None, 1000, 2.0), Language.CHINESE, vocabulary, is_final=True)


def of_the_catalogue(*contacts: str) -> Vocabulary:
    return vocabulary_of(builtin_catalogue().capabilities, Language.CHINESE, contacts=contacts)


OPPOSITES = (
    ("关天窗", "开天窗"),
    ("关后备箱", "开后备箱"),
    ("关上后备箱", "打开后备箱"),
    ("把后备箱关了", "把后备箱开了"),
    ("关大灯", "开大灯"),
    ("关闭远光灯", "打开远光灯"),
    ("打开远光灯", "打开近光灯"),
    ("关掉空调", "打开空调"),
    ("车门别解锁", "车门解锁"),
    ("不要打开天窗", "要打开天窗"),
    ("打开副驾车窗", "打开主驾车窗"),
    ("关闭左边车窗", "关闭右边车窗"),
    ("调到十八度", "调到二十八度"),
    ("空调十四度", "空调四十度"),
    ("调到18度", "调到28度"),
    ("温度调低一点", "温度调高一点"),
    ("声音大一点", "声音小一点"),
    ("加两度", "减两度"),
    ("车里温度", "车外温度"),
    ("去导航", "取消导航"),
    ("接电话", "挂电话"),
    ("打开内循环", "打开外循环"),
)


@pytest.mark.parametrize(
    ("likely", "opposite"), [pair for a, b in OPPOSITES for pair in ((a, b), (b, a))]
)
def test_an_order_never_becomes_its_opposite(likely: str, opposite: str):
    fits = {likely: 0.9, opposite: 0.89}
    guess = written({likely: 0.98, opposite: 0.97}, fits, of_the_catalogue())
    assert (guess.text, round(guess.confidence, 3)) == (likely, 0.98)


def test_a_name_never_becomes_another_one():
    known = of_the_catalogue("李敏", "王芳")
    fits = {"打电话给李明": 0.9, "打电话给李敏": 0.89}
    for others in ({}, {"打电话给李敏": 0.7}):
        guess = written({"打电话给李明": 0.8} | others, fits, known)
        assert (guess.text, round(guess.confidence, 3)) == ("打电话给李明", 0.8)
    guess = written({"打电话给里敏": 0.8}, {"打电话给里敏": 0.9, "打电话给李敏": 0.89}, known)
    assert guess.text == "打电话给李敏"


def test_a_whole_sentence_of_the_vocabulary_is_taken_where_no_rival_fits_nearly_as_well():
    known, heard, said = Vocabulary(("关闭座椅通风",)), "官立座椅通访", "关闭座椅通风"
    clear = {heard: 0.9, said: 0.5}
    assert written({heard: 0.6}, clear, known).text == said
    assert written({heard: 0.6}, clear | {"打开座椅通风": 0.45}, known).text == heard
    assert written({heard: 0.6}, {heard: 0.9, said: 0.01}, known).text == heard


@pytest.mark.parametrize(
    ("heard", "sentence"),
    [
        ("继续导航", "结束导航"),
        ("关闭顶灯", "关闭大灯"),
        ("关闭吊灯", "关闭大灯"),
        ("减少副驾的窗户", "降下副驾的窗户"),
        ("结束车门", "解锁车门"),
        ("调大所有车窗", "打开所有车窗"),
    ],
)
def test_what_makes_sense_as_heard_becomes_another_order_only_where_that_fits_clearly_better(
    heard: str, sentence: str
):
    known = of_the_catalogue()
    assert written({heard: 0.8}, {heard: 0.6, sentence: 0.59}, known).text == heard
    assert written({heard: 0.8}, {heard: 0.59, sentence: 0.6}, known).text == heard
    assert written({heard: 0.8}, {heard: 0.001, sentence: 0.9}, known).text == sentence


def test_the_confidence_is_that_of_the_text_that_is_taken():
    known = Vocabulary(("导航去外滩",))
    fits = {"刀行去外摊": 0.9, "导航去外滩": 0.5}
    assert written({"刀行去外摊": 0.9}, fits, known).confidence == pytest.approx(0.5)
    second = {"刀行去外摊": 0.9, "导航去外滩": 0.6}
    assert written(second, fits, known).confidence == pytest.approx(0.6)
    assert written({"刀行去外摊": 0.9}, {}, Vocabulary(("天窗",))).confidence == pytest.approx(0.9)


def test_a_folder_without_a_model_is_named(tmp_path: Path):
    pytest.importorskip("ctranslate2", reason="ctranslate2 is not installed (extra hear)")
    with pytest.raises(ModelError, match="holds no Whisper model"):
        Whisper(tmp_path)


@pytest.mark.slow
def test_it_hears_a_person_in_a_short_window_and_tells_the_language():
    needs_model("whisper-base")
    model = Whisper()
    samples = samples_of(recorded().data)
    window = model.encode(samples)
    assert window.columns == 10 * COLUMNS_PER_S
    assert model.encode(samples.repeat(6)).columns > window.columns
    language, likely = model.language_of(window)
    assert language is Language.ENGLISH
    assert likely > 0.9
    guess = model.recognise(
        samples, language=None, vocabulary=NO_WORDS, is_final=True, is_cancelled=lambda: False
    )
    assert "forward" in guess.text.lower()
    said, other = (model.fit(window, language, text) for text in (guess.text, "Open the window"))
    assert said > other + 10
