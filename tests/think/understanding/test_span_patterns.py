import re

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.capability import Kind
from edgewise.think.understanding.span_patterns import PATTERNS


def test_patterns_name_only_text_arguments_that_are_declared():
    declared = {c.name: c for c in builtin_catalogue().capabilities}
    for name, patterns in PATTERNS.items():
        texts = {a.name for a in declared[name].arguments if a.kind is Kind.TEXT}
        for pattern in patterns:
            assert set(re.findall(r"\{(\w+)\}", pattern)) <= texts, (name, pattern)


def test_brackets_of_patterns_are_closed():
    for patterns in PATTERNS.values():
        for pattern in patterns:
            assert pattern.count("[") == pattern.count("]"), pattern
