"""`edgewise cockpit`: a fresh address of the running device's page; each opens one browser."""

import asyncio
import sys
import webbrowser

from edgewise.cli.run import OpenPage
from edgewise.errors import UserError


def cockpit(open_page: OpenPage = True) -> None:
    """Print and open a fresh address of the cockpit."""
    from edgewise.cli.remote import running_device

    device = running_device()
    if device is None:
        raise UserError("no device runs from this folder; start one with `edgewise run`")
    page = asyncio.run(device.launch_page())
    print(page)
    if open_page and sys.stdout.isatty():
        webbrowser.open(page)
