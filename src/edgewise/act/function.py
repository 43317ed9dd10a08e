"""A capability together with the code that knows what it means on this device.

A `resolve` function is pure: a call and a snapshot in, a `Resolution` out. It never writes; what
it returns goes through `decide` and `perform` like everything else. Third parties add functions
with the `capability` decorator of `act/plugin.py` or by naming an MCP server (`act/mcp.py`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from edgewise.core.call import Call, Resolution
from edgewise.core.capability import Capability, catalogue_hash
from edgewise.core.signal import Snapshot
from edgewise.errors import UserError


@dataclass(frozen=True, slots=True)
class Function:
    """A declaration, what it must read before it can be resolved, and how it resolves.

    `reads` are targets besides the vehicle's signals, which every snapshot has whole. `reads_more`
    says what one call needs besides them, as they are: what is slow to read is read for those
    calls alone that are about it.
    """

    capability: Capability
    resolve: Callable[[Call, Snapshot], Resolution]
    reads: tuple[str, ...] = ()
    reads_more: Callable[[Call, Snapshot], tuple[str, ...]] | None = None


class Catalogue:
    """The functions of a device, by name. A name is given once; adding it again is refused."""

    def __init__(self, functions: Iterable[Function] = ()) -> None:
        self._by_name: dict[str, Function] = {}
        self._hash = ""
        self.add(functions)

    def add(self, functions: Iterable[Function]) -> None:
        """Add functions. Raises UserError for a name that is taken."""
        for function in functions:
            name = function.capability.name
            if name in self._by_name:
                taken_by = self._by_name[name].capability.provider
                raise UserError(
                    f"capability {name!r} of {function.capability.provider} is already provided by"
                    f" {taken_by}; give it another name",
                    code="capability_taken",
                )
            self._by_name[name] = function
        self._hash = ""

    def get(self, name: str) -> Function | None:
        """The function called `name`, if the device has it."""
        return self._by_name.get(name)

    def __iter__(self) -> Iterator[Function]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    @property
    def capabilities(self) -> Sequence[Capability]:
        """All declarations, in the order added."""
        return tuple(function.capability for function in self._by_name.values())

    @property
    def hash(self) -> str:
        """`core.capability.catalogue_hash` of the declarations."""
        if not self._hash:
            self._hash = catalogue_hash(self.capabilities)
        return self._hash
