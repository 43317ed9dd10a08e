"""The process of a Step-3 model: it answers several at once, and says what is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

from edgewise.engine.child import EngineSettings
from edgewise.engine.serving import SharedHandler
from edgewise.engine.shared import SharedEngine
from edgewise.errors import EdgewiseError, UserError
from edgewise.think.step3_process import Step3Handler, load
from edgewise.think.step3_wire import Ask, Wrote, encode, wrotes
from tests.step3.small_folder import picture, small_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_folder(tmp_path_factory.mktemp("folder") / "model")


def ask(most: int, pictures: list[bytes] | None = None) -> bytes:
    content = [{"type": "image"} for _ in pictures or ()]
    content.append({"type": "text", "text": "What?"})
    return encode(Ask([{"role": "user", "content": content}], pictures or [], most, 0.0, 1.0))


def test_it_is_asked_as_the_engine_asks(folder: Path):
    handler: SharedHandler = load(folder, 1, "cpu")
    assert isinstance(handler, SharedHandler)
    handler.add(1, ask(2))
    handler.add(2, ask(3, [picture("red")]))
    told: list[tuple[int, Wrote | None]] = []
    while handler.busy:
        told += [(n, None if r is None else wrotes.decode(r)) for n, r in handler.step()]
    for number, most in ((1, 2), (2, 3)):
        own = [wrote for n, wrote in told if n == number]
        assert own[-1] is None
        assert isinstance(own[-2], Wrote)
        assert (own[-2].tokens, own[-2].finish) == (most, "length")


def test_what_it_cannot_take_is_refused_at_once(folder: Path):
    handler = load(folder, 1, "cpu")
    assert isinstance(handler, Step3Handler)
    with pytest.raises(UserError):
        handler.add(1, ask(2, [b"none"]))
    assert not handler.busy


async def test_a_folder_that_is_none_is_told_to_who_asks(tmp_path: Path):
    settings = EngineSettings(
        "the model", "edgewise.think.step3_process", (f"--folder={tmp_path}",), load_limit_s=60
    )
    engine = SharedEngine(settings)
    with pytest.raises(EdgewiseError, match=r"config\.json cannot be read"):
        async for _ in engine.ask(ask(1), deadline_s=60):
            pass
    await engine.close()


def test_its_module_loads_no_torch_before_it_runs():
    code = "import sys, edgewise.think.step3_process; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
