"""How many wrong codes an account may type: a code is six digits, and must not be found by trying.

Codes are counted by account, since typing one takes an account that may add devices: who types
MOST_WRONG wrong ones within WINDOW_S waits until the oldest is that old.
"""

from collections import OrderedDict, deque

from edgewise.cloud.refusal import Refused

MOST_WRONG = 10
WINDOW_S = 600.0
MOST_ACCOUNTS = 10_000


class Attempts:
    """The wrong codes of each account; times are monotonic seconds. Not for threads by itself."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, account: str, now_s: float) -> None:
        """Raises Refused (429) for an account that has typed too many wrong ones."""
        wrong = self._wrong.get(account)
        if wrong is None:
            return
        while wrong and now_s - wrong[0] >= WINDOW_S:
            wrong.popleft()
        if len(wrong) >= MOST_WRONG:
            wait_s = int(WINDOW_S - (now_s - wrong[0])) + 1
            raise Refused(
                429,
                "too_many_codes",
                f"{MOST_WRONG} wrong codes within {WINDOW_S / 60:g} minutes; wait {wait_s} s and"
                " type the code that the device shows then",
                headers={"Retry-After": str(wait_s)},
            )

    def note_wrong(self, account: str, now_s: float) -> None:
        """Count a wrong code."""
        wrong = self._wrong.setdefault(account, deque(maxlen=MOST_WRONG))
        wrong.append(now_s)
        self._wrong.move_to_end(account)
        while len(self._wrong) > MOST_ACCOUNTS:
            self._wrong.popitem(last=False)
