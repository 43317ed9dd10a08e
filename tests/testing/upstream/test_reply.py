import json
from typing import Any

import msgspec

from edgewise.testing.upstream.ask import Ask, read_ask
from edgewise.testing.upstream.directive import Directive, Tool
from edgewise.testing.upstream.reply import Reply, prompt_tokens, reply_to


def tool(name: str, **properties: Any) -> dict[str, Any]:
    parameters = {"type": "object", "properties": properties}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


CITY = {"type": "string"}
TOOLS = [tool("get_weather", city=CITY), tool("add_numbers", a={"type": "integer"})]


def asked(text: str = "hi", **fields: Any) -> Ask:
    messages = fields.pop("messages", [{"role": "user", "content": text}])
    return read_ask({"model": "fake", "messages": messages} | fields)


def reply(text: str = "hi", **fields: Any) -> Reply:
    return reply_to(asked(text, **fields), Directive())


def calls(found: Reply) -> list[tuple[str, dict[str, Any]]]:
    return [(call.name, json.loads("".join(call.fragments))) for call in found.calls]


def after_a_call(name: str) -> list[dict[str, Any]]:
    call = {"id": "c", "type": "function", "function": {"name": name, "arguments": "{}"}}
    return [
        {"role": "user", "content": "the weather in Paris, then add 4"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "it is sunny"},
    ]


def test_it_echoes_without_a_wish_for_more():
    found = reply("Hello there")
    assert "".join(found.words) == "Hello there"
    assert (found.tokens, found.finish_reason) == (2, "stop")


def test_a_tool_that_the_words_name_is_called_with_what_they_say():
    found = reply("What is the weather in Paris?", tools=TOOLS)
    assert calls(found) == [("get_weather", {"city": "Paris"})]
    assert found.finish_reason == "tool_calls"
    assert found.tokens == 1 + len(found.calls[0].fragments)


def test_several_tools_that_are_asked_for_are_called_at_once_unless_forbidden():
    text = "the weather in Paris, and add 4"
    assert [name for name, _ in calls(reply(text, tools=TOOLS))] == ["get_weather", "add_numbers"]
    one = reply(text, tools=TOOLS, parallel_tool_calls=False)
    assert [name for name, _ in calls(one)] == ["get_weather"]


def test_tools_that_nobody_asks_for_are_not_called_unless_required():
    assert reply("good morning", tools=TOOLS).calls == []
    assert reply("the weather", tools=TOOLS, tool_choice="none").calls == []
    required = reply("good morning", tools=TOOLS, tool_choice="required")
    assert [name for name, _ in calls(required)] == ["get_weather"]


def test_a_named_tool_is_called():
    choice = {"type": "function", "function": {"name": "add_numbers"}}
    assert calls(reply("weather, 9", tools=TOOLS, tool_choice=choice)) == [
        ("add_numbers", {"a": 9})
    ]


def test_a_tools_result_is_the_answer():
    found = reply(messages=after_a_call("get_weather"), tools=TOOLS)
    assert "".join(found.words) == "it is sunny"


def test_a_tool_that_is_required_after_a_result_is_one_not_called_yet():
    found = reply(messages=after_a_call("get_weather"), tools=TOOLS, tool_choice="required")
    assert [name for name, _ in calls(found)] == ["add_numbers"]


def test_a_schema_gets_its_instance():
    schema = {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "person", "schema": schema}}
    assert json.loads("".join(reply("she is 30", response_format=wanted).words)) == {"age": 30}
    any_object = reply("x", response_format={"type": "json_object"})
    assert isinstance(json.loads("".join(any_object.words)), dict)


def test_a_json_object_without_a_schema_has_the_members_that_the_user_quotes():
    asked_for = "a joke as JSON with 'setup' and \"punch line\" keys, it's for Bob's cat"
    found = reply(asked_for, response_format={"type": "json_object"})
    assert list(json.loads("".join(found.words))) == ["setup", "punch line"]


def test_a_stop_word_and_the_limit_end_it():
    assert "".join(reply("one two three", stop=[" three", " two"]).words) == "one"
    cut = reply("one two three", max_tokens=2)
    assert ("".join(cut.words), cut.finish_reason) == ("one two", "length")


def test_as_many_tokens_come_as_the_directive_says_the_reasoning_first():
    found = reply_to(asked(), Directive(tokens=5, reasoning_tokens=2))
    assert (len(found.reasoning), len(found.words), found.tokens) == (2, 3, 5)


def test_a_prompt_costs_its_words_its_messages_its_parts_and_its_tools():
    assert prompt_tokens(asked("one two")) == 3 + 2
    image = {"type": "image_url", "image_url": {"url": "data:,"}}
    parts = [{"role": "user", "content": [{"type": "text", "text": "one two"}, image]}]
    assert prompt_tokens(asked(messages=parts)) == 3 + 2 + 50
    assert prompt_tokens(asked("one two", tools=TOOLS)) > 20
    assert msgspec.structs.asdict(asked("x"))["choices"] == 1


def test_scripted_tools_are_called_step_by_step_and_then_their_results_are_told():
    script = Directive(calls=((Tool("no_such", {"a": 1}), Tool("get_weather")), (Tool("x"),)))
    found = reply_to(asked("hi", tools=TOOLS), script)
    assert calls(found) == [("no_such", {"a": 1}), ("get_weather", {})]
    second = reply_to(asked(messages=after_a_call("get_weather"), tools=TOOLS), script)
    assert calls(second) == [("x", {})]
    last = [*after_a_call("get_weather"), *after_a_call("x")[1:]]
    assert "".join(reply_to(asked(messages=last, tools=TOOLS), script).words) == "it is sunny"
