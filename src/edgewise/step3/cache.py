"""Keys and values of tokens that were read, in pages that any sequence may hold.

A token takes one key and one value of `head_dim` in each layer, since MFA has one head of them: 512
elements in Step-3. A page holds `page_tokens` tokens of all layers. A sequence has a table of its
pages, in order, so memory is handed out and taken back without moving anything.
Letters of shapes: N tokens of a step, S tokens of a sequence so far, H heads, D head_dim.
Source: PagedAttention (arXiv 2309.06180).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush

import torch
from torch import Tensor

from edgewise.errors import UserError
from edgewise.step3.attention import Look, attend_fused
from edgewise.step3.config import Step3TextConfig

PAGE_TOKENS = 16


@dataclass(slots=True)
class Table:
    """One sequence's part of the cache: its first `tokens` tokens are kept in `pages`."""

    pages: list[int] = field(default_factory=list)
    tokens: int = 0


class PagedCache:
    """`pages` pages, taken from memory at once. Raises UserError where there is not as much."""

    def __init__(
        self,
        config: Step3TextConfig,
        pages: int,
        *,
        page_tokens: int = PAGE_TOKENS,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        if pages < 1 or page_tokens < 1:
            raise UserError(
                f"a cache of {pages} pages of {page_tokens} tokens holds nothing; give 1 or more",
                code="bad_cache",
            )
        self.pages, self.page_tokens = pages, page_tokens
        shape = (config.num_hidden_layers, 2, pages, page_tokens, config.head_dim)
        try:
            self.store = torch.empty(shape, dtype=dtype, device=device)  # keys, then values
        except RuntimeError as error:
            raise UserError(
                f"{pages} pages of {page_tokens} tokens do not fit into the memory of {device};"
                f" give fewer ({error})",
                code="bad_cache",
            ) from error
        self._free = list(range(pages))  # a heap: with the lowest first, pages tend to lie together

    @property
    def free(self) -> int:
        """How many pages no sequence holds."""
        return len(self._free)

    @property
    def size_bytes(self) -> int:
        return self.store.nbytes

    def pages_for(self, tokens: int) -> int:
        return -(-tokens // self.page_tokens)

    def fits(self, table: Table, tokens: int) -> bool:
        """Whether the table can grow to that many tokens."""
        return self.pages_for(tokens) - len(table.pages) <= self.free

    def grow(self, table: Table, tokens: int) -> None:
        """Gives the table pages for that many tokens in all. Raises UserError, and gives none,
        where too few are free."""
        missing = self.pages_for(tokens) - len(table.pages)
        if missing > self.free:
            raise UserError(
                f"the cache is full: {missing} pages are needed and {self.free} of {self.pages} are"
                " free; give it more, or fewer sequences",
                code="cache_full",
            )
        table.pages += [heappop(self._free) for _ in range(missing)]

    def release(self, table: Table) -> None:
        """Takes all pages of the table back; it keeps nothing then."""
        for page in table.pages:
            heappush(self._free, page)
        table.pages, table.tokens = [], 0

    def write(self, layer: int, slots: Tensor, k: Tensor, v: Tensor) -> None:
        """Keeps k and v, (N, D) each, at `slots` (N,): page * page_tokens + place in the page."""
        kept = self.store[layer].flatten(1, 2)  # (2, all slots, D), the same memory
        kept.index_copy_(1, slots, torch.stack((k, v)))

    def read(self, layer: int, pages: slice | Tensor, tokens: int) -> tuple[Tensor, Tensor]:
        """The first `tokens` keys and values of `pages`, (S, D) each; copied unless they lie
        together, a slice."""
        kept = self.store[layer]  # (2, pages, page_tokens, D)
        kept = kept[:, pages] if isinstance(pages, slice) else kept.index_select(1, pages)
        k, v = kept.flatten(1, 2)[:, :tokens]
        return k, v


class Step:
    """One pass of the model over some tokens of several sequences, one sequence behind the other in
    one row: (1, N) tokens in all. Each chunk is a table, which has pages for it, and how many
    tokens follow those that it keeps."""

    def __init__(self, cache: PagedCache, chunks: Sequence[tuple[Table, int]]) -> None:
        self.cache, self.chunks = cache, chunks
        positions: list[int] = []
        slots: list[int] = []
        size = cache.page_tokens
        for table, count in chunks:
            places = range(table.tokens, table.tokens + count)
            positions += places
            slots += [table.pages[place // size] * size + place % size for place in places]
        device = cache.store.device
        self.longest = max(positions) + 1
        self.positions = torch.tensor([positions], device=device)  # (1, N)
        self._slots = torch.tensor(slots, device=device)  # (N,)
        self._pages = [self._index(table, table.tokens + count) for table, count in chunks]

    def look(self, layer: int) -> Look:
        """How the tokens look at those before, which are in the cache, and at one another."""
        return partial(self._look, layer)

    def finish(self) -> None:
        """The tokens are kept in every layer: the tables count them."""
        for table, count in self.chunks:
            table.tokens += count

    def _look(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        self.cache.write(layer, self._slots, k[0, :, 0], v[0, :, 0])
        seen: list[Tensor] = []
        for (table, count), pages, mine in zip(
            self.chunks,
            self._pages,
            q.split([count for _, count in self.chunks], dim=1),
            strict=True,
        ):
            k, v = self.cache.read(layer, pages, table.tokens + count)  # (S, D)
            seen.append(attend_fused(mine, k[None, :, None], v[None, :, None]))
        return torch.cat(seen, dim=1)  # (1, N, H, D)

    def _index(self, table: Table, tokens: int) -> slice | Tensor:
        pages = table.pages[: self.cache.pages_for(tokens)]
        first, last = pages[0], pages[-1]
        if pages == list(range(first, last + 1)):
            return slice(first, last + 1)
        return torch.tensor(pages, device=self.cache.store.device)
