"""The list of models is complete and honest; a file is used only when it is genuine."""

import functools
import http.server
import os
import threading
import tomllib
from pathlib import Path

import pytest

from edgewise.core.words import Language
from edgewise.engine import packages
from edgewise.errors import LinkError, ModelError, TrustError, UserError
from edgewise.think import models

ROOT = Path(__file__).resolve().parents[2]


def test_every_model_gives_licence_size_and_languages():
    names = [model.name for model in models.catalogue()]
    assert len(set(names)) == len(names) >= 6
    for model in models.catalogue():
        assert model.licence
        assert model.languages
        assert 0 < model.size_mb < model.memory_mb
        assert bool(model.package) != bool(model.repo), model.name
        assert model.file.endswith(".gguf")
        assert Path(model.file).name == model.file
        if model.sha256:
            assert len(bytes.fromhex(model.sha256)) == 32
            assert model.size_bytes
        if model.size_bytes:
            assert abs(model.size_bytes / 1e6 - model.size_mb) < 1
        assert ("gemma" in model.name) == bool(model.terms), "only Gemma has terms of its own"
        assert bool(model.terms) == model.terms_url.startswith("https://")


def test_a_larger_model_for_chinese_is_on_the_list():
    assert any(Language.CHINESE in model.languages for model in models.catalogue())
    assert models.entry(models.EMBEDDED).languages == (Language.ENGLISH,)


def test_the_embedded_model_is_pinned_as_its_package_is():
    pins = tomllib.loads((ROOT / "models.toml").read_text(encoding="utf-8"))["package"]
    model = models.entry(models.EMBEDDED)
    [pin] = [pin for pin in pins if pin["name"] == model.package]
    [file] = [file for file in pin["file"] if file["path"] == model.file]
    assert (file["sha256"], file["size_bytes"]) == (model.sha256, model.size_bytes)
    assert pin["licence"] == model.licence


def test_the_embedded_model_is_found(tmp_path: Path):
    path = models.find_embedded(tmp_path)
    assert path.name.endswith(".gguf")


def test_a_verified_file_is_not_read_again(tmp_path: Path):
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF model")
    found = packages.verify(file, tmp_path)
    status = file.stat()
    file.write_bytes(b"GGUF other")  # same size; the time is put back: only reading could tell
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert packages.verify(file, tmp_path, sha256=found) == found


def test_a_changed_file_is_read_again_and_refused(tmp_path: Path):
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF model")
    packages.verify(file, tmp_path)
    file.write_bytes(b"GGUF another")
    with pytest.raises(TrustError, match="expected"):
        packages.verify(file, tmp_path)


def test_a_wrong_hash_is_refused_and_not_recorded(tmp_path: Path):
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF model")
    for _ in range(2):
        with pytest.raises(TrustError, match="it is not used"):
            packages.verify(file, tmp_path, sha256="0" * 64)
    assert not (tmp_path / packages.RECORDS).exists()


def test_a_folder_for_the_records_is_made_for_its_owner_alone_and_not_at_all_for_a_look(
    tmp_path: Path,
):
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF model")
    home = tmp_path / "home"
    packages.verify(file, home / "models", keep=False)
    assert not home.exists()
    packages.verify(file, home / "models")
    assert [folder.stat().st_mode & 0o777 for folder in (home, home / "models")] == [0o700, 0o700]


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"a": 1}'])
def test_broken_records_only_cost_time(tmp_path: Path, text: str):
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF model")
    (tmp_path / packages.RECORDS).write_text(text)
    assert packages.verify(file, tmp_path) == packages.hash_file(file)


def test_records_that_cannot_be_written_only_cost_time(tmp_path: Path):
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF model")
    (tmp_path / "blocked").write_text("a file where the folder should be")
    assert packages.verify(file, tmp_path / "blocked") == packages.hash_file(file)


def test_a_missing_model_names_the_remedy(tmp_path: Path):
    with pytest.raises(ModelError, match=r"models fetch qwen3-0\.6b") as caught:
        models.find("qwen3-0.6b", tmp_path)
    assert caught.value.code == "model_missing"


def test_an_unknown_model_names_the_known_ones(tmp_path: Path):
    with pytest.raises(UserError, match="smollm2-135m"):
        models.find("gpt-9", tmp_path)


def test_the_settings_of_a_model_come_from_the_list(tmp_path: Path):
    settings = models.settings(models.EMBEDDED, tmp_path)
    assert settings.languages == (Language.ENGLISH,)
    assert settings.small
    assert settings.path.is_file()


def test_terms_are_shown_and_must_be_accepted(tmp_path: Path):
    with pytest.raises(UserError, match="Gemma Terms of Use") as caught:
        models.fetch("gemma-3-1b", tmp_path)
    assert caught.value.code == "terms_not_accepted"
    assert "https://ai.google.dev/gemma/terms" in str(caught.value)


def test_a_packaged_model_is_not_fetched(tmp_path: Path):
    with pytest.raises(UserError, match="edgewise models install smollm2-135m"):
        models.fetch(models.EMBEDDED, tmp_path)


def test_a_hub_that_is_away_leaves_no_model(tmp_path: Path):
    with pytest.raises(LinkError):
        models.fetch("qwen3-0.6b", tmp_path, base_url="http://127.0.0.1:9")
    assert not (tmp_path / models.entry("qwen3-0.6b").file).exists()


def test_a_model_without_a_published_hash_is_held_to_its_first_one(tmp_path: Path):
    file = tmp_path / models.entry("gemma-3-1b").file
    file.write_bytes(b"GGUF first")
    found = models.fetch("gemma-3-1b", tmp_path, accepted_terms=True, base_url="http://127.0.0.1:9")
    assert found == models.find("gemma-3-1b", tmp_path) == file
    file.write_bytes(b"GGUF second")
    with pytest.raises(TrustError):
        models.find("gemma-3-1b", tmp_path)


def test_a_model_is_fetched_from_a_hub_by_its_name(tmp_path: Path):
    model = models.entry("gemma-3-1b")
    served = tmp_path / "hub" / model.repo / "resolve" / model.revision / model.file
    served.parent.mkdir(parents=True)
    served.write_bytes(b"GGUF a model")
    handler = functools.partial(
        http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "hub")
    )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        seen: list[int] = []
        path = models.fetch(
            model.name,
            tmp_path / "models",
            lambda step: seen.append(step.done_bytes),
            accepted_terms=True,
            base_url=f"http://127.0.0.1:{server.server_port}",
        )
        server.shutdown()
        thread.join()
    assert path.read_bytes() == b"GGUF a model"
    assert seen == [12]
    assert models.find(model.name, tmp_path / "models") == path
