"""A model in several processes: the tokens of one, a lost worker named, and answers that go on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch

from edgewise.errors import ModelError, UserError
from edgewise.step3.afd import Disaggregated
from edgewise.step3.afd_message import Ask, Plan
from edgewise.step3.layout import tensor_shapes
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.sampling import Sampling
from edgewise.step3.weights import load_model, save_model
from scripts.step3.golden import SEED, TINY, seeded_model
from tests.step3.afd_crew import ASKS, one_process
from tests.step3.small_folder import small_folder

torch.set_num_threads(1)
LOST_S = 5.0
"""Within which a killed worker is to be named."""
LONG = Ask((1, 2, 3), Sampling(max_tokens=200))


@pytest.fixture(scope="module")
def model() -> Step3ForCausalLM:
    return seeded_model(TINY, SEED).requires_grad_(False)


@pytest.fixture(scope="module")
def folder(model: Step3ForCausalLM, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("afd") / "model"
    save_model(model, place)
    return place


@pytest.fixture(scope="module")
def started(folder: Path) -> Iterator[Disaggregated]:
    with Disaggregated(folder, pulse_s=2.0) as running:
        yield running


@pytest.fixture
def pair(started: Disaggregated) -> Disaggregated:
    """Two workers that run, started anew where the test before lost one."""
    started.decode([Ask((1,), Sampling(max_tokens=1))])
    return started


@pytest.mark.slow
@pytest.mark.parametrize("plan", [Plan(1, 1), Plan(2, 1), Plan(2, 2)], ids=["1A1F", "2A1F", "2A2F"])
def test_processes_give_the_tokens_of_one_and_hold_each_their_part(
    model: Step3ForCausalLM, folder: Path, plan: Plan
):
    with Disaggregated(folder, plan) as running:
        processes = dict(running.processes)
        assert running.decode(ASKS, restarts=0) == [one_process(model, ask) for ask in ASKS]
        held = running.held
        assert all(is_alive(pid) for pid in processes.values())
        assert {where for pid in processes.values() for where in listening(pid)} == {"127.0.0.1"}
        spent = running.measure()
    assert not any(is_alive(pid) for pid in processes.values())
    assert set(spent) == set(held) == set(processes)
    names = {name: {one.partition("[")[0] for one in mine} for name, mine in held.items()}
    ffn = {one for one in tensor_shapes(TINY) if is_feed(one)}
    for name, mine in names.items():
        assert mine == (ffn if name.startswith("FFN") else set(tensor_shapes(TINY)) - ffn)
    cut = [one for name, mine in held.items() for one in mine if name.startswith("FFN")]
    assert len(set(cut)) == len(cut)  # no part of one is held by two


@pytest.mark.slow
def test_of_a_folder_with_eyes_the_text_part_is_run(tmp_path: Path):
    seeing = small_folder(tmp_path / "model")
    alone = load_model(seeing)
    with Disaggregated(seeing, Plan(1, 1)) as running:
        assert running.decode(ASKS, restarts=0) == [one_process(alone, ask) for ask in ASKS]
        assert not any(name.startswith("vi") for mine in running.held.values() for name in mine)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["attention worker 0", "FFN worker 0"])
def test_a_killed_worker_is_named_at_once_and_all_are_ended(pair: Disaggregated, name: str):
    processes = dict(pair.processes)
    told = pair.stream([LONG], restarts=0)
    next(told)
    os.kill(processes[name], signal.SIGKILL)
    begun = time.monotonic()
    with pytest.raises(ModelError) as found:
        list(told)
    assert time.monotonic() - begun < LOST_S
    assert found.value.code == "worker_lost"
    assert str(found.value).startswith(f"{name} (process {processes[name]}) was killed by signal 9")
    assert not any(is_alive(pid) for pid in processes.values())


@pytest.mark.slow
def test_a_restart_goes_on_from_the_tokens_that_are_known(
    model: Step3ForCausalLM, pair: Disaggregated
):
    drawn = Ask((4, 5), Sampling(max_tokens=60, temperature=1.0, seed=3))
    asks = [Ask(LONG.prompt, Sampling(max_tokens=60)), drawn]
    found: list[list[int]] = [[], []]
    before = dict(pair.processes)
    for number, token in pair.stream(asks):
        found[number].append(token)
        if sum(map(len, found)) == 20:
            os.kill(before["FFN worker 0"], signal.SIGKILL)
    assert found == [one_process(model, ask) for ask in asks]
    assert not set(before.values()) & set(pair.processes.values())


@pytest.mark.slow
def test_a_worker_that_is_killed_between_answers_is_started_anew(
    model: Step3ForCausalLM, pair: Disaggregated
):
    os.kill(pair.processes["attention worker 0"], signal.SIGKILL)
    assert pair.decode(ASKS[:1]) == [one_process(model, ASKS[0])]


@pytest.mark.slow
def test_an_answer_that_is_left_does_not_mix_with_the_next(
    model: Step3ForCausalLM, pair: Disaggregated
):
    left = pair.stream([LONG, LONG])
    next(left)
    left.close()
    assert pair.decode(ASKS[:2], restarts=0) == [one_process(model, ask) for ask in ASKS[:2]]


@pytest.mark.slow
def test_a_worker_that_hangs_is_named(pair: Disaggregated):
    stopped = pair.processes["FFN worker 0"]
    told = pair.stream([LONG], restarts=0)
    next(told)
    os.kill(stopped, signal.SIGSTOP)
    begun = time.monotonic()
    with pytest.raises(ModelError, match=rf"FFN worker 0 \(process {stopped}\) has not answered"):
        list(told)
    assert time.monotonic() - begun < 2 * pair.pulse_s + LOST_S
    assert not is_alive(stopped)


@pytest.mark.slow
def test_workers_end_with_the_process_that_started_them(folder: Path):
    script = (
        "import sys; from pathlib import Path; from edgewise.step3.afd import Disaggregated\n"
        "running = Disaggregated(Path(sys.argv[1])); running.start()\n"
        "print(*running.processes.values(), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as front:
        assert front.stdout is not None
        workers = [int(pid) for pid in front.stdout.readline().split()]
        assert len(workers) == 2
        assert all(map(is_alive, workers))
        front.kill()
    deadline = time.monotonic() + LOST_S
    while any(map(is_alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(is_alive, workers))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(attention=0), "attention is 0"),
        (Plan(ffn=5), "the model has 4 experts"),
        (Plan(micro_batches=0), "micro_batches is 0"),
        (Plan(attention=65), "from 1 to 64"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(folder: Path, plan: Plan, said: str):
    with pytest.raises(UserError, match=said):
        Disaggregated(folder, plan)


def test_a_folder_that_does_not_fit_is_refused_before_anything_starts(tmp_path: Path):
    with pytest.raises(UserError, match=r"config\.json"):
        Disaggregated(tmp_path)


def test_a_request_that_does_not_fit_is_refused_before_anything_starts(folder: Path):
    with pytest.raises(UserError, match="at least one"):
        Disaggregated(folder).decode([Ask(())])
    with pytest.raises(UserError, match="not started"):
        _ = Disaggregated(folder).processes


def is_feed(name: str) -> bool:
    return any(part in name for part in (".gate_proj.", ".up_proj.", ".down_proj."))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def listening(pid: int) -> set[str]:
    """The addresses at which a process accepts TCP connections."""
    own = {os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink()}
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in own:
                address = bytes.fromhex(fields[1].partition(":")[0])
                found.add(".".join(map(str, reversed(address))) if table == "tcp" else "IPv6")
    return found
