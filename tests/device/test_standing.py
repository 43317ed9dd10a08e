"""A question is asked as things are now, whoever changed them."""

from pathlib import Path

from edgewise.core.clock import SystemClock
from edgewise.core.endpoint import Condition, Health
from edgewise.core.place import Mode
from edgewise.device.chosen_mode import choose_mode
from edgewise.device.clouds import Cloud
from edgewise.device.config import Config
from edgewise.device.consents import Consents
from edgewise.device.spending import Spending
from edgewise.device.standing import Standing
from edgewise.device.tunnel import set_tunnel
from edgewise.route.question import Question

STEP = Cloud("step", "https://step.example/v1", "m", "CN")
ASKED = Question("q", Mode.DEVICE_ONLY, 0.0, purpose="assist", last="cloud", agreed=True)


def standing(folder: Path) -> Standing:
    clock = SystemClock()
    config = Config(region="CN", mode=Mode.PREFER_DEVICE, money_a_day=2.0, cloud=(STEP,))
    return Standing(folder, config, clock, Consents(folder, clock), Spending(folder, clock))


def test_what_is_about_things_is_as_they_are_now_and_what_is_about_the_question_stays(
    tmp_path: Path,
):
    health, condition = Health("step", open=True), Condition(online=True, model="small")
    now = standing(tmp_path).as_now(ASKED, [health], condition)
    assert (now.mode, now.region) == (Mode.PREFER_DEVICE, "CN")
    assert now.now > 0
    assert (now.endpoints, now.consents) == ((STEP.endpoint,), ())
    assert (now.health, now.condition) == ((health,), condition)
    assert (now.digest, now.purpose, now.last, now.agreed) == ("q", "assist", "cloud", True)


def test_what_another_process_changed_counts_at_once(tmp_path: Path):
    here = standing(tmp_path)
    assert (here.mode, here.online) == (Mode.PREFER_DEVICE, True)
    choose_mode(tmp_path, Mode.ASK)
    set_tunnel(tmp_path, on=True)
    Consents(tmp_path, SystemClock()).grant(STEP.endpoint, "assist")
    Spending(tmp_path, SystemClock()).add(0.5, 10)
    now = here.as_now(ASKED, (), Condition(online=here.online))
    assert (now.mode, now.condition.online) == (Mode.ASK, False)
    assert [one.recipient for one in now.consents] == ["step"]
    assert now.allowance.money == 1.5
