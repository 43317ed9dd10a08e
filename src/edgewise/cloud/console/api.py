"""The console's routes: the management API under /console/api, the page at /console/.

An API key opens none of this, and a session nothing under /v1: they are looked up in different
places. The contract of each route stands at it; refusals are as everywhere on the platform.
"""

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from edgewise.cloud.console import (
    budgets,
    founding,
    keys,
    models,
    people,
    platform,
    projects,
    usage,
)
from edgewise.cloud.console.doors import Guard
from edgewise.cloud.console.linking import Linking
from edgewise.cloud.console.live import Live
from edgewise.cloud.console.sign_in import SignIn
from edgewise.cloud.console.site import first_address, page_files
from edgewise.cloud.console.voice_devices import VoiceRoutes
from edgewise.cloud.service import Cloud


def console_routes(cloud: Cloud) -> list[BaseRoute]:
    """The console of a platform, for its application. Raises UserError for settings of [oidc]."""
    sign_in = SignIn(cloud)
    api = [
        *sign_in.routes(),
        *Linking(cloud, sign_in).routes(),
        *platform.routes(),
        *founding.routes(),
        *people.routes(),
        *projects.routes(),
        *keys.routes(),
        *budgets.routes(),
        *usage.routes(),
        *models.routes(),
        *Live().routes(),
        *VoiceRoutes().routes(),
        Route("/{rest:path}", nowhere),
    ]
    inside = [Mount("/api", routes=api), page_files()]
    return [first_address(), Mount("/console", routes=inside, middleware=[Middleware(Guard)])]


async def nowhere(request: Request) -> Response:
    """No such route."""
    raise HTTPException(404)
