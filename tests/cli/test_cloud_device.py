"""`edgewise cloud device`: credentials that are printed once, and end with their device."""

import time
from pathlib import Path

from edgewise.cli.cloud_database import opened_database, project_named
from edgewise.cloud.caller import Caller, Endpoint, KeyKind
from edgewise.cloud.directory import Directory
from tests.cli.conftest import Edgewise
from tests.cli.test_cloud import platform


def found(folder: Path, secret: str) -> Caller | None:
    with opened_database(folder) as database:
        return Directory(database).find(secret, time.time())


def test_a_device_is_registered_with_a_credential_that_is_printed_once(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    platform(tmp_path)
    folder = ("--folder", str(tmp_path))
    ran = edgewise(
        "cloud", "device", "add", "Test car", "--model", "edgewise-small", "--days", "1", *folder
    )
    secret, device = ran.out.strip(), ran.err.strip()
    assert secret.startswith("dk-ew-")
    caller = found(tmp_path, secret)
    assert caller is not None
    assert (caller.kind, caller.device, caller.models) == (
        KeyKind.DEVICE,
        device,
        {"edgewise-small"},
    )
    assert 0 < caller.expires_at - time.time() <= 86_400
    assert caller.may(Endpoint.AGENT)
    assert not caller.may(Endpoint.CHAT)
    [listed] = edgewise("cloud", "device", "list", "--json", *folder).rows
    assert (listed["id"], listed["name"], listed["archived_at"]) == (device, "Test car", None)
    for shown in (("device", "list"), ("keys",)):
        assert secret not in edgewise("cloud", *shown, *folder).out


def test_all_credentials_of_a_device_end_with_it(edgewise: Edgewise, tmp_path: Path) -> None:
    platform(tmp_path)
    folder = ("--folder", str(tmp_path))
    kept = edgewise("cloud", "device", "add", "Kept", *folder).out.strip()
    first = edgewise("cloud", "device", "add", "Lost", *folder)
    device = first.err.strip()
    second = edgewise("cloud", "device", "key", device, *folder).out.strip()
    assert second != first.out.strip()
    assert found(tmp_path, second) is not None
    ran = edgewise("cloud", "device", "revoke", device, *folder)
    assert ran.code == 0
    assert device in ran.out
    assert found(tmp_path, first.out.strip()) is None
    assert found(tmp_path, second) is None
    assert found(tmp_path, kept) is not None
    lines = edgewise("cloud", "device", "list", *folder).out.splitlines()
    assert ["revoked" in line for line in lines] == [False, True]
    again = edgewise("cloud", "device", "key", device, *folder)
    assert again.is_one_clear_line("revoked")


def test_what_is_not_there_is_told(edgewise: Edgewise, tmp_path: Path) -> None:
    platform(tmp_path)
    folder = ("--folder", str(tmp_path))
    for command in ("key", "revoke"):
        ran = edgewise("cloud", "device", command, "dev_none", *folder)
        assert ran.is_one_clear_line("dev_none", "device list")
    ran = edgewise("cloud", "device", "add", "Car", "--project", "prj_none", *folder)
    assert ran.is_one_clear_line("prj_none")
    with opened_database(tmp_path) as database, database.read() as connection:
        assert project_named(connection, "").name == "First project"


def test_a_model_that_is_not_there_is_refused(edgewise: Edgewise, tmp_path: Path) -> None:
    platform(tmp_path)
    folder = ("--model", "nosuch", "--folder", str(tmp_path))
    for command in (("key",), ("device", "add", "Car"), ("device", "key", "dev_x")):
        assert edgewise("cloud", *command, *folder).is_one_clear_line("edgewise-small")


def test_a_device_without_the_agents_model_is_told_of(edgewise: Edgewise, tmp_path: Path) -> None:
    platform(tmp_path)
    (tmp_path / "cloud.toml").write_text(TWO_MODELS)
    ran = edgewise("cloud", "device", "add", "Car", "--model", "other", "--folder", str(tmp_path))
    assert "can not use the Agent API" in ran.err.splitlines()[0]
    ran = edgewise("cloud", "device", "add", "Car", "--model", "m", "--folder", str(tmp_path))
    assert len(ran.err.splitlines()) == 1


def test_a_further_credential_is_scoped_as_the_first_one(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    platform(tmp_path)
    folder = ("--folder", str(tmp_path))
    made = edgewise(
        "cloud", "device", "add", "Car", "--model", "edgewise-small", "--days", "2", *folder
    )
    device = made.err.strip()
    first = found(tmp_path, made.out.strip())
    second = found(tmp_path, edgewise("cloud", "device", "key", device, *folder).out.strip())
    assert first is not None
    assert second is not None
    assert (second.models, second.expires_at) == (first.models, first.expires_at)
    told = edgewise("cloud", "device", "key", device, "--days", "1", *folder).out.strip()
    third = found(tmp_path, told)
    assert third is not None
    assert (third.models, third.expires_at < first.expires_at) == (first.models, True)


TWO_MODELS = """
[[backend]]
name = "up"
url = "http://127.0.0.1:9/v1"
[[model]]
name = "m"
routes = [{ backend = "up" }]
[[model]]
name = "other"
routes = [{ backend = "up" }]
"""
