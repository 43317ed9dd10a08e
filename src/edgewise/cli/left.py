"""`edgewise left TURN`: what left the device in a turn, as exactly as it is still known.

The device that runs remembers the last payloads; the record holds their digests only.
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from edgewise.agent.explain_words import FATES
from edgewise.agent.fates import Fate
from edgewise.agent.trail import Trail
from edgewise.cli.language import Tongue, spoken
from edgewise.cli.lists import AsRows
from edgewise.core.words import Language, Words
from edgewise.device.cloud_told import LeftOfTurn, LeftRow
from edgewise.device.config import data_folder

if TYPE_CHECKING:
    from edgewise.cli.remote import RemoteDevice

TurnOf = Annotated[str, typer.Argument(metavar="TURN", help="A turn's id; `last` is the newest.")]


Pictures = Annotated[
    Path | None, typer.Option("--pictures", help="Folder for the pictures, exactly as they left.")
]


def left(
    turn: TurnOf = "last", language: Tongue = None, as_json: AsRows = False,
    pictures: Pictures = None,
) -> None:  # fmt: skip
    """Show what left this device in a turn.

    Word for word while the running device remembers it; else by size, counts and digest.
    """
    from edgewise.cli.remote import running_device

    device, tongue = running_device(), spoken(language)
    trail = Trail(data_folder() / "trail", None)
    named = trail.named(turn)
    told = asyncio.run(device.left(named)) if device is not None else _from_trail(trail, named)
    if pictures is not None and device is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        for name, data in asyncio.run(_sent(device, told)):
            (pictures / name).write_bytes(data)
    if as_json:
        print(msgspec.json.encode(told).decode())
        return
    if not told.left:
        print((_WAITS if told.kept else _NOTHING).said_in(tongue).format(turn=named))
    for one in told.left:
        _show(one, _LEFT if one.fate is Fate.LEFT else _TO_LEAVE, tongue)
    if told.asks is not None:
        _show(told.asks, _WOULD, tongue)
    if told.left:
        print(_COST.said_in(tongue).format(cost=told.cost))
    if device is None and told.left:
        print(_NO_DEVICE.said_in(tongue))


def _from_trail(trail: Trail, turn: str) -> LeftOfTurn:
    from edgewise.device.cloud_desk import left_of

    return left_of(turn, trail.read(turn), trail.after(turn))


def _show(one: LeftRow, head: Words, tongue: Language) -> None:
    replaced = ", ".join(f"{kind} {count}" for kind, count in one.replaced.items()) or "-"
    print(head.said_in(tongue).format(one=one, replaced=replaced))
    if one.turn:
        print(f"  {_IN_TURN.said_in(tongue).format(turn=one.turn)}")
    if one.fate in FATES:
        print(f"  {FATES[one.fate].said_in(tongue)}")
    for sent in one.payload or ():
        print(f"  {sent.role}: {sent.text}")
        for picture in sent.pictures:
            print(f"  {_PICTURE.filled(one=picture).said_in(tongue)}")
    if one.payload is None:
        print(f"  {_FORGOTTEN.said_in(tongue).format(digest=one.digest)}")


async def _sent(device: "RemoteDevice", told: LeftOfTurn) -> list[tuple[str, bytes]]:
    """The pictures that left, each with a name for its file."""
    pictures = [
        picture for row in told.left for sent in row.payload or () for picture in sent.pictures
    ]
    return [
        (
            f"{one.sha256[:16]}.{one.media_type.rpartition('/')[2]}",
            await device.sent_picture(one.sha256),
        )
        for one in pictures
    ]


_PICTURE = Words(
    "picture {one.sha256}: {one.width} x {one.height}, {one.size_bytes} bytes, hidden on it: faces"
    " {one.faces}, other places {one.others}",
    "图片 {one.sha256}：{one.width} x {one.height}，{one.size_bytes} 字节，已遮盖："
    "人脸 {one.faces} 处，其他 {one.others} 处",
)
_LEFT = Words(
    "to {one.endpoint} ({one.region}), for {one.purpose}: {one.size_bytes} bytes, replaced:"
    " {replaced}",
    "发给 {one.endpoint}（{one.region}），目的 {one.purpose}：{one.size_bytes} 字节，"
    "已替换：{replaced}",
)
_TO_LEAVE = Words(
    "was to go to {one.endpoint} ({one.region}), for {one.purpose}: {one.size_bytes} bytes,"
    " replaced: {replaced}",
    "要发给 {one.endpoint}（{one.region}），目的 {one.purpose}：{one.size_bytes} 字节，"
    "已替换：{replaced}",
)
_IN_TURN = Words("in turn {turn}, which went on with it", "在接续它的回合 {turn} 中")
_WAITS = Words(
    "Nothing left this device in turn {turn}: its question was kept to be sent later (`edgewise"
    " outbox list`).",
    "回合 {turn} 没有内容离开本机：问题已留存，待以后发送（edgewise outbox list）。",
)
_WOULD = Words(
    "would go to {one.endpoint} ({one.region}) by your yes, for {one.purpose}: {one.size_bytes}"
    " bytes, replaced: {replaced}",
    "若您同意，将发给 {one.endpoint}（{one.region}），目的 {one.purpose}：{one.size_bytes} 字节，"
    "已替换：{replaced}",
)
_FORGOTTEN = Words("its digest {digest}", "摘要 {digest}")
_NOTHING = Words("Nothing left this device in turn {turn}.", "回合 {turn} 没有内容离开本机。")
_COST = Words("cost {cost:.6f}", "费用 {cost:.6f}")
_NO_DEVICE = Words(
    "No device runs from this folder: what was sent is remembered by the running device only, the"
    " record keeps its digest.",
    "没有设备在运行：发送的原文只由运行中的设备暂时记住，记录中仅保留摘要。",
)
