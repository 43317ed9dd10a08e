"""The page of settings has every key, and what each is."""

from edgewise.cloud.config import BackendConfig, Config
from scripts.docs_settings import settings_page


def test_every_key_is_a_row_with_its_default():
    page = settings_page()
    for name in (*Config.__struct_fields__, *BackendConfig.__struct_fields__):
        assert f"| `{name}` |" in page
    assert "| `port` | whole number | `8475` |" in page
    assert "| `usage` | `final`, `continuous` | `final` |" in page
    assert "| `model` | text | needed |" in page


def test_limits_are_told_as_they_are_without_the_section():
    page = settings_page()
    for section, limits in (
        ("[defaults]", Config().defaults),
        ("[project_defaults]", Config().project_defaults),
    ):
        told = page.partition(f"## `{section}`")[2].partition("\n## ")[0]
        for name in limits.__struct_fields__:
            assert f"| `{name}` | whole number | `{getattr(limits, name)}` |" in told
