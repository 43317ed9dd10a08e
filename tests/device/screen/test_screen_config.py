"""`[screen]` of config.toml: what is refused, and by which name."""

from pathlib import Path

import pytest

from edgewise.device.config import load_config
from edgewise.device.screen.screen_config import ScreenConfig
from edgewise.errors import UserError


def test_no_screen_is_set_up_by_itself(tmp_path: Path):
    assert load_config(tmp_path).screen == ScreenConfig()
    assert not ScreenConfig().backend


def test_a_browser_is_seen_by_nobody_and_a_phone_by_all_unless_the_owner_says_so():
    assert ScreenConfig("chromium").is_headless
    assert not ScreenConfig("adb").is_headless
    assert ScreenConfig("adb", headless=True).is_headless
    assert not ScreenConfig("chromium", headless=False).is_headless


def test_what_is_right_is_taken(tmp_path: Path):
    apps = '[screen.apps]\nShop = "https://shop.example"\n"我的" = "http://127.0.0.1:8000/x"\n'
    (tmp_path / "config.toml").write_text('[screen]\nbackend = "chromium"\n' + apps)
    assert load_config(tmp_path).screen.apps["Shop"] == "https://shop.example"
    apps = '[screen.apps]\nMail = "com.mail/.Inbox"\nSettings = "com.android.settings"\n'
    (tmp_path / "config.toml").write_text('[screen]\nbackend = "adb"\nserial = "x"\n' + apps)
    assert load_config(tmp_path).screen.serial == "x"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[screen]\nbackend = "vnc"', 'screen.backend is \'vnc\'; it is one of "", chromium, adb'),
        ('[screen]\nbackends = "adb"', "backends"),
        ('[screen]\nbackend = "chromium"\nserial = "x"', "screen.serial"),
        *(
            (f'[screen]\nbackend = "chromium"\n[screen.apps]\nA = "{address}"', "screen.apps.A")
            for address in (
                "http://shop.example", "file:///etc/passwd", "chrome://settings",
                "javascript:alert(1)", "shop.example", "https://", "https://me:pw@shop.example",
                "http://[::1", "data:text/html,x",
            )
        ),
        *(
            (f'[screen]\nbackend = "adb"\n[screen.apps]\nA = "{package}"', "screen.apps.A")
            for package in ("settings", "com.x; reboot", "https://x.y", "", "com.x/.A B")
        ),
        ('[screen]\nbackend = "adb"\n[screen.apps]\n" " = "com.x"', "screen.apps"),
        ('[screen]\nbackend = "adb"\n[screen.apps]\nA = "com.x"\na = "com.y"', "there twice"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_named(tmp_path: Path, text: str, told: str):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(UserError) as error:
        load_config(tmp_path)
    assert told in str(error.value)
    assert "config.toml" in str(error.value)
