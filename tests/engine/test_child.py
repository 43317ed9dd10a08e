"""What a process tells as a failure comes out as the error it is."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from edgewise.engine.child import Child, EngineSettings, error_of
from edgewise.engine.frame import Failure
from edgewise.errors import EdgewiseError, ModelError, TrustError, UserError


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("UserError", UserError),
        ("TrustError", TrustError),
        ("NoSuchError", ModelError),
        ("annotations", ModelError),
    ],
)
def test_a_failure_is_the_error_of_its_name_and_else_the_models(
    name: str, kind: type[EdgewiseError]
):
    error = error_of(Failure(name, "some_code", "what happened"))
    assert (type(error), error.code, str(error)) == (kind, "some_code", "what happened")


async def test_a_process_that_writes_what_is_no_frame_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "garbage_process.py").write_text("print('no frame at all, but text', flush=True)")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{':'.join(sys.path)}")
    with pytest.raises(ModelError, match="no frame"):
        await Child.start(EngineSettings("the garbage", "garbage_process"))


async def test_a_process_that_does_not_become_ready_is_killed_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "slow_process.py").write_text("import time; time.sleep(60)")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{':'.join(sys.path)}")
    async with asyncio.timeout(20):
        with pytest.raises(ModelError, match="did not load within"):
            await Child.start(EngineSettings("the slow", "slow_process", load_limit_s=0.3))


async def test_a_process_sees_no_secret_of_the_devices_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "nosy_process.py").write_text(
        "import os; raise SystemExit('CLOUD_KEY' in os.environ)"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{':'.join(sys.path)}")
    monkeypatch.setenv("CLOUD_KEY", "secret")
    with pytest.raises(ModelError, match="ended with status 0"):
        await Child.start(EngineSettings("the nosy", "nosy_process"))


async def test_whoever_is_cancelled_while_ending_a_process_has_killed_it(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("PYTHONPATH", f"{Path(__file__).parent}:{':'.join(sys.path)}")
    for at_once in (True, False):
        child = await Child.start(EngineSettings("the sample", "sample_process", grace_s=60.0))
        os.kill(child.process.pid, signal.SIGSTOP)
        ending = asyncio.create_task(child.end(at_once=at_once))
        await asyncio.sleep(0)
        ending.cancel()
        await asyncio.wait({ending})
        async with asyncio.timeout(10):
            assert await child.process.wait() == -signal.SIGKILL
