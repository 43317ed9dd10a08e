"""An Android phone as a screen (`act.screen.Screen`), by the `adb` program.

A phone is looked at with `uiautomator dump` and touched with `input`. Typing takes ASCII; other
letters need the ADBKeyBoard app, which is asked for by name. Nothing is installed on the phone, no
setting of it is changed. Source: AOSP, cmds/input, cmds/uiautomator; senzhk/ADBKeyBoard 2.0.
"""

import base64
import re
from collections.abc import Mapping

from edgewise.act.screen import Element, Key, Point, Seen
from edgewise.core.regex import regex
from edgewise.device.screen.adb_shell import Shell
from edgewise.device.screen.field_text import require_field, require_held
from edgewise.device.screen.phone_elements import LONGEST_TEXT, elements_of
from edgewise.errors import DeviceError

PICTURE_S = 10.0
DUMP_S = 15.0
_KEYBOARD = "com.android.adbkeyboard/.AdbIME"
_KEYCODES = {Key.BACK: "4", Key.HOME: "3", Key.ENTER: "66"}
_DELETE_BEFORE, _DELETE_BEHIND = "67", "112"
_MOST_DELETED = 1000
_SIZE = regex(r"(Physical|Override) size:\s*(\d+)x(\d+)")
_TURNED = regex(r"(?:mCurrentRotation|SurfaceOrientation|rotation)\s*[=:]\s*(?:ROTATION_)?(\d+)")
_PACKAGE = regex(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+")
_FOCUS = regex(r"mCurrentFocus=Window\{[^}]*\s([\w.]+)/([\w.$]+)\}")
_PNG = b"\x89PNG\r\n\x1a\n"


class PhoneScreen:
    """The screen of one phone. `apps` are packages by name; an installed package can be opened by
    its own name too."""

    def __init__(
        self,
        apps: Mapping[str, str],
        *,
        program: str = "",
        serial: str = "",
        headless: bool = False,
    ) -> None:
        self._apps, self._headless = apps, headless
        self._shell = Shell(program, serial)

    async def look(self) -> Seen:
        width, height = await self._size()
        package, elements = elements_of(await self._dump(), width, height)
        title = await self._title()
        return Seen(self._name_of(package), title, width, height, elements, self._headless)

    async def screenshot(self) -> bytes:
        picture = await self._shell.bytes_of("screencap", "-p", within_s=PICTURE_S)
        if not picture.startswith(_PNG):
            raise DeviceError(
                "the phone gave no picture; an app that guards its screen forbids it",
                code="refused",
            )
        return picture

    async def tap(self, point: Point, *, hold_s: float = 0.0) -> None:
        at = _pixels(point, await self._size())
        if hold_s:
            await self._shell.run("input", "swipe", *at, *at, str(round(hold_s * 1000)))
        else:
            await self._shell.run("input", "tap", *at)

    async def swipe(self, start: Point, end: Point, *, length_s: float = 0.3) -> None:
        size = await self._size()
        path = (*_pixels(start, size), *_pixels(end, size))
        await self._shell.run("input", "swipe", *path, str(round(length_s * 1000)))

    async def type(self, text: str) -> None:
        """What the field held is replaced. Raises DeviceError; `refused` while no field, or one for
        a secret, has the focus, for letters beyond ASCII without ADBKeyBoard, and where the field
        does not hold `text` afterwards."""
        plain = text.isascii() and text.isprintable()
        if not plain:
            await self._require_keyboard()
        field = require_field((await self.look()).focus)
        await self._empty(field)
        if plain:
            for piece in typed(text):
                await self._shell.run("input", "text", piece)
        else:
            letters = base64.b64encode(text.encode()).decode("ascii")
            await self._shell.run("am", "broadcast", "-a", "ADB_INPUT_B64", "--es", "msg", letters)
        require_held((await self.look()).focus, text, field.text)

    async def _empty(self, field: Element) -> None:
        """Delete what stands before the caret and behind it: where that is, the phone does not
        tell. A field of more letters than are told is deleted as far as one command goes."""
        letters = len(field.text) if len(field.text) < LONGEST_TEXT else _MOST_DELETED
        keys = [_DELETE_BEFORE] * letters + [_DELETE_BEHIND] * letters
        if keys:
            await self._shell.run("input", "keyevent", *keys)

    async def _require_keyboard(self) -> None:
        keyboard = await self._shell.run("settings", "get", "secure", "default_input_method")
        if keyboard.strip() != _KEYBOARD:
            raise DeviceError(
                "the phone types ASCII only over ADB: for other letters install ADBKeyBoard"
                " (github.com/senzhk/ADBKeyBoard) and choose it as keyboard:"
                f" adb shell ime set {_KEYBOARD}",
                code="refused",
            )

    async def press(self, key: Key) -> None:
        await self._shell.run("input", "keyevent", _KEYCODES[key])

    async def open(self, app: str) -> None:
        package, _, activity = (await self._package(app)).partition("/")
        if activity:
            told = await self._shell.run("am", "start", "-n", f"{package}/{activity}")
            if "Error" in told:
                raise _unknown(app, ", ".join(self._apps))
            return
        launcher = ("-c", "android.intent.category.LAUNCHER", "1")
        told = await self._shell.run("monkey", "-p", package, *launcher)
        if "Events injected: 1" not in told:
            raise _unknown(app, ", ".join(self._apps))

    async def close(self) -> None:
        """Nothing is held."""

    async def _dump(self) -> str:
        """The screen as XML. One that never rests (a film) is tried once more."""
        for _ in range(2):
            told = await self._shell.bytes_of("uiautomator", "dump", "/dev/tty", within_s=DUMP_S)
            if b"<hierarchy" in told:  # nothing is left in a file that other apps could read
                return told.decode("utf-8", "replace")
        raise DeviceError(
            "the phone can not tell what is on its screen while that moves; stop the film or the"
            " animation",
            code="timed_out",
        )

    async def _size(self) -> tuple[int, int]:
        """Pixels as the screen is held now. Raises DeviceError."""
        told = dict((name, (int(w), int(h))) for name, w, h in
                    _SIZE.findall(await self._shell.run("wm", "size")))  # fmt: skip
        size = told.get("Override") or told.get("Physical")
        if size is None or 0 in size:
            raise DeviceError("the phone did not tell the size of its screen", code="refused")
        turned = _TURNED.search(await self._shell.run("dumpsys", "input"))
        sideways = turned is not None and int(turned[1]) in (1, 3, 90, 270)
        return (size[1], size[0]) if sideways else size

    async def _title(self) -> str:
        """The activity in front; a dialog or a keyboard tells none."""
        match = _FOCUS.search(await self._shell.run("dumpsys", "window"))
        return match[2].rpartition(".")[2] if match is not None else ""

    async def _package(self, app: str) -> str:
        """The package that `app` names: by the owner's list, by itself, or by the last part of an
        installed one's name (labels are not told over ADB)."""
        wanted = app.strip().casefold()
        for name, package in self._apps.items():
            if wanted in (name.strip().casefold(), package.casefold()):
                return package
        listed = await self._shell.run("pm", "list", "packages")
        installed = [line.removeprefix("package:").strip() for line in listed.splitlines()]
        found = [p for p in installed if _PACKAGE.fullmatch(p) and _is_called(p, wanted)]
        if len(found) != 1:
            raise _unknown(app, ", ".join(self._apps))
        return found[0]

    def _name_of(self, package: str) -> str:
        named = (n for n, known in self._apps.items() if known.partition("/")[0] == package)
        return next(named, package)


def typed(text: str) -> list[str]:
    """`text` in pieces as `input text` reads them: %s is a blank there, so a "%" before an "s" is
    typed apart from it."""
    return [piece.replace(" ", "%s") for piece in re.split(r"(?<=%)(?=s)", text) if piece]


def _pixels(point: Point, size: tuple[int, int]) -> tuple[str, str]:
    width, height = size
    return (
        str(min(point.x * width // 1000, width - 1)),
        str(min(point.y * height // 1000, height - 1)),
    )


def _is_called(package: str, wanted: str) -> bool:
    folded = package.casefold()
    return wanted in (folded, folded.rpartition(".")[2])


def _unknown(app: str, known: str) -> DeviceError:
    return DeviceError(
        f"the phone has no app {app[:80]!r} by that name; known are: {known or 'none'}. Add its"
        " package to [screen.apps] in config.toml (adb shell pm list packages tells them)",
        code="unknown_target",
    )
