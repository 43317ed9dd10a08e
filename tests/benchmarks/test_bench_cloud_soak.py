import pytest

from benchmarks.bench_cloud_soak import _figures, slope


def test_the_slope_is_that_of_the_line_through_the_samples():
    assert slope([(0, 100), (10, 120), (20, 140)]) == pytest.approx(2)
    assert slope([(0, 100), (10, 120), (20, 100)]) == pytest.approx(0)
    assert slope([(5, 7)]) == 0


def test_the_warm_up_is_left_out_and_growth_is_judged():
    grown = [(20_000, 10_000_000), (60_000, 100_000_000), (100_000, 110_000_000)]
    found = {result.metric: result for result in _figures("x", grown)}
    assert found["x: slope"].value == pytest.approx(250_000)
    assert found["x: growth after the warm-up"].value == pytest.approx(10)
    assert found["x: growth after the warm-up"].met is False
