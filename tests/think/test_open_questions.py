"""Ninety questions about the device, the world and nothing in particular, to the real parts.

`open_questions.tsv` (language, about what, text) was written before any of them was asked.
"""

from collections import Counter
from pathlib import Path

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Message, Speaker
from edgewise.core.thought import Context, MessageKind
from edgewise.core.words import Language
from edgewise.think import models
from edgewise.think.device_words import speaks_of_device
from edgewise.think.honesty import NOT_BY_GUESS, claims_action
from edgewise.think.llama import LlamaModel
from edgewise.think.think import Thinking
from edgewise.think.understand import load_understander
from edgewise.think.wording import CAUTION, NOT_HERE

ROWS = [line.split("\t") for line in (Path(__file__).with_name("open_questions.tsv")).open()]
TYPED = label_of(OriginKind.TYPED)


@pytest.mark.slow
async def test_a_model_says_nothing_of_the_device_and_nothing_with_certainty(tmp_path: Path):
    pytest.importorskip("xllamacpp", reason="the extra `llama` is not installed")
    capabilities = builtin_catalogue().capabilities
    model = LlamaModel(models.settings(models.EMBEDDED, tmp_path))
    thinking = Thinking(load_understander(capabilities), model, capabilities=capabilities)
    answered: Counter[str] = Counter()
    for code, about, text in ROWS:
        language = Language(code)
        thought = thinking.understand(text.strip(), Context(language, label=TYPED, turn="t"))
        open_kind = thought.kind in (MessageKind.QUESTION, MessageKind.CHAT)
        if thought.calls or thought.question is not None or not open_kind:
            continue
        assert about != "device", text
        message = Message(text.strip(), language, TYPED, Speaker())
        pieces = thinking.converse(message, (), deadline_s=60.0)
        said = "".join([piece async for piece in pieces])
        declined = said in (NOT_HERE.en, NOT_BY_GUESS.en) or "edgewise models" in said
        answered[about] += not declined
        assert declined or said.startswith(CAUTION.en), (text, said)
        told = said.removeprefix(CAUTION.en)
        assert declined or not (speaks_of_device(told) or claims_action(told)), (text, said)
    await thinking.close()
    assert answered["world"] >= 3, "the model is asked and answers what it is sure of"


def test_there_are_sixty_english_and_thirty_chinese_questions():
    assert Counter(code for code, _, _ in ROWS) == {"en": 60, "zh": 30}
