"""The cockpit's first page speaks the device's language before its script runs, and its words are
complete."""

import json
import re
from typing import get_args

import pytest

from edgewise.core.place import Mode, Site, Way
from edgewise.device.api import create_app
from edgewise.device.cloud_told import State
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.page import COCKPIT
from edgewise.route.payload import PURPOSES, ROLES
from edgewise.route.recognise.found import Kind
from tests.device.conftest import PROGRAM_TOKEN, TOKEN, client_of, listen
from tests.device.fake_agent import FakeAgent


@pytest.mark.parametrize(
    ("language", "head"),
    [
        ("", '<html lang="en">'),
        ("en", '<html lang="en" data-device-language="en">'),
        ("zh", '<html lang="zh-CN" data-device-language="zh">'),
    ],
)
async def test_the_page_names_the_language_of_the_device(language: str, head: str):
    app = create_app(FakeAgent(), doorkeeper=Doorkeeper(TOKEN, PROGRAM_TOKEN), language=language)
    async with listen(app) as address, client_of(address, TOKEN) as client:
        for path in ("/", "/index.html"):
            reply = await client.get(path)
            assert head in reply.text
            assert "default-src 'none'" in reply.headers["content-security-policy"]
            assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert "dataset.deviceLanguage" in (await client.get("/language.js")).text


def test_the_cockpit_has_words_for_every_value_that_it_may_be_told():
    words = (COCKPIT / "words.js").read_text("utf-8")
    keys = set(re.findall(r"\b(\w+): \[\"", words))
    wanted = [
        *(f"mode_{mode.value}" for mode in Mode),
        *(f"means_{mode.value}" for mode in Mode),
        *(f"way_{way.value}" for way in Way if way.site is Site.DEVICE),
        *(f"cloud_{state}" for state in get_args(State)),
        *(f"purpose_{purpose}" for purpose in PURPOSES),
        *(f"role_{role}" for role in ROLES.values()),
        *(f"pd_{kind.name.lower()}" for kind in Kind),
    ]
    assert [key for key in wanted if key not in keys] == []


def test_the_cockpit_offers_only_purposes_whose_sending_it_can_tell():
    script = (COCKPIT / "cloud.js").read_text("utf-8")
    (listed,) = re.findall(r"const PURPOSES = (\[.*\]);", script)
    words = (COCKPIT / "words.js").read_text("utf-8")
    for purpose in json.loads(listed):
        assert purpose in PURPOSES
        assert f"  sent_{purpose}: [" in words
