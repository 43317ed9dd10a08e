"""OpenAI's Agents SDK: the agent loop with tools, a handoff, output types and a stream, over chat
and responses."""

from typing import Any

from agents import (
    Agent,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    function_tool,
    set_tracing_disabled,
)
from openai import AsyncOpenAI
from pydantic import BaseModel

from judges.cases import BASE_URL, KEY, MODEL, case, main

set_tracing_disabled(True)


class City(BaseModel):
    name: str
    people: int


called: list[Any] = []


@function_tool
def get_weather(city: str, days: int) -> str:
    """The weather of a city."""
    called.append((city, days))
    return f"sunny in {city}"


@function_tool
def get_clock(city: str) -> str:
    """The time in a city."""
    called.append((city,))
    return "noon"


def model(kind: str) -> Any:
    client = AsyncOpenAI(base_url=BASE_URL, api_key=KEY, max_retries=0)
    if kind == "chat":
        return OpenAIChatCompletionsModel(model=MODEL, openai_client=client)
    return OpenAIResponsesModel(model=MODEL, openai_client=client)


async def answers(kind: str) -> None:
    ended = await Runner.run(Agent(name="Echo", model=model(kind)), "hello over there")
    assert ended.final_output == "hello over there", ended.final_output
    assert ended.context_wrapper.usage.output_tokens == 3, ended.context_wrapper.usage


async def loops(kind: str) -> None:
    called.clear()
    agent = Agent(
        name="Guide",
        instructions="Use the tools.",
        model=model(kind),
        tools=[get_weather, get_clock],
        model_settings=ModelSettings(parallel_tool_calls=True),
    )
    ended = await Runner.run(agent, "the weather in Oslo for 3 days and the clock there")
    assert ("Oslo", 3) in called, called
    assert len(called) == 2, called
    assert ended.final_output == "sunny in Oslo\nnoon", ended.final_output


async def streams(kind: str) -> None:
    called.clear()
    agent = Agent(name="Guide", model=model(kind), tools=[get_weather])
    run = Runner.run_streamed(agent, "the weather in Oslo for 3 days")
    kinds = [event.type async for event in run.stream_events()]
    assert called == [("Oslo", 3)], called
    assert run.final_output == "sunny in Oslo", run.final_output
    assert "raw_response_event" in kinds
    assert "run_item_stream_event" in kinds


async def types(kind: str) -> None:
    agent = Agent(name="Clerk", model=model(kind), output_type=City)
    ended = await Runner.run(agent, "the city 'Oslo' of 700000 people")
    assert ended.final_output == City(name="Oslo", people=700000), ended.final_output


async def hands_off(kind: str) -> None:
    painter = Agent(name="Painter", model=model(kind))
    front = Agent(name="Front", model=model(kind), handoffs=[painter])
    ended = await Runner.run(front, "please transfer to painter")
    assert ended.last_agent.name == "Painter", ended.last_agent.name


async def remembers(kind: str) -> None:
    agent = Agent(name="Echo", model=model(kind))
    first = await Runner.run(agent, "one")
    again: list[Any] = [*first.to_input_list(), {"role": "user", "content": "two"}]
    assert (await Runner.run(agent, again)).final_output == "two"


for _kind in ("chat", "responses"):
    case(f"{_kind}: an answer with usage")(lambda kind=_kind: answers(kind))
    case(f"{_kind}: the loop with two tools")(lambda kind=_kind: loops(kind))
    case(f"{_kind}: a streamed loop")(lambda kind=_kind: streams(kind))
    case(f"{_kind}: an output type")(lambda kind=_kind: types(kind))
    case(f"{_kind}: a handoff")(lambda kind=_kind: hands_off(kind))
    case(f"{_kind}: a conversation of two turns")(lambda kind=_kind: remembers(kind))


if __name__ == "__main__":
    main()
