"""Pydantic AI: an agent with tools, structured output and a stream, over chat and responses."""

from typing import Any

from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

from judges.cases import BASE_URL, KEY, MODEL, case, main


class City(BaseModel):
    """A city and how many people live there."""

    name: str
    people: int


def model(kind: str = "chat") -> Any:
    provider = OpenAIProvider(base_url=BASE_URL, api_key=KEY)
    if kind == "chat":
        return OpenAIChatModel(MODEL, provider=provider)
    return OpenAIResponsesModel(MODEL, provider=provider)


def agent_with_tools(kind: str) -> tuple[Agent[None, str], list[Any]]:
    agent = Agent(model(kind), instructions="Use the tools.")
    called: list[Any] = []

    @agent.tool_plain
    def get_weather(city: str, days: int) -> str:
        """The weather of a city."""
        called.append(("weather", city, days))
        return f"sunny in {city}"

    @agent.tool_plain
    def get_clock(city: str) -> str:
        """The time in a city."""
        called.append(("clock", city))
        return "noon"

    return agent, called


async def answers(kind: str) -> None:
    ended = await Agent(model(kind), instructions="Echo.").run("hello over there")
    assert ended.output == "hello over there", ended.output
    assert ended.usage.output_tokens == 3, ended.usage


async def calls_tools(kind: str) -> None:
    agent, called = agent_with_tools(kind)
    ended = await agent.run("the weather in Oslo for 3 days and the clock there")
    assert ("weather", "Oslo", 3) in called, called
    assert len(called) == 2, called
    assert ended.output == "sunny in Oslo\nnoon", ended.output


async def streams(kind: str) -> None:
    agent = Agent(model(kind))
    async with agent.run_stream("a b c d") as streamed:
        pieces = [text async for text in streamed.stream_text(delta=True, debounce_by=None)]
    assert "".join(pieces) == "a b c d", pieces
    assert len(pieces) == 4, pieces


async def streams_with_tools(kind: str) -> None:
    agent, called = agent_with_tools(kind)
    async with agent.run_stream("the weather in Oslo for 3 days") as streamed:
        text = await streamed.get_output()
    assert called == [("weather", "Oslo", 3)], called
    assert text == "sunny in Oslo", text


async def structured(kind: str, output: Any) -> None:
    ended = await Agent(model(kind), output_type=output).run("the city 'Oslo' of 700000 people")
    assert ended.output == City(name="Oslo", people=700000), ended.output


async def remembers(kind: str) -> None:
    agent = Agent(model(kind))
    first = await agent.run("one")
    second = await agent.run("two", message_history=first.all_messages())
    assert second.output == "two"
    assert second.usage.input_tokens > first.usage.input_tokens


for _kind in ("chat", "responses"):
    case(f"{_kind}: an answer with usage")(lambda kind=_kind: answers(kind))
    case(f"{_kind}: parallel tools and their results")(lambda kind=_kind: calls_tools(kind))
    case(f"{_kind}: a stream of text")(lambda kind=_kind: streams(kind))
    case(f"{_kind}: a stream with a tool")(lambda kind=_kind: streams_with_tools(kind))
    case(f"{_kind}: structured output by a tool")(lambda kind=_kind: structured(kind, City))
    case(f"{_kind}: structured output by a schema")(
        lambda kind=_kind: structured(kind, NativeOutput(City))
    )
    case(f"{_kind}: a conversation of two turns")(lambda kind=_kind: remembers(kind))


if __name__ == "__main__":
    main()
