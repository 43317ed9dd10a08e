"""Metrics count every settled request by the names of the GenAI conventions."""

from opentelemetry.sdk.resources import Resource

from edgewise.cloud.flight import Facts
from edgewise.cloud.ledger import Entry, Outcome
from edgewise.cloud.metrics import Metrics
from edgewise.cloud.usage import Usage

FACTS = Facts("req_1", 0.0, "org", "proj", "key", "", "chat", "m")


def test_refused_voice_devices_are_counted_by_why():
    metrics = Metrics(Resource.create({}))
    for code in ("wrong_token", "wrong_token", "foreign_device"):
        metrics.refuse_voice(code)
    told = metrics.exposition().decode()
    assert 'edgewise_voice_refused_total{code="wrong_token"} 2.0' in told
    assert 'edgewise_voice_refused_total{code="foreign_device"} 1.0' in told


def test_tokens_and_times_are_in_their_histograms():
    metrics = Metrics(Resource.create({}))
    metrics.record("chat", Entry(FACTS, 1.0, Outcome.DONE, Usage(12, 0, 20), 0, "CNY"), 3.0)
    failed = Entry(FACTS, 1.0, Outcome.FAILED, Usage(), 0, "CNY", took_ms=50.0)
    metrics.record("chat", failed, 0.0)
    told = metrics.exposition().decode()
    of = 'gen_ai_operation_name="chat",gen_ai_request_model="m"'
    assert f'gen_ai_client_token_usage_sum{{{of},gen_ai_token_type="output"}} 20.0' in told
    assert 'error_type="failed"' in told
    assert f"gen_ai_server_time_to_first_token_count{{{of}}} 1.0" in told
