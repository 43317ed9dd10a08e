"""The pictures that a client puts into a conversation: what the next words are about, once.

Their bytes wait with the client's other events (`talk/realtime/pictures.py`); here they are opened
and read when words are answered, as those of any turn (`sight.py`). What stands on one is nobody's
word.
"""

from collections import OrderedDict
from collections.abc import Sequence

from edgewise.core.part import ImagePart
from edgewise.device.sight import MOST_PICTURES, Sight
from edgewise.errors import UserError
from edgewise.talk.events import Who
from edgewise.talk.item import Item
from edgewise.talk.realtime.pictures import Pictures
from edgewise.talk.remembering import MOST_ITEMS


class Shown:
    """Those of one conversation."""

    def __init__(self, sight: Sight, pictures: Pictures) -> None:
        self._sight = sight
        self._pictures = pictures
        self._taken: OrderedDict[str, frozenset[str]] = OrderedDict()
        """The items that had pictures, and those that asked about each."""

    async def take(self, items: Sequence[Item], asked: Sequence[Item]) -> tuple[ImagePart, ...]:
        """The pictures that what is `asked` is about: its own, and the newest of `items` that were
        put in and not asked about. Give them back with the turn (`Sight.forget`).

        Raises UserError (`bad_picture`; `empty_text` for pictures without a word), ModelError.
        """
        own = [part for item in asked for part in _pictures_of(item)]
        names = frozenset(item.id for item in asked)
        waiting: list[ImagePart] = []
        for item in items:
            parts = _pictures_of(item) if item.who is Who.PERSON else []
            if parts and item.id not in names and self._taken.setdefault(item.id, names) & names:
                waiting += parts
        self._taken.update((item.id, names) for item in asked if _pictures_of(item))
        while len(self._taken) > MOST_ITEMS:
            self._taken.popitem(last=False)
        room = max(0, MOST_PICTURES - len(own))
        wanted = [*(waiting[-room:] if room else ()), *own]
        if wanted and not any(item.text.strip() for item in asked):
            told = "a picture came without words; say or write what to tell about it"
            raise UserError(told, code="empty_text")
        return await self._sight.take_all([("", self._data(part), False) for part in wanted])

    def _data(self, part: ImagePart) -> bytes:
        data = self._pictures.find(part.sha256)
        if data is None:
            told = "a picture of this conversation is not kept any more; send it again"
            raise UserError(told, code="bad_picture")
        return data


def _pictures_of(item: Item) -> list[ImagePart]:
    return [part for part in item.parts if isinstance(part, ImagePart)]
