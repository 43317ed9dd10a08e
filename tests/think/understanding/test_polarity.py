from edgewise.think.understanding.polarity import read_polarity
from tests.each_row import each_row

ON_OFF = [
    ("打开车窗", "关闭车窗"),
    ("turn on the ac", "turn off the ac"),
    ("switch the lights on", "switch the lights off"),
    ("open the trunk", "close the trunk"),
    ("把空调打开", "把空调关了"),
    ("enable wifi", "disable wifi"),
    ("start the massage", "stop the massage"),
    ("开灯", "关灯"),
    ("roll down the window", "roll up the window"),
    ("降下车窗", "升起车窗"),
    ("lift the tailgate", "close the tailgate"),
    ("pull the sunshade back", "draw the sunshade"),
    ("put the phone in airplane mode", "leave airplane mode"),
    ("flick on the map light", "douse the map light"),
    ("双闪打起来", "双闪别亮着了"),
    ("尾门抬起来", "尾门合上"),
]
LOCKS = [
    ("lock the car", "unlock the car"),
    ("锁车", "解锁"),
    ("把车门锁上", "打开车锁"),
    ("锁上车门", "车门开锁"),
    ("lock the doors", "open the door locks"),
    ("锁上所有车门", "打开所有门锁"),
    ("锁住左后车门", "打开左后门锁"),
    ("把前门锁好", "打开前门的锁"),
]


@each_row(("on", "off"), ON_OFF)
def test_on_and_off_are_never_confused(on: str, off: str):
    assert read_polarity(on).on is True
    assert read_polarity(off).on is False


@each_row(("lock", "unlock"), LOCKS)
def test_lock_and_unlock_are_never_confused(lock: str, unlock: str):
    assert read_polarity(lock).lock is True
    assert read_polarity(unlock).lock is False


@each_row(
    ("up", "down"),
    [
        ("warmer", "cooler"),
        ("调高两度", "调低两度"),
        ("louder", "quieter"),
        ("声音大一点", "声音小一点"),
    ],
)
def test_more_and_less_are_never_confused(up: str, down: str):
    assert read_polarity(up).up is True
    assert read_polarity(down).up is False


@each_row(
    "text", ["don't open the window", "别打开车窗", "不要锁车", "never unlock it", "do not call"]
)
def test_a_denial_is_seen(text: str):
    assert read_polarity(text).negated


def test_both_of_a_pair_are_a_conflict():
    assert read_polarity("打开关闭车窗").conflict
    assert read_polarity("打开关闭车窗").on is None


def test_no_longer_needed_means_off():
    assert read_polarity("空调不用开了").on is False


@each_row("text", ["关闭所有门锁", "关掉中控锁", "关闭左后车门锁"])
def test_to_shut_a_lock_may_mean_both_and_is_asked_about(text: str):
    found = read_polarity(text)
    assert (found.lock, found.conflict) == (None, True)
