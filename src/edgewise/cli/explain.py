"""`edgewise explain` and `edgewise replay`: why a turn went so, and whether it would today."""

from pathlib import Path
from typing import Annotated, Any

import typer

from edgewise.agent.trail import Trail
from edgewise.cli.language import Tongue, spoken
from edgewise.core.words import Language, Words
from edgewise.device.config import data_folder, load_config

TurnId = Annotated[
    str, typer.Argument(help="A turn's id, or `last`; without it the last are listed.")
]


RecordedTurn = Annotated[str, typer.Argument(help="A turn's id; `last` is the newest.")]


def explain(turn: TurnId = "", language: Tongue = None) -> None:
    """Tell why a turn went as it did, or list the last turns."""
    from edgewise.agent.explain import explain as lines_of
    from edgewise.agent.explain import explain_correction, explain_judgement

    trail = Trail(data_folder() / "trail", None)
    if not turn:
        _list(trail, spoken(language))
        return
    named, tongue = trail.named(turn), spoken(language)
    for line in lines_of(trail.read(named), tongue):
        print(line)
    if correction := trail.correction(named):
        print(explain_correction(correction, tongue))
    if judgement := trail.judgement(named):
        print(explain_judgement(judgement, tongue))


RoutePolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", help="A routing policy (JSON): where would words be sought under it?"),
]


def replay(turn: RecordedTurn = "last", policy: RoutePolicyFile = None) -> None:
    """Run a recorded turn again and print what differs today.

    Nothing is performed. What the trail hid is not compared (`keep_text` in config.toml keeps it).
    Ends with 1 when something differs.
    """
    import msgspec

    from edgewise.act.policy import builtin_policy
    from edgewise.agent.replay import replay as run_again
    from edgewise.device.third_party import installed_catalogue
    from edgewise.hosting.mind import load_thinking

    load_config(data_folder())
    trail = Trail(data_folder() / "trail", None)
    catalogue = installed_catalogue()
    by = _route_policy(policy)
    thinking = load_thinking(catalogue.capabilities)
    events = trail.read(trail.named(turn))
    replayed = run_again(events, catalogue, builtin_policy(), thinking, by)
    for difference in replayed.differences:
        print(f"{difference.step}: {difference.what}")
        print(f"  was {msgspec.json.encode(difference.was).decode()}")
        print(f"  now {msgspec.json.encode(difference.now).decode()}")
    for reason in replayed.not_comparable:
        print(f"not compared: {reason}")
    if replayed.not_comparable:
        print("with keep_text = true in config.toml later turns can be compared whole")
    print(f"{replayed.compared} compared, {len(replayed.differences)} differ")
    raise typer.Exit(1 if replayed.differences else 0)


def _route_policy(file: Path | None) -> Any:
    """The policy in that file, or the device's own. Raises UserError for one that does not hold."""
    from edgewise.errors import UserError
    from edgewise.route.policy import DEFAULT, policy_from

    if file is None:
        return DEFAULT
    try:
        return policy_from(file.read_bytes())
    except OSError as error:
        raise UserError(f"{file} can not be read: {error.strerror}") from error


def _list(trail: Trail, language: Language) -> None:
    from datetime import datetime

    from edgewise.agent.explain import summarize

    recent = trail.recent()
    if not recent:
        print(_NONE.said_in(language))
    for summary in recent:
        at = datetime.fromtimestamp(summary.at).strftime("%Y-%m-%d %H:%M:%S")
        about, ended = summarize(trail.read(summary.turn), language)
        print(f"{summary.turn}  {at}  {about}: {ended}")


_NONE = Words("No turn is recorded yet.", "还没有任何回合记录。")
