"""The owner's web apps: what opens, what may be shown, and as whose."""

from urllib.parse import unquote

import pytest

from edgewise.device.screen.web_apps import EMPTY, HOME, WebApps
from edgewise.errors import DeviceError
from tests.each_row import each_row

APPS = WebApps({"Weather": "https://weather.example/now", "House": "http://127.0.0.1:8123"})


def test_a_name_opens_its_address_whatever_its_case_and_nothing_else_opens():
    assert APPS.address_of(" weather ") == "https://weather.example/now"
    for unknown in ("https://weather.example", "javascript:alert(1)", "", "Wea"):
        with pytest.raises(DeviceError, match="Weather, House") as error:
            APPS.address_of(unknown)
        assert error.value.code == "unknown_target"


@each_row(
    ("url", "app"),
    [
        ("https://weather.example/other", "Weather"),
        ("http://weather.example/", "weather.example"),
        ("https://weather.example.evil.example/", "weather.example.evil.example"),
        ("https://weather.example@evil.example/", "evil.example"),
        ("about:blank", EMPTY),
        ("", EMPTY),
        (APPS.home, HOME),
        (APPS.home + "x", "another page"),
    ],
)
def test_a_page_is_of_the_app_whose_address_it_has(url: str, app: str):
    assert APPS.app_of(url) == app


@each_row(
    ("path", "app"),
    [
        ("", "Site"),
        ("/", "Site"),
        ("/news", "Site"),
        ("/shop", "Shop"),
        ("/shop/", "Shop"),
        ("/shop/tea?x=/shop/cart/", "Shop"),
        ("/shopping", "Site"),
        ("/shop/cart/2", "Cart"),
        ("/shop/cart#top", "Cart"),
    ],
)
def test_of_several_apps_of_one_host_a_page_is_of_the_one_it_is_deepest_in(path: str, app: str):
    host = "https://one.example"
    apps = {"Site": host, "Shop": f"{host}/shop", "Cart": f"{host}/shop/cart/"}
    for order in (apps, dict(reversed(apps.items()))):
        assert WebApps(order).app_of(host + path) == app


@each_row(
    ("url", "shown"),
    [
        ("https://elsewhere.example", True),
        ("about:blank", True),
        (APPS.home, True),
        ("chrome-error://chromewebdata/", True),
        ("http://127.0.0.1:8123/x", True),
        ("http://127.0.0.1:8474/", False),
        ("http://localhost:8474/", False),
        ("http://a.localhost/", False),
        ("http://[::1]/", False),
        ("http://[::ffff:127.0.0.1]/", False),
        ("http://0.0.0.0:8474", False),
        ("file:///etc/passwd", False),
        ("chrome://settings", False),
        ("view-source:https://elsewhere.example", False),
        ("blob:https://elsewhere.example/1", False),
        ("data:text/html,x", False),
    ],
)
def test_only_the_web_is_shown_and_of_this_machine_what_is_listed(url: str, shown: bool):
    assert APPS.may_show(url) is shown


def test_the_home_page_lists_the_apps_and_nothing_in_a_name_gets_out_of_it():
    assert "Weather" in APPS.home
    page = unquote(WebApps({"<script>": "https://x.example/'onclick='y"}).home)
    assert "<script" not in page
    assert "'onclick" not in page
