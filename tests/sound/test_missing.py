"""A missing library is told with what to install."""

from edgewise.sound.missing import missing_package


def test_the_error_names_the_package_the_use_and_the_extra():
    error = missing_package(ImportError(name="soxr"), what="another rate", extra="hear")
    assert error.code == "missing_package"
    assert str(error) == "another rate needs soxr; install: pip install 'edgewise[hear]'"
