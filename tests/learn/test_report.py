import json

import pytest

from edgewise.learn.report import (
    Result,
    describe_machine,
    format_report,
    measure,
    parse_report,
    report,
)
from tests.each_row import each_row


def test_report_prints_one_json_object_with_the_agreed_keys(capsys: pytest.CaptureFixture[str]):
    report("decide", [measure("p95", 0.31, "ms", at_most=0.5)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    found = json.loads(lines[0])
    assert list(found) == ["name", "machine", "results"]
    assert found["name"] == "decide"
    assert found["results"] == [
        {"metric": "p95", "value": 0.31, "unit": "ms", "goal": "<= 0.5", "met": True}
    ]


@each_row(
    ("value", "limits", "goal", "met"),
    [
        (5.0, {"at_most": 5}, "<= 5", True),
        (5.1, {"at_most": 5}, "<= 5", False),
        (5.0, {"at_least": 5}, ">= 5", True),
        (4.9, {"at_least": 5}, ">= 5", False),
        (4.9, {}, None, None),
    ],
)
def test_a_result_is_met_exactly_up_to_its_limit(
    value: float, limits: dict[str, float], goal: str | None, met: bool | None
):
    assert measure("m", value, "ms", **limits) == Result("m", value, "ms", goal, met)


def test_two_goals_for_one_figure_are_refused():
    with pytest.raises(ValueError, match="not both"):
        measure("m", 1, "ms", at_most=2, at_least=0)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_no_number_is_refused(value: float):
    with pytest.raises(ValueError, match="no measurement"):
        measure("m", value, "ms")


def test_a_report_without_results_is_refused():
    with pytest.raises(ValueError, match="says nothing"):
        format_report("empty", [])


def test_values_keep_four_significant_digits_and_integers_stay_whole():
    found = parse_report(
        format_report("n", [measure("a", 0.123456, "s"), measure("b", 98362432, "B")])
    )
    assert [row["value"] for row in found["results"]] == [0.1235, 98362432]


def test_machine_tells_processor_and_python_but_no_host_name():
    machine = describe_machine()
    assert set(machine) == {"cpu", "cores", "cores_used", "system", "python"}
    assert machine["cpu"]


def test_the_last_line_is_read_whatever_was_printed_before():
    line = format_report("x", [measure("a", 1, "s")])
    assert parse_report(f"warming up\n{{}}\n{line}\n")["name"] == "x"


@each_row(
    ("output", "complaint"),
    [
        ("", "printed nothing"),
        ("done", "not JSON"),
        ("[]", "not a report"),
        ('{"name": "x", "machine": {}, "results": []}', "no results"),
        ('{"name": "x", "machine": {}, "results": [{"metric": "a"}]}', "not a result"),
    ],
)
def test_output_that_does_not_end_in_a_report_is_refused_with_the_reason(
    output: str, complaint: str
):
    with pytest.raises(ValueError, match=complaint):
        parse_report(output)
