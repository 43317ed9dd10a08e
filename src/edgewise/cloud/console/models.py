"""Models with their prices, and the backends behind them with their health, for a console page.

Of a backend everybody sees whether it answers; how much it is used is told of the organisation's
own requests alone, since the sums of all would tell of the others.
"""

from collections import Counter

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer
from edgewise.cloud.config import BackendConfig, Config, ModelKind
from edgewise.cloud.console.doors import read
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.prices import Price, PriceList
from edgewise.cloud.service import Cloud


class ShownModel(Struct, frozen=True):
    """A model, where it goes (`fallbacks`: only when no other answers), and what it costs now and
    later."""

    name: str
    kind: ModelKind
    context_tokens: int
    output_tokens: int
    backends: list[str]
    fallbacks: list[str]
    price: Price | None
    prices: list[Price]


class ShownBackend(Struct, frozen=True):
    """A backend: `ready`, or `resting` for so many seconds after it failed. Counts are of the
    organisation's own newest requests."""

    name: str
    embedded: bool
    residency: str
    state: str
    rests_for_s: float
    running: int
    done: int
    failed: int


class Offer(Struct, frozen=True):
    """All of it."""

    currency: str
    models: list[ShownModel]
    backends: list[ShownBackend]


def routes() -> list[BaseRoute]:
    """Their places below /console/api."""
    return [Route("/organisations/{organisation}/models", models, methods=["GET"])]


async def models(request: Request) -> Response:
    """Models, prices and backends."""
    cloud: Cloud = request.app.state.cloud
    member = await read(request, lambda _, member: member)
    shown = Offer(
        cloud.config.currency,
        _models(cloud.config, cloud.clock.now()),
        _backends(cloud, member.organisation),
    )
    return answer(request, shown)


def _models(config: Config, now_s: float) -> list[ShownModel]:
    listed = PriceList(config.price)
    return [
        ShownModel(
            model.name,
            model.kind,
            model.context_tokens,
            model.output_tokens,
            [route.backend for route in model.routes if route.weight],
            [route.backend for route in model.routes if not route.weight],
            listed.at(model.name, now_s),
            [price for price in config.price if price.model == model.name],
        )
        for model in config.model
    ]


def _backends(cloud: Cloud, organisation: str) -> list[ShownBackend]:
    ours = [entry for entry in cloud.ledger.recent if entry.facts.organisation == organisation]
    done = Counter(entry.facts.backend for entry in ours if entry.outcome is Outcome.DONE)
    failed = Counter(entry.facts.backend for entry in ours if entry.outcome is Outcome.FAILED)
    flights = cloud.ledger.running.values()
    running = Counter(
        flight.facts.backend for flight in flights if flight.facts.organisation == organisation
    )

    def shown(config: BackendConfig) -> ShownBackend:
        rests_for_s = cloud.pool.health[config.name].rests_until - cloud.clock.monotonic()
        return ShownBackend(
            config.name,
            config.embedded or bool(config.step3),
            config.residency,
            "resting" if rests_for_s > 0 else "ready",
            round(max(0.0, rests_for_s), 1),
            running[config.name],
            done[config.name],
            failed[config.name],
        )

    return [shown(config) for config in cloud.config.backend]
