"""`edgewise learn`: what outcomes teach the routing, as a file to review, adopt and take back.

Nothing is learnt by itself: a map counts from `adopt` on, and every decision names it.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgewise.cli.language import Tongue, spoken
from edgewise.cli.write import write_file
from edgewise.core.words import Language, Words
from edgewise.device.config import data_folder
from edgewise.errors import UserError

if TYPE_CHECKING:
    from edgewise.learn.outcomes import Seen
    from edgewise.route.learnt import Learnt, Recalibrated

Data = Annotated[
    Path | None, typer.Option("--data", help="A device's folder `trail`; this device's.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="File for what was learnt, JSON; else it is only told.")
]
Weak = Annotated[
    bool, typer.Option("--weak", help="Also learn from questions asked again, failed calls.")
]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Write it also with few outcomes, or without a gain.")
]
LearntFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="What `edgewise learn route --out` wrote.")
]
Force = Annotated[bool, typer.Option("--force", help="Also where scores may become worse by it.")]


def make_learn() -> typer.Typer:
    """The group `edgewise learn`."""
    group = typer.Typer(
        help="What outcomes teach the routing: learn, adopt, revert.", no_args_is_help=True
    )
    group.command()(route)
    group.command()(adopt)
    group.command()(revert)
    return group


def route(
    data: Data = None,
    out: Out = None,
    weak: Weak = False,
    anyway: Anyway = False,
    language: Tongue = None,
) -> None:
    """Fit new maps from scores to probabilities on the outcomes in the trail.

    Each map is judged on whole sessions that it was not fitted on. Without --out, with fewer than
    100 outcomes, or where nothing is gained, no file is written. It changes nothing by itself.
    Ends with 1 when a file was asked for and none was written.
    """
    import msgspec

    from edgewise.device.route_learnt import LearntMaps, own_scorers
    from edgewise.device.route_policy import load_route_policy
    from edgewise.learn.outcomes import outcomes_in
    from edgewise.learn.route_learn import FEWEST, LEAST, Base, learn_route, worth_keeping
    from edgewise.route.scorer import scorer_id

    folder, tongue = data_folder(), spoken(language)
    maps, scorers = LearntMaps(folder).calibrations(), own_scorers()
    bases = {name: Base(scorer_id(scorers[name]), found) for name, found in maps.items()}
    seen = outcomes_in(data or folder / "trail")
    learnt = learn_route(
        seen, bases, load_route_policy(folder),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        weak=weak, fewest=LEAST if anyway else FEWEST,
    )  # fmt: skip
    print(_seen(seen, tongue, weak=weak))
    for name, part in learnt.parts:
        print("\n" + _told(name, part, tongue))
    print()
    for name in sorted(bases.keys() - {name for name, _ in learnt.parts}):
        print(_TOO_FEW.said_in(tongue).format(name=name, fewest=LEAST if anyway else FEWEST))
    kept = learnt if anyway else worth_keeping(learnt)
    for name in sorted({name for name, _ in learnt.parts} - {name for name, _ in kept.parts}):
        print(_NO_GAIN.said_in(tongue).format(name=name))
    if kept.prescore is not None:
        print(_OTHER_WAY.said_in(tongue).format(learnt=kept))
    if out is not None and kept.parts:
        text = msgspec.json.format(msgspec.json.encode(kept), indent=1).decode()
        write_file(out, text + "\n")
        print(_WRITTEN.said_in(tongue).format(file=out, version=kept.version))
    elif out is not None:
        print(_NOT_WRITTEN.said_in(tongue))
        raise typer.Exit(1)


def adopt(file: LearntFile, force: Force = False, language: Tongue = None) -> None:
    """Put what was learnt into force, after showing what changes.

    It counts with the next question, also for a device that runs. What is for other scorers than
    this device's is refused, as is, unless forced, what may make scores worse.
    """
    from edgewise.device.folder import prepare
    from edgewise.device.route_learnt import LearntMaps

    learnt, folder, tongue = _read(file), data_folder(), spoken(language)
    for name, part in learnt.parts:
        print(_told(name, part, tongue) + "\n")
    prepare(folder)
    LearntMaps(folder).adopt(learnt, force=force)
    print(_ADOPTED.said_in(tongue).format(version=learnt.version))


def revert(language: Tongue = None) -> None:
    """Take back the calibration that was adopted last; the one before it counts again."""
    from edgewise.device.route_learnt import LearntMaps

    now, tongue = LearntMaps(data_folder()).revert(), spoken(language)
    version = now.version if now is not None else _SHIPPED.said_in(tongue)
    print(_REVERTED.said_in(tongue).format(version=version))


def _read(file: Path) -> "Learnt":
    from edgewise.route.learnt import learnt_from

    try:
        return learnt_from(file.read_bytes())
    except OSError as error:
        raise UserError(f"{file} can not be read: {error.strerror}") from error
    except UserError as error:
        raise UserError(f"{file}: {error}", code=error.code) from error


def _seen(seen: "Seen", tongue: Language, *, weak: bool) -> str:
    """What the trail holds."""
    counts = {name: seen.counts.get(name, 0) for name in _KINDS}
    kinds = "\n".join(
        f"  {count:6}  {_KINDS[name].said_in(tongue)}" for name, count in counts.items()
    )
    head = _SEEN.said_in(tongue).format(seen=seen)
    told = [head, kinds, (_WITH_WEAK if weak else _WITHOUT_WEAK).said_in(tongue)]
    if others := seen.counts.get("cloud judged", 0):
        told.append(_OF_CLOUDS.said_in(tongue).format(count=others))
    return "\n".join(told)


def _told(name: str, part: "Recalibrated", tongue: Language) -> str:
    """A score's map before and after, as lines of at most 80 columns."""
    unit = _HELD_OUT[part.held_out].said_in(tongue)
    told = [_PART.said_in(tongue).format(name=name, part=part, unit=unit)]
    told.append(_MAPS.said_in(tongue).format(part=part))
    told.append(f"  Brier  {part.brier_before:.4f} -> {part.brier_after:.4f}")
    told.append(f"  ECE    {part.ece_before:.4f} -> {part.ece_after:.4f}")
    told.append(_GAIN.said_in(tongue).format(part=part))
    told.append(_BINS.said_in(tongue))
    told += [
        f"  {one.rows:6}  {one.before:9.2f}  {one.after:9.2f}  {one.happened:9.2f}"
        for one in part.reliability
    ]
    return "\n".join(told)


_SEEN = Words(
    "{seen.turns} turns with an open question, {seen.told} answered by the device",
    "开放问题 {seen.turns} 个，其中本机回答 {seen.told} 个",
)
_KINDS = {
    "judged": Words("judged", "人工评价"),
    "compared": Words("compared", "已比较"),
    "compared, unsure": Words("compared in vain", "比较无果"),
    "failed": Words("failed call", "调用失败"),
    "again": Words("asked again or went on", "重问或继续"),
    "cloud failed": Words("cloud failed", "云端失败"),
}
_WITHOUT_WEAK = Words(
    "learnt from: judged and compared (--weak: also failed, asked again)",
    "学习依据：人工评价与已比较（加 --weak 则包括调用失败与重问）",
)
_WITH_WEAK = Words(
    "learnt from: all of them; judged by what people said and what was compared",
    "学习依据：以上全部；检验仅用人工评价与已比较",
)
_OF_CLOUDS = Words(
    "{count} judged answers do not count: they came from a cloud or for want of one,\n"
    "  and what is learnt is when the device's own answer is wrong",
    "有 {count} 个评价不计入：回答来自云端，或只因没有云端可用；这里学的是本机的回答何时有误",
)
_HELD_OUT = {"sessions": Words("sessions", "会话"), "turns": Words("turns", "回合")}
_PART = Words(
    "{name}: {part.outcomes} outcomes, worth {part.effective:.0f} of equal weight; judged on"
    "\n  unseen {unit} of {part.groups}",
    "{name}：{part.outcomes} 个结果，相当于 {part.effective:.0f} 个等权结果；"
    "在未见过的{unit}上检验（共 {part.groups}）",
)
_MAPS = Words(
    "  {part.before.version} -> {part.after.version}",
    "  {part.before.version} -> {part.after.version}",
)
_GAIN = Words(
    "  gain   {part.gain:+.4f} of Brier (95 %: {part.gain_low:+.4f} to {part.gain_high:+.4f})",
    "  增益   Brier {part.gain:+.4f}（95 %：{part.gain_low:+.4f} 至 {part.gain_high:+.4f}）",
)
_BINS = Words(
    "   turns   said now  would say  was wrong",
    "    回合   现在认为   将会认为   实际有误",
)
_TOO_FEW = Words(
    "{name}: fewer than {fewest} outcomes of its scorer, or all alike: nothing is fitted",
    "{name}：本机评分器的结果不足 {fewest} 个，或全部相同，不作拟合",
)
_NO_GAIN = Words(
    "{name}: no gain that is sure; what is in force stays", "{name}：没有可靠的增益，维持现状"
)
_OTHER_WAY = Words(
    "of {learnt.decided} turns that the score decided, {learnt.other_way} would go another way",
    "由评分决定的 {learnt.decided} 个回合中，{learnt.other_way} 个会走另一条路",
)
_WRITTEN = Words(
    "{version} is in {file};\n  look at it, then: edgewise learn adopt {file}",
    "{version} 已写入 {file}；请查看后运行：edgewise learn adopt {file}",
)
_NOT_WRITTEN = Words(
    "no file is written (--anyway writes it nevertheless)", "未写入文件（--anyway 可强制写入）"
)
_ADOPTED = Words(
    "{version} is in force from the next question on;\n  edgewise learn revert takes it back",
    "{version} 从下一个问题起生效；撤销：edgewise learn revert",
)
_REVERTED = Words("taken back; in force is: {version}", "已撤销；现在生效的是：{version}")
_SHIPPED = Words("what ships with Edgewise", "Edgewise 自带的校准")
