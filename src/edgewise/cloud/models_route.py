"""`/v1/models`: the names that a key may use.

A device is told those alone that its scope lets it call: unless that names more, the model that
thinks in its agent sessions.
"""

from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from edgewise.cloud.answers import answer
from edgewise.cloud.caller import Caller, Endpoint, KeyKind
from edgewise.cloud.config import Config, ModelConfig, ModelKind
from edgewise.cloud.doors import caller_of
from edgewise.cloud.refusal import unknown_model

CALLED_BY = {
    ModelKind.CHAT: (Endpoint.CHAT, Endpoint.RESPONSES, Endpoint.MESSAGES, Endpoint.REALTIME),
    ModelKind.EMBEDDING: (Endpoint.EMBEDDINGS,),
    ModelKind.SPEECH: (Endpoint.SPEECH,),
    ModelKind.TRANSCRIPTION: (Endpoint.TRANSCRIPTIONS,),
}


class Model(Struct, frozen=True):
    """A model as the API lists it."""

    id: str
    created: int
    owned_by: str
    context_window: int
    max_output_tokens: int
    object: str = "model"


class ModelList(Struct, frozen=True):
    data: list[Model]
    object: str = "list"


def model_routes() -> list[BaseRoute]:
    """The routes; the gateway is the application's."""
    return [
        Route("/v1/models", list_models, methods=["GET"]),
        Route("/v1/models/{model:path}", get_model, methods=["GET"]),
    ]


async def list_models(request: Request) -> Response:
    caller = caller_of(request)
    caller.check_endpoint(Endpoint.MODELS)
    return answer(request, ModelList([_shown(model) for model in _usable(request, caller)]))


async def get_model(request: Request) -> Response:
    caller = caller_of(request)
    caller.check_endpoint(Endpoint.MODELS)
    name = request.path_params["model"]
    for model in _usable(request, caller):
        if model.name == name:
            return answer(request, _shown(model))
    raise unknown_model(name)


def _usable(request: Request, caller: Caller) -> list[ModelConfig]:
    gateway: Any = request.app.state.cloud.gateway
    found: list[ModelConfig] = gateway.models(caller)
    if caller.kind is not KeyKind.DEVICE:
        return found
    config: Config = gateway.config
    thinks = config.agent_model if caller.may(Endpoint.AGENT) else ""
    return [m for m in found if m.name == thinks or any(map(caller.may, CALLED_BY[m.kind]))]


def _shown(model: ModelConfig) -> Model:
    return Model(
        model.name, model.created, model.owned_by, model.context_tokens, model.output_tokens
    )
