"""An expression is compiled when it is first used, and behaves as a compiled one from then on."""

import importlib
import pkgutil
import re
import sys
import threading

import pytest

import edgewise.think
from edgewise.core.regex import compile_all, regex


def test_it_answers_as_a_compiled_pattern_does():
    lazy, eager = regex(r"(?P<n>\d+) ?(c|f)", re.IGNORECASE), re.compile(r"(?P<n>\d+) ?(c|f)", re.I)
    for text in ("21 C", "warm", "7f then 8 c", ""):
        for name in ("search", "match", "fullmatch"):
            assert str(getattr(lazy, name)(text)) == str(getattr(eager, name)(text))
        assert lazy.sub("x", text) == eager.sub("x", text)
        assert lazy.findall(text) == eager.findall(text)
        assert [str(m) for m in lazy.finditer(text)] == [str(m) for m in eager.finditer(text)]
        assert lazy.split(text) == eager.split(text)
    assert lazy.pattern == eager.pattern
    assert lazy.groupindex == eager.groupindex


def test_a_mistake_in_it_shows_at_its_first_use():
    broken = regex("(")
    with pytest.raises(re.error):
        broken.search("x")
    with pytest.raises(re.error):
        compile_all()


def test_every_expression_that_words_are_read_with_compiles():
    for module in pkgutil.walk_packages(edgewise.think.__path__, "edgewise.think."):
        if not module.name.endswith("llama_child"):
            importlib.import_module(module.name)
    compile_all()
    assert compile_all() == 0


def test_expressions_made_by_another_thread_meanwhile_do_no_harm():
    kept = list[object]()
    maker = threading.Thread(target=lambda: kept.extend(regex(f"x{i}") for i in range(3000)))
    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        maker.start()
        while maker.is_alive():
            compile_all()
    finally:
        maker.join()
        sys.setswitchinterval(switch)
