"""Each request is a line in the log; what was said is there only where the project lets it be."""

import json
import stat
from pathlib import Path
from typing import Any

from edgewise.cloud.flight import Facts
from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.projects import change_project
from edgewise.cloud.request_log import FILES, MOST_CHARACTERS, RequestLog
from edgewise.cloud.usage import NOTHING
from tests.cloud.running import Running, running_cloud

CANARY = "the canary sings at dawn"


async def logged(folder: Path, *, content: bool, said: object = CANARY, **more: Any) -> str:
    """What the log holds when one request was made and the platform has ended."""
    async with running_cloud(folder, **more) as running:
        if content:
            opt_in(running)
        say = {"model": "fake", "messages": [{"role": "user", "content": said}], "stream": True}
        assert (await running.client.post("/v1/chat/completions", json=say)).status_code == 200
        await running.wait_until_idle()
        key = running.key
    file = folder / "requests.log"
    text = file.read_text() if file.exists() else ""
    assert key not in text
    return text


def opt_in(running: Running) -> None:
    made = running.cloud.first_start
    assert made is not None
    with running.cloud.database.begin() as connection:
        change_project(connection, made.organisation.id, made.project.id, content_opt_in=True)


async def test_a_line_tells_who_and_how_much_and_not_what_was_said(tmp_path: Path):
    text = await logged(tmp_path, content=False)
    line = json.loads(text)
    assert line["project"].startswith("proj_")
    assert line["outcome"] == "done"
    assert line["output_tokens"] > 0
    assert CANARY not in text
    assert not {"prompt", "answer"} & set(line)
    assert stat.S_IMODE((tmp_path / "requests.log").stat().st_mode) == 0o600


async def test_a_project_that_lets_its_content_be_logged_finds_prompt_and_answer(tmp_path: Path):
    line = json.loads(await logged(tmp_path, content=True))
    assert line["prompt"] == f"user: {CANARY}"
    assert line["answer"]


async def test_of_a_long_prompt_the_end_is_logged_and_of_pictures_nothing(tmp_path: Path):
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,UElY"}}
    said = [picture, {"type": "text", "text": "a" * MOST_CHARACTERS + CANARY}]
    line = json.loads(await logged(tmp_path, content=True, said=said))
    assert line["prompt"].endswith(CANARY)
    assert len(line["prompt"]) == MOST_CHARACTERS
    assert "UElY" not in str(line)


async def test_it_can_be_switched_off(tmp_path: Path):
    assert not await logged(tmp_path, content=True, request_log=False)


def test_files_are_bounded_and_the_oldest_goes(tmp_path: Path):
    log = RequestLog(tmp_path / "requests.log", file_bytes=1000)
    facts = Facts("r", 1.0, "o", "p", "k", "", "chat", "fake")
    for at in range(50):
        log.note(Entry(facts, float(at), Outcome.DONE, NOTHING, 0, "CNY"), 1.0, None)
        log.write()
    log.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == FILES
    assert all(file.stat().st_size <= 1000 for file in files)
    assert json.loads((tmp_path / "requests.log").read_text().splitlines()[-1])["at"] == 49.0
