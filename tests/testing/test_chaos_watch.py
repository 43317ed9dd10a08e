"""What leaves is counted and searched, wrapped or not."""

import gzip

from edgewise.testing.chaos_watch import MOST_FINDS, Find, Traffic, Watch

CANARY = "canary-0d8c2f"
HEAD = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n%s\r\n"


def post(body: bytes, field: bytes = b"") -> bytes:
    return HEAD % (len(body), field) + body


def test_bytes_requests_and_connections_are_counted():
    watch = Watch((), 0)
    first = watch.connection(0)
    assert first.feed(post(b"a")) == 1
    assert first.feed(post(b"b") + post(b"c")[:9]) == 2
    assert not first.between
    before = watch.traffic
    second = watch.connection(1)
    second.feed(b"\x16\x03\x01 TLS")
    second.feed(b"more")
    assert second.unread
    assert watch.traffic.since(before) == Traffic(connections=1, bytes_up=11, unread=1)
    assert watch.why_unread == ["not plain HTTP/1.1"]
    assert watch.traffic.requests == 3


def test_a_find_says_where_it_is():
    watch = Watch([CANARY], 0)
    leaving = watch.connection(7)
    leaving.feed(post(b"nothing"))
    plain = post(b"  " + CANARY.encode())
    leaving.feed(plain)
    offset = len(post(b"nothing")) + len(plain) - len(CANARY)
    assert watch.finds == [Find(CANARY, "plain", 7, 2, offset, unwrapped=False)]


def test_a_compressed_body_is_searched_and_each_request_begins_anew():
    watch = Watch([CANARY], 0)
    leaving = watch.connection(0)
    coding = b"Content-Encoding: gzip\r\n"
    leaving.feed(post(gzip.compress(b"xx" + CANARY[:6].encode()), coding))
    leaving.feed(post(gzip.compress(CANARY[6:].encode()), coding))
    assert watch.finds == []
    leaving.feed(post(gzip.compress(b"xx" + CANARY.encode()), coding))
    assert watch.finds == [Find(CANARY, "plain", 0, 3, 2, unwrapped=True)]


def test_no_more_is_kept_than_was_asked_for():
    watch = Watch([CANARY], 10)
    watch.connection(0).feed(b"123456")
    watch.connection(1).feed(b"abcdef" + CANARY.encode() * (MOST_FINDS + 5))
    assert bytes(watch.kept) == b"123456abcd"
    assert len(watch.finds) == MOST_FINDS
    assert watch.traffic.canaries_found == MOST_FINDS + 5
    assert watch.traffic.canary_bytes == (MOST_FINDS + 5) * len(CANARY)
