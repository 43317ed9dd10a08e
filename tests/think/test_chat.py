"""The contract of chat models is small, frozen, and kept by the models that ship."""

import msgspec
import pytest

from edgewise.core.words import Language
from edgewise.testing.model import ScriptedModel
from edgewise.think.chat import ChatModel, ChatPrompt, ChatTurn, Role
from edgewise.think.llama import LlamaModel
from edgewise.think.llama_child import LlamaSettings


async def keeps_the_contract(model: ChatModel) -> None:
    assert model.name
    assert all(isinstance(language, Language) for language in model.languages)
    await model.close()


async def test_the_models_that_ship_keep_the_contract(tmp_path):
    await keeps_the_contract(ScriptedModel([]))
    await keeps_the_contract(LlamaModel(LlamaSettings("m", tmp_path, (Language.ENGLISH,))))


def test_a_prompt_cannot_be_changed_and_survives_json():
    prompt = ChatPrompt("be brief", (ChatTurn(Role.USER, "你好"),), Language.CHINESE)
    with pytest.raises(AttributeError):
        prompt.system = "be long"  # type: ignore[misc]
    assert msgspec.json.decode(msgspec.json.encode(prompt), type=ChatPrompt) == prompt
