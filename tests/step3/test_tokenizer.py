"""The tokenizer of a small model: any text comes back, and special tokens are whole."""

from pathlib import Path

import pytest

pytest.importorskip("tokenizers", reason="tokenizers is not installed (extra step3)")

from edgewise.errors import UserError
from edgewise.step3.image_tokens import read_ids
from edgewise.step3.tokenizer import (
    CHAT,
    IMAGE_TOKEN_ID,
    SPECIAL,
    TEMPLATE,
    ChatTemplate,
    read_tokenizer,
    save_tokenizer,
    train_tokenizer,
)

TEXTS = ["turn on the reading light", "turn off the reading light"] * 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tokenizer")
    save_tokenizer(train_tokenizer(TEXTS, 300), made)
    return made


@pytest.mark.parametrize("text", ["turn on the light", " two  blanks ", "开灯 🚗\n", "naïve\x00"])
def test_any_text_comes_back(folder: Path, text: str):
    tokenizer = read_tokenizer(folder)
    assert tokenizer.decode(tokenizer.encode(text).ids) == text


def test_what_is_frequent_takes_fewer_tokens_than_bytes(folder: Path):
    text = "turn on the reading light"
    assert len(read_tokenizer(folder).encode(text).ids) < len(text) / 2


def test_special_tokens_are_one_each_and_those_of_pictures_are_found(folder: Path):
    tokenizer = read_tokenizer(folder)
    assert tokenizer.encode("".join(SPECIAL)).ids == list(range(len(SPECIAL)))
    assert read_ids(tokenizer.get_vocab(), IMAGE_TOKEN_ID).image == IMAGE_TOKEN_ID


def test_a_vocabulary_without_room_for_bytes_is_refused():
    with pytest.raises(UserError, match="need 268"):
        train_tokenizer(TEXTS, 200)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff"])
def test_a_file_that_is_no_tokenizer_is_told_by_name(tmp_path: Path, content: bytes):
    (tmp_path / "tokenizer.json").write_bytes(content)
    with pytest.raises(UserError, match=r"tokenizer\.json cannot be read"):
        read_tokenizer(tmp_path)


def test_a_conversation_is_written_as_the_folder_says(folder: Path):
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What?"}]},
    ]
    written = ChatTemplate.of(folder).render(messages)
    assert written == (
        "<|begin|><|system|>Be brief.<|end|><|user|><im_patch>What?<|end|><|assistant|>"
    )
    assert ChatTemplate(CHAT).render(messages, answer=False) == written[: -len("<|assistant|>")]


@pytest.mark.parametrize(
    "source",
    [
        "{{ messages.__class__.__mro__[1].__subclasses__() }}",
        "{{ raise_exception('roles must alternate') }}",
        "{{ 1 + 'a' }}",
        "{{ 1 / 0 }}",
        "{% for _ in range(10**9) %}{% endfor %}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
    ],
)
def test_a_template_that_refuses_or_reaches_for_python_costs_its_conversation(
    tmp_path: Path, source: str
):
    (tmp_path / TEMPLATE).write_text(source)
    with pytest.raises(UserError, match="the conversation") as caught:
        ChatTemplate.of(tmp_path).render([{"role": "user", "content": "x"}])
    assert caught.value.code == "bad_message"


def test_a_template_that_is_none_is_told_at_once(tmp_path: Path):
    (tmp_path / TEMPLATE).write_text("{% for %}")
    with pytest.raises(UserError, match="the chat template"):
        ChatTemplate.of(tmp_path)


def test_a_template_that_is_no_text_is_told_by_its_name(tmp_path: Path):
    (tmp_path / TEMPLATE).write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match=TEMPLATE) as caught:
        ChatTemplate.of(tmp_path)
    assert caught.value.code == "bad_model_config"
