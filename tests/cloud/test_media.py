"""Media are sent on from public places alone, and can not cost more than was held for them."""

import base64
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from edgewise.cloud.media import (
    Media,
    Part,
    Placed,
    check_addresses,
    images_in,
    most_tokens,
    sound_ms,
)
from edgewise.cloud.prices import Price
from edgewise.cloud.refusal import Refused
from edgewise.cloud.sound import Steps
from tests.cloud.running import running_cloud
from tests.cloud.sounds import mp3, part, wav

WAV = base64.b64encode(wav(1_234)).decode()


def image(address: str) -> list[Placed]:
    return [Placed("p", Part("image_url", image_url=Media(address)))]


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "http://127.0.0.1:8475/metrics",
        "http://public.example/x.png",
        "https://169.254.169.254/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.0x1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "https://a.localhost./",
        "https://metadata/",
        "https://metadata.google.internal/",
        "https://user@public.example/",
        "https://public.example\\@127.0.0.1/",
        "https://public.example\n/",
        "https://１２７.0.0.1/",
        "https:///x",
        "https://[/",
        "//public.example/",
        "x",
    ],
)
@pytest.mark.parametrize("member", ["image_url", "audio_url", "video_url", "input_audio"])
def test_an_address_of_an_inner_network_is_not_sent_on(address: str, member: str):
    given = Media(data=address) if member == "input_audio" else Media(address)
    if member == "input_audio" and ":" not in address:
        return  # that is base64
    with pytest.raises(Refused) as refused:
        check_addresses([Placed("p", Part(member, **{member: given}))], ())
    assert refused.value.status == 400
    assert refused.value.problem.param == f"p.{member}"


@pytest.mark.parametrize(
    "address",
    [
        "data:image/png;base64,AA",
        "DATA:,a",
        "https://public.example/a?b=c",
        "HTTPS://Xn--A.Example",
    ],
)
def test_data_and_public_hosts_are_sent_on(address: str):
    check_addresses(image(address), ())


@pytest.mark.parametrize(
    ("hosts", "goes"),
    [(["media.example"], True), (["example"], False), (["other.example"], False)],
)
def test_with_a_list_of_hosts_no_other_is_sent_on(hosts: Sequence[str], goes: bool):
    if goes:
        check_addresses(image("https://media.example/x"), hosts)
    else:
        with pytest.raises(Refused):
            check_addresses(image("https://media.example/x"), hosts)
    check_addresses(image("data:,a"), hosts)


def test_the_type_of_a_part_hides_no_address():
    with pytest.raises(Refused):
        check_addresses([Placed("p", Part("text", "a", image_url="http://127.0.0.1/"))], ())


def test_sound_and_video_hold_all_that_the_model_takes_and_images_what_is_said():
    media = [*image("data:,a"), *image("data:,b"), Placed("p", Part("video_url", video_url="x"))]
    assert most_tokens(media, 10, 1000) == 1020
    assert images_in(media) == 2


async def test_images_that_went_upstream_are_counted_and_billed(tmp_path: Path):
    price = Price("fake", date(2020, 1, 1), image=Decimal("0.01"))
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}
    async with running_cloud(tmp_path, price=(price,)) as running:
        answered = await running.client.post("/v1/chat/completions", json=asking(picture, picture))
        assert answered.status_code == 200
        inner = {"type": "image_url", "image_url": "http://127.0.0.1/"}
        refused = await running.client.post("/v1/chat/completions", json=asking(inner))
        assert refused.json()["error"]["param"] == "messages[0].content[1].image_url"
        (entry,) = running.cloud.ledger.recent
        assert (entry.usage.images, entry.cost_nano) == (2, 20_000_000)


@pytest.mark.parametrize(
    "given",
    [
        Part("input_audio", input_audio=Media(data=WAV)),
        Part("input_audio", input_audio=Media(data=f"data:audio/wav;base64,{WAV}")),
        Part("audio_url", audio_url=f"DATA:audio/x-wav;codec=1;base64,{WAV}"),
        Part("audio_url", audio_url=Media(f"data:;base64,{WAV}")),
        Part("text", "a", input_audio=Media(data=WAV)),
        Part("input_audio", input_audio=Media(data=f"{WAV[:76]}\r\n{WAV[76:]}\n")),
    ],
)
def test_a_sound_is_as_long_as_it_is_wherever_it_stands(given: Part):
    assert sound_ms(given, "p", Steps()) == 1_234


@pytest.mark.parametrize("data", [WAV[:76] + "@" + WAV[76:], WAV[:76] + "=" + WAV[76:]])
def test_no_dirt_in_base64_hides_a_sound_from_the_count(data: str):
    with pytest.raises(Refused, match="no base64 of a sound"):
        sound_ms(Part("input_audio", input_audio=Media(data=data)), "p", Steps())


@pytest.mark.parametrize("line", [72, 76, 4096, 2**20])
def test_a_long_sound_in_lines_is_read_whole(line: int):
    text = base64.b64encode(wav(20_000, 16_000, 2)).decode()
    assert len(text) > 3 * 512 * 1024
    lines = "\n".join(text[at : at + line] for at in range(0, len(text), line))
    given = Part("input_audio", input_audio=Media(data=lines + "\n" * 2**20))
    assert sound_ms(given, "p", Steps()) == 20_000


@pytest.mark.parametrize("between", ["", " ", " " * 2**20])
def test_nothing_is_hidden_behind_the_padding_of_a_long_sound(between: str):
    padded = base64.b64encode(bytes(3 * 2**17 - 2)).decode()
    assert padded.endswith("=")
    assert len(padded) == 512 * 1024
    given = Part("input_audio", input_audio=Media(data=f"{padded}{between}{WAV}"))
    with pytest.raises(Refused, match="no base64 of a sound"):
        sound_ms(given, "p", Steps())


def test_a_sound_that_is_not_in_the_request_has_no_length_here():
    for address in ("https://public.example/a.wav", "http://127.0.0.1/", "file:///etc/passwd"):
        assert sound_ms(Part("audio_url", audio_url=address), "p", Steps()) == 0
        assert sound_ms(Part("input_audio", input_audio=Media(data=address)), "p", Steps()) == 0


async def test_sound_and_searches_are_counted_and_billed(tmp_path: Path):
    price = Price("fake", date(2020, 1, 1), audio_input=Decimal("0.06"), search=Decimal("0.04"))
    words = json.dumps({"test": {"searches": 2}})
    async with running_cloud(tmp_path, price=(price,)) as running:
        body = asking(part(wav(1_234)), part(mp3(100), "mp3"), words=words)
        sent = {**body, "web_search_options": {}}
        for stream in (False, True):
            answered = await running.client.post(
                "/v1/chat/completions", json={**sent, "stream": stream}
            )
            assert answered.status_code == 200
        await running.wait_until_idle()
        for entry in running.cloud.ledger.recent:
            assert (entry.usage.audio_input_ms, entry.usage.searches) == (1_234 + 2_612, 2)
            assert entry.cost_nano == 3_846_000 + 80_000_000


async def test_a_refused_request_bills_no_image(tmp_path: Path):
    price = Price("fake", date(2020, 1, 1), image=Decimal("0.01"))
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}
    async with running_cloud(tmp_path, price=(price,)) as running:
        said = asking(picture, words=json.dumps({"test": {"fail_status": 400}}))
        assert (await running.client.post("/v1/chat/completions", json=said)).status_code == 400
        (entry,) = running.cloud.ledger.recent
        assert (entry.usage.images, entry.cost_nano) == (0, 0)


def asking(*parts: dict[str, Any], words: str = "a b") -> dict[str, Any]:
    content = [{"type": "text", "text": words}, *parts]
    return {"model": "fake", "messages": [{"role": "user", "content": content}]}
