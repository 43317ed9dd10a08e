"""A pair made for tests: the device is right where its tokens are sure, and knows no Chinese."""

from edgewise.learn.pair import About, ByCloud, ByDevice, Pair, Recorded


def recorded(number: int, kind: str, *, right: bool, sure: bool, language: str = "en") -> Recorded:
    """One row; the cloud is right in all but each twentieth."""
    speaks = language == "en"
    surety = (5, 8, 10, 3) if sure else (90, 210, 160, 120)
    device = ByDevice(
        f"It is number {number}." if speaks else "",
        right and speaks,
        sure and speaks and number // 12 % 2 == 0,
        surety if speaks else (),
        0.4 if speaks else 0.0,
    )
    cloud = ByCloud(f"{number}.", number % 20 != 19, 0.5, 0.8, 700 + number, 2_000, 50, 5, 0.0001)
    return Recorded(f"{kind}-{number}", kind, language, f"What is {kind} {number}?", device, cloud)


def pair_of(count: int = 120) -> Pair:
    """Six kinds, one in ten against the rule, and a tenth more in Chinese."""
    rows: list[Recorded] = []
    for i in range(count):
        sure = i // 6 % 2 == 0
        right = sure is not (i % 10 == 3)
        rows.append(recorded(i, f"k{i % 6}", right=right, sure=sure))
    chinese = [
        recorded(i, "zh", right=False, sure=False, language="zh") for i in range(count // 10)
    ]
    about = About("smollm2-135m", "scripted: for a test", 1, "CNY", "a core")
    return Pair(about, (*rows, *chinese))
