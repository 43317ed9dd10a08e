"""Answers from a Step-3 model: many requests at once, each given its tokens as they come.

    generator = Generator(model, pages=256)
    for done in generator.run([Request(prompt), Request(other)]): ...

One step is one pass of the model. It takes the next token of every request that is being answered,
and of prompts as many tokens as the step has room for. Between steps requests join, leave or are
cancelled. The longest waiting joins first, once the cache has pages for it. Where pages run out in
the middle, the request that came last gives back its own and waits again; what it has said stays,
and is read anew. `generate_plain` is the same without any of this, and gives the same tokens; in
bf16 sums in another order round otherwise, and tokens that score almost alike may change places.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, count

import torch
from torch import Tensor

from edgewise.errors import UserError
from edgewise.step3.answer import Answer, Completion, Piece, Request, check, completion, see, take
from edgewise.step3.cache import PAGE_TOKENS, PagedCache, Step
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.stopping import Decode


@torch.inference_mode()
def generate_plain(
    model: Step3ForCausalLM, request: Request, *, decode: Decode | None = None
) -> Completion:
    """One answer without a cache: every token is computed from all before it."""
    check(model, request)
    answer = Answer(0, request, decode)
    device = model.lm_head.weight.device
    prompt = see(model, request)  # (T, h)
    pieces: list[Piece] = []
    while not answer.finished:
        said = torch.tensor(answer.ids[len(prompt) :], dtype=torch.long, device=device)
        x = torch.cat((prompt, model.model.embed_tokens(said)))[None]
        pieces += take([answer], model.lm_head(model.model(x)[:, -1]))
    return completion(pieces)


class Generator:
    """Answers requests with a cache of `pages` pages of `page_tokens` tokens.

    A step reads at most `step_tokens` tokens, and answers at most `most_at_once` requests. One
    thread calls its methods. `preempted` counts how often a request had to wait again. Raises
    UserError where the cache does not fit into memory."""

    def __init__(
        self,
        model: Step3ForCausalLM,
        *,
        pages: int,
        page_tokens: int = PAGE_TOKENS,
        step_tokens: int = 512,
        most_at_once: int = 64,
        decode: Decode | None = None,
    ) -> None:
        if not 1 <= most_at_once < step_tokens:
            raise UserError(
                f"most_at_once is {most_at_once}; give 1 or more, and less than step_tokens, which"
                f" is {step_tokens}",
                code="bad_cache",
            )
        self.model, self.decode = model, decode
        weight = model.lm_head.weight
        self.cache = PagedCache(
            model.model.config,
            pages,
            page_tokens=page_tokens,
            dtype=weight.dtype,
            device=weight.device,
        )
        self.step_tokens, self.most_at_once = step_tokens, most_at_once
        self.preempted = 0
        self._waiting: deque[Answer] = deque()  # in the order they came, as are the running,
        self._running: list[Answer] = []  # who all came before the waiting
        self._numbers = count()

    @property
    def busy(self) -> bool:
        return bool(self._waiting or self._running)

    def add(self, request: Request) -> int:
        """Lets a request wait for its turn; its number. Raises UserError for what can never be
        answered: a prompt that is empty, too long for the model or the cache, or not its own."""
        check(self.model, request)
        most = len(request.prompt) + request.sampling.max_tokens - 1  # the last is not read
        if (needed := self.cache.pages_for(most)) > self.cache.pages:
            raise UserError(
                f"{most} tokens need {needed} pages and the cache has {self.cache.pages}; shorten"
                " the prompt, ask for fewer tokens, or give the cache more pages",
                code="too_long",
            )
        answer = Answer(next(self._numbers), request, self.decode)
        self._waiting.append(answer)
        return answer.number

    def cancel(self, number: int) -> bool:
        """Forgets a request and frees its pages at once; false where it has ended already."""
        for answer in (*self._running, *self._waiting):
            if answer.number == number:
                (self._running if answer in self._running else self._waiting).remove(answer)
                self.cache.release(answer.table)
                return True
        return False

    @torch.inference_mode()
    def step(self) -> list[Piece]:
        """One pass of the model, and what it gave: no piece for a prompt that is not read to its
        end, one for every other request in work."""
        self._make_room()
        self._admit()
        work = self._work()
        if not work:
            return []
        step = Step(self.cache, [(answer.table, tokens) for answer, tokens in work])
        x = self.model.model(self._vectors(work), step)[0]  # (N, h)
        ends = list(accumulate(tokens for _, tokens in work))
        speaking = [row for row, (answer, tokens) in enumerate(work) if tokens == answer.unread]
        logits = self.model.lm_head(x[[ends[row] - 1 for row in speaking]])  # (B, V)
        step.finish()  # only now: a step that fails can be done again
        pieces = take([work[row][0] for row in speaking], logits)
        for answer in [answer for answer in self._running if answer.finished]:
            self._running.remove(answer)
            self.cache.release(answer.table)
        return pieces

    def stream(self, requests: Iterable[Request] = ()) -> Iterator[Piece]:
        """Answers until nothing is left to do, those included that are added on the way. Who stops
        listening cancels the `requests`."""
        numbers: list[int] = []
        try:
            for request in requests:
                numbers.append(self.add(request))
            while self.busy:
                yield from self.step()
        finally:
            for number in numbers:
                self.cancel(number)

    def run(self, requests: Sequence[Request]) -> list[Completion]:
        """The whole answers, in the order of the requests. Nothing else may be in work."""
        if self.busy:
            raise RuntimeError("run() answers alone; use add() and step() while others are in work")
        pieces: defaultdict[int, list[Piece]] = defaultdict(list)
        for piece in self.stream(requests):
            pieces[piece.request].append(piece)
        return [completion(pieces[number]) for number in sorted(pieces)]

    def _make_room(self) -> None:
        """Pages for the next token of all that are running; for want of them the last to come goes
        back to wait. The first fits alone, as `add` saw to."""
        for answer in list(self._running):
            while answer in self._running and not self.cache.fits(answer.table, len(answer.ids)):
                last = self._running.pop()
                self.cache.release(last.table)
                self._waiting.appendleft(last)
                self.preempted += 1
            if answer in self._running:
                self.cache.grow(answer.table, len(answer.ids))

    def _admit(self) -> None:
        """The longest waiting join, while there is a page left for each that is running."""
        while self._waiting and len(self._running) < self.most_at_once:
            answer = self._waiting[0]
            needed = self.cache.pages_for(len(answer.ids))
            if needed + len(self._running) > self.cache.free:
                return
            if answer.request.pictures and answer.vectors is None:
                answer.vectors = see(self.model, answer.request)
            self.cache.grow(answer.table, len(answer.ids))
            self._running.append(self._waiting.popleft())

    def _work(self) -> list[tuple[Answer, int]]:
        """How many tokens each reads in the next step. Those who speak read one; what the step has
        left goes to prompts, in the order they came."""
        work = [(answer, 1) for answer in self._running if answer.unread == 1]
        left = self.step_tokens - len(work)
        for answer in self._running:
            tokens = min(answer.unread, left)
            if answer.unread > 1 and tokens:
                work.append((answer, tokens))
                left -= tokens
        return work

    def _vectors(self, work: Sequence[tuple[Answer, int]]) -> Tensor:
        """(1, N, h): the vectors of the tokens of a step, those of pictures among them."""
        parts = [(one, slice(one.table.tokens, one.table.tokens + n)) for one, n in work]
        ids = [token for answer, part in parts for token in answer.ids[part]]
        x = self.model.model.embed_tokens(torch.tensor([ids], device=self.cache.store.device))
        row = 0
        for answer, part in parts:
            if answer.vectors is not None:
                seen = answer.vectors[part]  # none behind the prompt
                x[0, row : row + len(seen)] = seen
            row += part.stop - part.start
        return x
