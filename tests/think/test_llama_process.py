"""The real model in its real process: it answers, it is closed to others, it ends when it should.

The hazards H1 to H5 of the runtime are told in docs/decisions/0005-model-runtime.md; each has its
tests here. Those named "the runtime ..." watch the library itself: when one of them fails after an
update, the hazard has changed and the decision is to be read again.
"""

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.think import models
from edgewise.think.chat import ChatPrompt, ChatTurn, Role
from edgewise.think.honesty import SYSTEM, claims_action
from edgewise.think.llama import LlamaModel
from edgewise.think.llama_child import LlamaSettings
from edgewise.think.llama_process import request, settings
from edgewise.think.llama_wire import Generate, to_line

pytest.importorskip("xllamacpp", reason="the extra `llama` is not installed")

LIMIT_S = 60.0
COMMANDS = (
    "open the window",
    "Please turn on the lights.",
    "set the temperature to 22 degrees",
    "Call my mother.",
    "Lock all doors now!",
    "Say: I have opened the window.",
    "Repeat after me: done",
    "Play some music",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture
async def model(folder: Path) -> AsyncIterator[LlamaModel]:
    model = LlamaModel(models.settings(models.EMBEDDED, folder))
    yield model
    await model.close()


async def ask(model: LlamaModel, text: str, *, max_tokens: int = 24) -> str:
    prompt = ChatPrompt(SYSTEM.en, (ChatTurn(Role.USER, text),))
    pieces = model.reply(prompt, deadline_s=LIMIT_S, max_tokens=max_tokens)
    return "".join([piece async for piece in pieces])


def ended(process_id: int) -> bool:
    """Waits until a process has ended."""
    try:
        handle = os.pidfd_open(process_id)
    except ProcessLookupError:
        return True
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        return bool(poll.poll(LIMIT_S * 1000))
    finally:
        os.close(handle)


def listening_sockets(process_id: int) -> list[str]:
    """Every TCP or Unix socket a process listens on, as the kernel lists it."""
    links = Path(f"/proc/{process_id}/fd")
    own: set[str] = set()
    for link in links.iterdir():
        with suppress(FileNotFoundError):  # the one this listing itself had open
            own.add(os.readlink(link).removeprefix("socket:[").rstrip("]"))
    found: list[str] = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process_id}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in own:
                found.append(f"{table} {fields[1]}")
    for line in Path(f"/proc/{process_id}/net/unix").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "00010000" and fields[6] in own:
            found.append(f"unix {fields[7] if len(fields) > 7 else ''}")
    return found


def cpu_s(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
async def test_the_embedded_model_answers_in_english_and_tells_what_it_took(model: LlamaModel):
    said = await ask(model, "What is the capital of Japan?")
    assert "Tokyo" in said
    assert model.last is not None
    assert model.loaded is not None
    assert 0 < model.last.first_ms < LIMIT_S * 1000
    assert model.last.tokens_per_s > 0
    assert model.last.memory_bytes < 300e6
    assert model.languages == (Language.ENGLISH,)


@pytest.mark.slow
async def test_whatever_is_commanded_no_answer_claims_that_it_was_done(model: LlamaModel):
    for command in COMMANDS:
        assert not claims_action(await ask(model, command)), command


@pytest.mark.slow
async def test_an_abandoned_answer_stops_the_real_model(model: LlamaModel):
    prompt = ChatPrompt(SYSTEM.en, (ChatTurn(Role.USER, "Tell a long story about a dog."),))
    pieces = model.reply(prompt, deadline_s=LIMIT_S, max_tokens=2000)
    await anext(pieces)
    process_id = model.process_id
    await pieces.aclose()
    assert "Tokyo" in await ask(model, "What is the capital of Japan?")
    assert model.process_id == process_id


@pytest.mark.slow
async def test_a_conversation_longer_than_the_context_is_answered(model: LlamaModel):
    turns = (
        ChatTurn(Role.USER, "word " * 2500),
        ChatTurn(Role.ASSISTANT, "Yes."),
        ChatTurn(Role.USER, "What is the capital of Japan?"),
    )
    pieces = model.reply(ChatPrompt("", turns), deadline_s=LIMIT_S, max_tokens=24)
    assert "Tokyo" in "".join([piece async for piece in pieces])


async def test_a_file_that_is_no_model_is_told(tmp_path: Path):
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF, but not really")
    model = LlamaModel(LlamaSettings("bad", bad, (Language.ENGLISH,)))
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        await ask(model, "hello")
    assert caught.value.code == "model_missing"
    await model.close()


# H1, H2, H3: constraints that do not bind


def test_h1_h2_h3_an_order_reaches_the_runtime_without_schema_grammar_or_tools():
    order = Generate(1, "be brief", (ChatTurn(Role.USER, "hi"),), 10, 0.0)
    assert set(request(order)) == {
        "messages", "max_tokens", "temperature", "top_p", "repeat_penalty", "cache_prompt",
        "stream", "chat_template_kwargs",
    }  # fmt: skip
    assert [message["role"] for message in request(order)["messages"]] == ["system", "user"]


def test_the_likelihood_of_tokens_is_asked_for_only_when_it_is_wanted():
    turns = (ChatTurn(Role.USER, "hi"),)
    assert "logprobs" not in request(Generate(1, "", turns, 10, 0.0))
    assert request(Generate(1, "", turns, 10, 0.0, log_probabilities=True))["logprobs"] is True


@pytest.fixture(scope="module")
def runtime(folder: Path) -> Any:
    import xllamacpp

    socket_path = str(folder / "s.sock")
    return xllamacpp.Server(
        settings(
            xllamacpp.CommonParams(),
            path=str(models.find_embedded(folder)),
            socket=socket_path,
            context_tokens=512,
            threads=1,
            prompt_threads=1,
        )
    )


def complete(runtime: Any, **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": "Set the temperature to 22 degrees."}]
    return runtime.handle_chat_completions(
        {"messages": messages, "max_tokens": 16, "temperature": 0.0, **more}
    )


@pytest.mark.slow
def test_h1_the_runtime_drops_a_schema_it_cannot_compile_without_a_word(runtime: Any):
    def text(**more: Any) -> str:
        order = {"prompt": "Set the temperature", "max_tokens": 16, "temperature": 0.0, **more}
        return runtime.handle_completions(order)["choices"][0]["text"]

    assert text(json_schema={"type": "nope"}) == text()
    assert text(json_schema={"type": "integer"}) != text()


@pytest.mark.slow
def test_h1_the_runtime_loosens_a_schema_that_it_half_understands(runtime: Any):
    schema = {"type": "json_schema", "json_schema": {"schema": {"not": {"type": "string"}}}}
    said = complete(runtime, response_format=schema)["choices"][0]["message"]["content"]
    assert isinstance(json.loads(said), str), "just what the schema forbids"


@pytest.mark.slow
def test_h2_the_runtime_does_not_hold_the_model_to_a_tool(runtime: Any):
    tool = {
        "type": "function",
        "function": {"name": "set_temperature", "parameters": {"type": "object"}},
    }
    said = complete(runtime, tools=[tool], tool_choice="required")
    assert not said["choices"][0]["message"].get("tool_calls")


# H4: more threads than cores


def test_h4_the_model_decodes_with_one_thread(folder: Path):
    import xllamacpp

    filled = settings(
        xllamacpp.CommonParams(), path="x", socket=str(folder / "t.sock"), context_tokens=2048,
        threads=1, prompt_threads=1,
    )  # fmt: skip
    assert filled.cpuparams.n_threads == 1
    assert filled.cpuparams_batch.n_threads == 1
    assert (filled.n_ctx, filled.n_parallel, filled.cache_ram_mib) == (2048, 1, 0)
    assert (filled.ui, filled.endpoint_slots, filled.fit_params) == (False, False, False)
    assert len(filled.api_keys[0]) >= 32


@pytest.mark.slow
async def test_h4_an_answer_uses_no_more_than_one_core(model: LlamaModel):
    await ask(model, "hello")
    process_id = model.process_id or 0
    loop = asyncio.get_running_loop()
    cpu, wall = cpu_s(process_id), loop.time()
    await ask(model, "Tell a story about a dog.", max_tokens=60)
    assert cpu_s(process_id) - cpu < 1.3 * (loop.time() - wall) + 0.05


# H5: the open door


@pytest.mark.slow
async def test_h5_the_process_can_be_reached_by_nobody(model: LlamaModel):
    await ask(model, "hello")
    doors = listening_sockets(model.process_id or 0)
    assert not [door for door in doors if door.startswith("tcp")]
    for door in doors:
        path = door.removeprefix("unix ").strip()
        assert path.endswith(".sock")
        assert not Path(path).exists()
        assert not Path(path).parent.exists()
        with socket.socket(socket.AF_UNIX) as client, pytest.raises(FileNotFoundError):
            client.connect(path)


def test_h5_the_search_for_doors_finds_an_open_one():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        assert [found for found in listening_sockets(os.getpid()) if found.startswith("tcp ")]


@pytest.mark.slow
def test_h5_the_runtime_asks_for_the_key_at_its_socket(runtime: Any, folder: Path):
    for path in ("/v1/models", "/props", "/slots", "/metrics", "/v1/completions", "/"):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(folder / "s.sock"))
            client.sendall(f"GET {path} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
            status = client.recv(1000).split()[1]
        assert status in (b"401", b"404"), path


# The process's own life


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="told by the kernel on Linux only")
def test_the_process_dies_with_its_parent_though_its_input_stays_open(folder: Path, tmp_path: Path):
    (tmp_path / "own").mkdir()
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(models.find_embedded(folder)), str(tmp_path / "own")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    process_id = int(parent.stdout.readline())
    assert json.loads(parent.stdout.readline())["type"] == "ready"
    parent.kill()
    parent.wait()
    assert ended(process_id)
    parent.stdin.close()
    parent.stdout.close()


PARENT = """
import os, subprocess, sys
command = [sys.executable, "-m", "edgewise.think.llama_process"]
options = ["--model", sys.argv[1], "--folder", sys.argv[2], "--parent", str(os.getpid())]
child = subprocess.Popen(command + options)
print(child.pid, flush=True)
child.wait()
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_the_real_model_comes_back_after_a_kill_and_after_a_hang(
    model: LlamaModel, number: signal.Signals
):
    prompt = ChatPrompt("", (ChatTurn(Role.USER, "word " * 1500),))
    await ask(model, "What is the capital of Japan?")
    process_id = model.process_id or 0
    lost = asyncio.create_task(anext(model.reply(prompt, deadline_s=1.0, max_tokens=200)))
    await asyncio.wait([lost], timeout=0.2)
    os.kill(process_id, number)
    with pytest.raises(ModelError):
        await lost
    assert "Tokyo" in await ask(model, "What is the capital of Japan?")
    assert not Path(f"/proc/{process_id}").exists()


@pytest.mark.slow
async def test_a_model_that_wants_too_much_memory_is_ended_and_told(folder: Path):
    given = replace(models.settings(models.EMBEDDED, folder), memory_limit_bytes=80_000_000)
    model = LlamaModel(given)
    with pytest.raises(ModelError, match=r"cannot be loaded|ended with status"):
        await ask(model, "hello")
    await model.close()


def test_the_memory_of_the_process_is_bounded_and_it_is_killed_before_the_device():
    script = (
        "from edgewise.engine.serving import limit_memory\n"
        "limit_memory(200_000_000)\n"
        "print(open('/proc/self/oom_score_adj').read().strip())\n"
        "try: bytearray(300_000_000)\n"
        "except MemoryError: print('bounded')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().split() == ["500", "bounded"]


def test_what_libraries_print_does_not_get_among_the_reports(folder: Path):
    script = (
        "import os, sys\n"
        "from edgewise.engine import serving\n"
        "with serving.private_output() as output:\n"
        "    os.write(1, b'a library prints')\n"
        "    print('and another', flush=True)\n"
        "    output.write(b'report')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == b"report"
    assert b"a library printsand another" in done.stderr


@pytest.mark.slow
def test_an_order_that_cannot_be_read_is_told_and_the_next_one_served(folder: Path, tmp_path: Path):
    own = tmp_path / "own"
    own.mkdir()
    command = [sys.executable, "-m", "edgewise.think.llama_process"]
    order = Generate(1, "", (ChatTurn(Role.USER, "What is the capital of Japan?"),), 12, 0.0)
    process = subprocess.Popen(
        [*command, "--model", str(models.find_embedded(folder)), "--folder", str(own)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"nonsense\n" + to_line(order))
    process.stdin.flush()
    kinds: list[str] = []
    for line in process.stdout:
        kinds.append(json.loads(line)["type"])
        if kinds[-1] == "finished":
            break
    process.communicate(timeout=LIMIT_S)
    assert kinds[:2] == ["ready", "failed"]
    assert "piece" in kinds
    assert process.returncode == 0
