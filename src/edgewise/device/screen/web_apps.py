"""The owner's web apps: which address a name opens, whose page an address is, which may be shown.

Pure. The home page is a list of them. It knows no browser.
"""

import html
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from urllib.parse import quote, urlsplit

from edgewise.errors import DeviceError

HOME, EMPTY = "home", "an empty page"
_HOME_PAGE = (
    "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>Home</title><body style='font:20px sans-serif;margin:24px;background:#f4f4f6'>"
    "<h1>Apps</h1>{apps}</body>"
)
_HOME_APP = "<p><a href='{address}' style='display:block;padding:18px;color:#124'>{name}</a></p>"


class WebApps:
    """`apps` are addresses by name; `home` is the address of the page that lists them."""

    def __init__(self, apps: Mapping[str, str]) -> None:
        self._apps = apps
        self.home = _home_of(apps)

    def address_of(self, app: str) -> str:
        """The address that a name opens. Raises DeviceError (`unknown_target`) for any other."""
        wanted = app.strip().casefold()
        found = (url for name, url in self._apps.items() if name.strip().casefold() == wanted)
        address = next(found, None)
        if address is None:
            known = ", ".join(self._apps) or "none"
            raise DeviceError(
                f"there is no app {app[:80]!r} on this screen; known are: {known}. Add it to"
                " [screen.apps] in config.toml",
                code="unknown_target",
            )
        return address

    def app_of(self, url: str) -> str:
        """The name of the app whose page an address is: of several on one host the one whose
        address is the longest beginning of it, else the first; the host of any other."""
        if url == self.home:
            return HOME
        if url in ("about:blank", ""):
            return EMPTY  # a page may write there what it likes
        place = _place_of(url)
        named = [(name, app) for name, app in self._apps.items() if _place_of(app) == place]
        if not named:
            return urlsplit(url).hostname or "another page"
        return max(named, key=lambda one: _within(one[1], url))[0]

    def may_show(self, url: str) -> bool:
        """Whether an address may be on this screen: the web, the home page and an error page; of
        this machine, where the device itself listens, only what the owner has listed."""
        web = urlsplit(url).scheme in ("http", "https")
        if web and _is_this_machine(urlsplit(url).hostname or ""):
            return any(_place_of(app) == _place_of(url) for app in self._apps.values())
        error_page = url.startswith("chrome-error://chromewebdata")
        return web or error_page or url in ("about:blank", self.home)


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_unspecified


def _place_of(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _within(app: str, url: str) -> int:
    """How many letters of the path an address of an app shares with all of its own; -1 where the
    page is not below it ("/shop" is not above "/shopping")."""
    above, path = urlsplit(app).path.rstrip("/"), urlsplit(url).path
    return len(above) if path == above or path.startswith(above + "/") else -1


def _home_of(apps: Mapping[str, str]) -> str:
    """The page of the home key: the owner's apps, each a link."""
    rows = "".join(
        _HOME_APP.format(address=html.escape(url, quote=True), name=html.escape(name))
        for name, url in apps.items()
    )
    return "data:text/html;charset=utf-8," + quote(_HOME_PAGE.format(apps=rows))
