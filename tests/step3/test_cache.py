"""Pages are handed out once and taken back whole, and what is kept in them is what was read."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch

from edgewise.errors import UserError
from edgewise.step3.cache import PagedCache, Step, Table
from edgewise.step3.config import PUBLISHED
from tests.each_row import each_row
from tests.step3.small import SMALL, small_model

torch.set_num_threads(1)


def test_a_token_of_step3_takes_512_elements_in_each_of_61_layers():
    cache = PagedCache(PUBLISHED, 3, dtype=torch.bfloat16, device="meta")
    assert cache.size_bytes == 3 * 16 * 61 * 512 * 2


def test_pages_are_handed_out_as_they_are_needed_and_taken_back():
    cache = PagedCache(SMALL, 5, page_tokens=4)
    first, second = Table(), Table()
    cache.grow(first, 4)
    assert (len(first.pages), cache.free) == (1, 4)
    cache.grow(second, 1)
    cache.grow(first, 9)
    cache.grow(first, 12)
    assert (len(first.pages), len(second.pages), cache.free) == (3, 1, 1)
    assert len({*first.pages, *second.pages}) == 4
    cache.release(first)
    cache.release(first)
    assert (first.pages, first.tokens, cache.free) == ([], 0, 4)


def test_a_full_cache_says_so_and_hands_out_nothing():
    cache = PagedCache(SMALL, 3, page_tokens=4)
    held, table = Table(), Table()
    cache.grow(held, 8)
    assert cache.fits(table, 4)
    assert not cache.fits(table, 5)
    with pytest.raises(UserError, match="full: 2 pages are needed and 1 of 3 are free") as refused:
        cache.grow(table, 5)
    assert refused.value.code == "cache_full"
    assert (table.pages, cache.free) == ([], 1)


@each_row("pages, page_tokens", [(0, 16), (-1, 16), (4, 0), (2**44, 16)])
def test_a_cache_of_nothing_or_of_more_than_memory_is_refused(pages: int, page_tokens: int):
    with pytest.raises(UserError, match=f"{pages} pages of {page_tokens} tokens") as refused:
        PagedCache(SMALL, pages, page_tokens=page_tokens)
    assert refused.value.code == "bad_cache"


@each_row("pages", [[0, 1, 2], [3, 0, 2], [1]])
def test_what_was_written_is_read_wherever_the_pages_lie(pages: list[int]):
    cache = PagedCache(SMALL, 4, page_tokens=4)
    cache.store.fill_(float("nan"))
    table = Table(pages)
    tokens = 4 * len(pages) - 1
    k, v = torch.randn(tokens, 8), torch.randn(tokens, 8)
    step = Step(cache, [(table, tokens)])
    seen = step.look(1)(torch.randn(1, tokens, 2, 8), k[None, :, None], v[None, :, None])
    assert bool(torch.isfinite(seen).all())
    index = step._pages[0]
    assert isinstance(index, slice) == (pages != [3, 0, 2])
    for found, kept in zip(cache.read(1, index, tokens), (k, v), strict=True):
        assert torch.equal(found, kept)
    assert bool(cache.store[0].isnan().all())


def test_a_step_knows_where_its_tokens_stand_and_counts_them_at_its_end():
    cache = PagedCache(SMALL, 4, page_tokens=4)
    first, second = Table([2, 0], tokens=3), Table([3])
    step = Step(cache, [(first, 2), (second, 1)])
    assert step.positions.tolist() == [[3, 4, 0]]
    assert step._slots.tolist() == [2 * 4 + 3, 0, 3 * 4]
    assert step.longest == 5
    assert (first.tokens, second.tokens) == (3, 0)
    step.finish()
    assert (first.tokens, second.tokens) == (5, 1)


@each_row("chunks", [[17], [1] * 17, [5, 1, 11], [16, 1]])
def test_a_sequence_read_in_parts_is_as_one_read_at_once(chunks: list[int]):
    model = small_model(3)
    ids = torch.randint(0, SMALL.vocab_size, (2, 17), generator=torch.Generator().manual_seed(3))
    cache = PagedCache(SMALL, 20, page_tokens=4)
    tables = Table(), Table()
    found = []
    start = 0
    for count in chunks:
        for table in tables:
            cache.grow(table, start + count)
        step = Step(cache, [(table, count) for table in tables])
        x = model.model.embed_tokens(ids[:, start : start + count]).reshape(1, 2 * count, -1)
        found.append(model.model(x, step).view(2, count, -1))
        step.finish()
        start += count
    whole = model.model(model.model.embed_tokens(ids))
    torch.testing.assert_close(torch.cat(found, dim=1), whole, atol=1e-5, rtol=1e-5)
