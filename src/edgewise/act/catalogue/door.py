"""Door locks. Locking is the safe direction, unlocking is not (rules 4 and 23).

Doors are opened by hand in this car, so nothing here opens one.
"""

from edgewise.act.catalogue.cabin import doors, place, settle
from edgewise.act.catalogue.rows import impossible, say
from edgewise.act.catalogue.words import example as e
from edgewise.act.catalogue.words import zone_argument
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Resolution
from edgewise.core.capability import Argument, Capability, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import Zone


def lock(call: Call, snapshot: Snapshot) -> Resolution:
    """Lock or unlock doors; all of them unless named."""
    zones = [Zone(zone) for zone in call.arguments.get("doors", [Zone.ALL])]
    locked = bool(call.arguments["locked"])
    paths = doors(zones, snapshot)
    if not paths:
        return impossible("no_such_place", "There is no such door.", "没有这扇车门。")
    data = {
        "place": place(snapshot, zones, Words("door", "车门"), plural="doors"),
        "state": say(
            snapshot, "locked" if locked else "unlocked", "已锁上" if locked else "已解锁"
        ),
    }
    return settle(
        snapshot, (Effect(f"{p}.IsLocked", locked) for p in paths), data=data, atomic=locked
    )


LOCK_EN = (
    e("lock the doors", locked=True),
    e("unlock the doors", locked=False),
    e("lock the car", locked=True),
    e("unlock the car please", locked=False),
    e("lock all the doors", locked=True, doors=["all"]),
    e("unlock the driver's door", locked=False, doors=["driver"]),
    e("lock the passenger door", locked=True, doors=["passenger"]),
    e("unlock the rear doors", locked=False, doors=["rear"]),
    e("make sure the rear doors are locked", locked=True, doors=["rear"]),
    e("let my friend in, unlock the passenger door", locked=False, doors=["passenger"]),
    e("unlock the left rear door", locked=False, doors=["row2_left"]),
    e("lock the right rear door", locked=True, doors=["row2_right"]),
    e("secure the doors", locked=True),
)
LOCK_ZH = (
    e("锁车", locked=True),
    e("解锁车门", locked=False),
    e("把车门锁上", locked=True),
    e("打开车锁", locked=False),
    e("所有车门都锁上", locked=True, doors=["all"]),
    e("解锁主驾车门", locked=False, doors=["driver"]),
    e("副驾车门锁一下", locked=True, doors=["passenger"]),
    e("后排车门解锁", locked=False, doors=["rear"]),
    e("后排的门锁好", locked=True, doors=["rear"]),
    e("副驾门开锁让朋友上来", locked=False, doors=["passenger"]),
    e("左后门解锁", locked=False, doors=["row2_left"]),
    e("右后门锁上", locked=True, doors=["row2_right"]),
    e("车门落锁", locked=True),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "door.lock",
            Words("lock or unlock doors", "车门上锁或解锁"),
            Risk.SAFETY_CRITICAL,
            arguments=(
                zone_argument("doors", words=Words("door", "车门"), several=True, third_row=False),
                Argument("locked", Kind.BOOLEAN, Words("locked", "上锁"), required=True),
            ),
            actuators=("Vehicle.Cabin.Door.*.IsLocked",),
            undoable=True,
            time_to_live_s=2.0,
            rules=(4, 23, 28),
            en=LOCK_EN,
            zh=LOCK_ZH,
            done=Words("{data.place} {data.state}.", "{data.place}{data.state}。"),
        ),
        lock,
    ),
)
