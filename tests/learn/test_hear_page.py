"""The page tells recorded from made speech, and which goals were missed."""

from edgewise.learn.hear_page import hear_page
from edgewise.learn.report import format_report, measure, parse_report


def test_the_page_tells_every_figure_and_every_missed_goal():
    line = format_report(
        "eval_hear",
        [
            measure("cards | en | recorded | word errors", 9.5, "%"),
            measure("all recorded sets | en | recorded | word errors", 9.0, "%", at_most=8),
            measure("synthetic-catalogue | zh | synthetic | character errors", 3, "%", at_most=6),
            measure("all | zh | time p50", 400, "ms"),
        ],
    )
    page = hear_page(parse_report(line))
    recorded, _, made = page.partition("## Synthetic")
    assert "| cards | en, recorded | word errors | 9.5 % |  |" in recorded
    assert "character errors | 3 % | <= 6, met |" in made
    assert "| zh | time p50 | 400 ms |" in page
    assert "short by 1" in page
