"""Settings that do not hold are refused by name; without a file the embedded model runs."""

from pathlib import Path

import pytest

from edgewise.cloud.config import BackendConfig, doubtful, load_config, secret_of
from edgewise.errors import UserError

WHOLE = """
[[backend]]
name = "up"
url = "http://127.0.0.1:9/v1"
usage = "continuous"

[[model]]
name = "m"
[[model.routes]]
backend = "up"
model = "m-2026"

[[price]]
model = "m"
since = 2026-01-01
input = "1.35"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "cloud.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_the_embedded_model_is_served(tmp_path: Path):
    config = load_config(tmp_path / "cloud.toml")
    assert [backend.embedded for backend in config.backend] == [True]
    names = [model.name for model in config.model]
    assert names == ["edgewise-small", "edgewise-ears", "edgewise-voice"]
    assert (config.ears_model, config.voice_model) == ("edgewise-ears", "edgewise-voice")


def test_a_whole_file_is_read(tmp_path: Path):
    config = load_config(written(tmp_path, WHOLE))
    assert config.model[0].routes[0].model == "m-2026"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("backend = ", "backned = "), "backned"),
        (('backend = "up"', 'backend = "down"'), "'down'"),
        (('url = "http://127.0.0.1:9/v1"', ""), "needs one of: url"),
        (('usage = "continuous"', 'usage = "sometimes"'), "sometimes"),
        (("[[price]]", '[[price]]\nmodel = "m"\nsince = 2026-01-01\n[[price]]'), "2026-01-01"),
        (("[[price]]", '[[model]]\nname = "m"\nroutes = []\n[[price]]'), "twice"),
        (('backend = "up"', 'backend = "up"\nweight = 0'), "weight"),
        (("[[backend]]", "[[backend"), "TOML"),
        (('url = "http://127.0.0.1:9/v1"', 'url = "notaurl"'), "notaurl"),
        (('input = "1.35"', 'input = "-1"'), "below 0"),
        (('[[price]]\nmodel = "m"', '[[price]]\nmodel = "mm"'), "'mm'"),
        (("[[backend]]", 'currency = "euro dollars"\n[[backend]]'), "currency"),
    ],
)
def test_what_does_not_hold_is_told(tmp_path: Path, change: tuple[str, str], said: str):
    with pytest.raises(UserError) as refused:
        load_config(written(tmp_path, WHOLE.replace(*change, 1)))
    assert refused.value.code == "bad_config"
    assert said in str(refused.value) or said == "TOML"


def test_a_file_that_is_no_text_is_told(tmp_path: Path):
    (tmp_path / "cloud.toml").write_bytes(b'currency = "\xff"')
    with pytest.raises(UserError, match=r"cloud\.toml"):
        load_config(tmp_path / "cloud.toml")


def test_a_secret_comes_from_the_environment_alone():
    backend = BackendConfig("up", "http://127.0.0.1:9/v1", key_env="UP_KEY")
    assert secret_of(backend, {"UP_KEY": "s"}) == "s"
    with pytest.raises(UserError, match="UP_KEY is not set"):
        secret_of(backend, {})


EMBEDDED = """
[[backend]]
name = "own"
embedded = true
[[model]]
name = "m"
routes = [{ backend = "own" }]
"""


def test_an_embedded_model_says_what_it_holds(tmp_path: Path):
    (model,) = load_config(written(tmp_path, EMBEDDED)).model
    assert (model.context_tokens, model.output_tokens) == (2048, 512)
    (model,) = load_config(written(tmp_path, EMBEDDED + "output_tokens = 100")).model
    assert (model.context_tokens, model.output_tokens) == (2048, 100)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (EMBEDDED + 'kind = "embedding"', "an embedded backend chats, hears and speaks"),
        (EMBEDDED + '[senses]\nears = "m"', "a model of the kind transcription over a backend"),
        (EMBEDDED + '[senses]\ncall_addresses = ["here"]', "'here' is no IP address"),
        (EMBEDDED + '[senses]\nvoice = "x"', "senses.voice is 'x'"),
        (EMBEDDED + "context_tokens = 9999", "embedded backend holds 2048"),
        (WHOLE + EMBEDDED, "model: 'm' is named twice"),
        (WHOLE.replace("1.35", "-1"), r"cloud\.toml: price: input of 'm' since 2026-01-01 is -1"),
        (WHOLE + '[xiaozhi]\nmodel = "zzz"', "xiaozhi.model is 'zzz'; name a chat model .*: m"),
        (WHOLE + '[xiaozhi]\nlanguage = "fr"', 'xiaozhi.language is one of "", "en", "zh"'),
        ("host = ", "at the key host"),
        ('public_url = "192.168.1.10:8475"', "public_url is .*; write http://192.168.1.10:8475"),
        ('public_url = "https://a.example/b"', "alone: https://a.example"),
        (WHOLE + "[xiaozhi]\ncode_s = 1", "code_s"),
        (WHOLE + '[agent]\nmodel = "zzz"', "'zzz', which is not there; there are: m"),
    ],
)
def test_a_fault_names_its_place_and_what_there_is(tmp_path: Path, text: str, told: str):
    with pytest.raises(UserError, match=told):
        load_config(written(tmp_path, text))


def test_voice_devices_are_off_and_think_with_the_agents_model_unless_it_is_said(tmp_path: Path):
    config = load_config(written(tmp_path, WHOLE))
    assert (config.xiaozhi.enabled, config.xiaozhi_model) == (False, "m")
    named = WHOLE + '[xiaozhi]\nenabled = true\nmodel = "m"\nutc_offset_min = 480'
    config = load_config(written(tmp_path, named))
    assert (config.xiaozhi.enabled, config.xiaozhi.utc_offset_min) == (True, 480)


def test_an_address_without_a_version_is_doubted(tmp_path: Path):
    config = load_config(written(tmp_path, WHOLE))
    assert not list(doubtful(config))
    config = load_config(written(tmp_path, WHOLE.replace("/v1", "")))
    assert "usually ends in /v1" in next(doubtful(config))
