"""A chat model of the platform as an agent's language model: metered, screened, ended in time."""

from typing import Any

import pytest

from edgewise.cloud.caller import Caller, Endpoint, KeyKind
from edgewise.cloud.refusal import key_revoked
from edgewise.cloud.xiaozhi.chat import GatewayChat
from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.think.chat import ChatPrompt, ChatTurn, Role, Said
from edgewise.think.honesty import NOT_BY_GUESS
from tests.cloud.fake_completer import FakeCompleter, spoken

CALLER = Caller("key", KeyKind.DEVICE, "org", "proj", "dev", endpoints=frozenset({Endpoint.VOICE}))


def model(completer: FakeCompleter, **more: Any) -> GatewayChat:
    return GatewayChat(completer, lambda: CALLER, "m", (Language.ENGLISH,), **more)


def asked(text: str) -> ChatPrompt:
    return ChatPrompt("Be brief.", (ChatTurn(Role.USER, text),))


async def said(chat: GatewayChat, text: str) -> tuple[str, list[Said]]:
    noted: list[Said] = []
    pieces = chat.reply(asked(text), deadline_s=5, max_tokens=9, note=noted.append)
    return "".join([piece async for piece in pieces]), noted


async def test_an_answer_is_a_completion_of_the_device():
    completer = FakeCompleter(spoken("The sky ", "is blue."))
    text, noted = await said(model(completer), "why is the sky blue")
    assert text == "The sky is blue."
    assert [one.text for one in noted] == [text]
    assert completer.endpoints == [Endpoint.VOICE]
    body = completer.bodies[0]
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert (body["model"], body["max_tokens"]) == ("m", 9)
    assert "tools" not in body


async def test_it_never_claims_to_have_done_something():
    text, _ = await said(model(FakeCompleter(spoken("I have opened the window."))), "open it")
    assert "I have opened the window" not in text
    assert text


async def test_a_small_one_is_not_asked_what_can_do_harm():
    completer = FakeCompleter()
    text, noted = await said(model(completer, small=True), "how many pills can I take")
    assert text == NOT_BY_GUESS.en
    assert noted[0].declined
    assert completer.bodies == []


async def test_what_the_platform_refuses_is_told():
    with pytest.raises(ModelError) as told:
        await said(model(FakeCompleter([key_revoked()])), "hello there")
    assert told.value.code == key_revoked().problem.code


async def test_no_words_are_an_error():
    with pytest.raises(ModelError, match="wrote nothing"):
        await said(model(FakeCompleter(spoken())), "hello there")
