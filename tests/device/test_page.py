"""The cockpit's first page speaks the device's language before its script runs."""

import pytest

from edgewise.device.api import create_app
from edgewise.device.doorkeeper import Doorkeeper
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
