"""What a field holds after something was typed into it, read back. Pure.

An element tells a field by its name and its text ("Search: tea"), a long one without its middle.
Blanks are not compared: an app may show another one than was typed.
"""

from edgewise.act.screen import Element, Role
from edgewise.errors import DeviceError

_TAIL = 80
"""Letters of a text without its middle that stand there for sure."""


def require_field(focus: Element | None) -> Element:
    """The field that has the focus. Raises DeviceError (`refused`) where none has, or one for a
    secret."""
    if focus is None or focus.role is not Role.FIELD:
        raise DeviceError("no field has the focus; tap one first", code="refused")
    if focus.secret:
        raise DeviceError("a secret is typed by its owner", code="refused")
    return focus


def require_held(focus: Element | None, text: str, before: str) -> None:
    """Raises DeviceError (`refused`) unless the field that has the focus, which told itself as
    `before`, now holds `text` and nothing else."""
    if text and (focus is None or not holds(focus, text)):
        raise DeviceError(
            "the field does not hold what was typed: its app changed it, or took only a part; look"
            " at the field before you go on",
            code="refused",
        )
    if not text and (focus is None or not _is_cleared(focus.text, before)):
        raise DeviceError(
            "the field shows what it showed before: it was empty, or its app did not let it be"
            " cleared; look at it",
            code="refused",
        )


def _is_cleared(told: str, before: str) -> bool:
    """Whether a field shows its name alone, or what it asks for while it is empty."""
    is_name = before.startswith(f"{told}: ")
    return not told or is_name or (": " not in told and not before.startswith(told))


def holds(field: Element, text: str) -> bool:
    """Whether a field's text is `text`, with or without the field's name before it."""
    told, wanted = _bare(field.text), _bare(text)
    _, cut, tail = field.text.rpartition("…")
    if cut and len(wanted) > _TAIL and "…" not in text:
        return wanted.endswith(_bare(tail)) and len(_bare(tail)) >= _TAIL
    return told == wanted or told.endswith(f":{wanted}")


def _bare(text: str) -> str:
    return "".join(text.split())
