"""What a conversation remembers: its items, in order and bounded.

The oldest go when there are too many. It knows nothing of sound.
"""

import secrets

from msgspec.structs import replace

from edgewise.errors import UserError
from edgewise.talk.events import ItemDeleted
from edgewise.talk.item import Item
from edgewise.talk.telling import Telling

MOST_ITEMS = 400
"""Of a conversation; a mind that answers looks at fewer."""
ITEM_CHARACTERS = 65_536
"""Of one item's words, arguments and output together."""
MOST_PARTS = 16


class Memory:
    """The items of one conversation."""

    def __init__(self) -> None:
        self._items: list[Item] = []

    @property
    def items(self) -> tuple[Item, ...]:
        """All, oldest first."""
        return tuple(self._items)

    @property
    def last(self) -> str:
        """The id of the newest; "" when there is none."""
        return self._items[-1].id if self._items else ""

    def find(self, name: str) -> Item | None:
        """The item of that id."""
        return next((item for item in self._items if item.id == name), None)

    def add(self, item: Item, previous: str | None = None) -> str:
        """Put `item` behind `previous` (None: at the end, "": first); the id it stands behind.

        Raises UserError (`item_exists`, `unknown_item`, `item_too_long`).
        """
        check(item)
        if self.find(item.id) is not None:
            raise UserError(f"there is an item {item.id!r} already", code="item_exists")
        place = len(self._items) if previous is None else self._behind(previous)
        self._items.insert(place, item)
        return self._items[place - 1].id if place else ""

    def drop_oldest(self, telling: Telling) -> None:
        """Forget what is too much, and tell so."""
        more = max(0, len(self._items) - MOST_ITEMS)
        for item in self._items[:more]:
            telling.tell(ItemDeleted(item.id))
        del self._items[:more]

    def retell(self, name: str, text: str) -> None:
        """The item says `text` now; nothing happens when it was taken out."""
        self._items = [
            replace(item, text=text[:ITEM_CHARACTERS]) if item.id == name else item
            for item in self._items
        ]

    def hear(self, item: Item) -> None:
        """Put `item` in the place of the one of its id; nothing happens when that is gone."""
        self._items = [item if one.id == item.id else one for one in self._items]

    def delete(self, name: str) -> None:
        """Take an item out. Raises UserError (`unknown_item`)."""
        del self._items[self._behind(name) - 1]

    def _behind(self, name: str) -> int:
        if not name:
            return 0
        for place, item in enumerate(self._items):
            if item.id == name:
                return place + 1
        raise UserError(f"there is no item {name!r} in this conversation", code="unknown_item")


def check(item: Item) -> None:
    """Whether an item is small enough. Raises UserError (`item_too_long`)."""
    length = len(item.text) + len(item.arguments) + len(item.output or "")
    if length > ITEM_CHARACTERS:
        raise UserError(
            f"an item of {length:,} characters, the limit is {ITEM_CHARACTERS:,}; send less",
            code="item_too_long",
        )
    if len(item.parts) > MOST_PARTS:
        raise UserError(
            f"an item of {len(item.parts)} parts, the limit is {MOST_PARTS}; send fewer",
            code="item_too_long",
        )


def new_id(kind: str) -> str:
    """A name that nothing else has, and nobody guesses."""
    return f"{kind}_{secrets.token_hex(12)}"
