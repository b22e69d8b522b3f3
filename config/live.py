"""ASGI entry of a cluster's live processes: WebSockets, and nothing else.

python -m config.server --application config.live.application --port 8001
"""

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from channels.routing import ProtocolTypeRouter
from redis.exceptions import RedisError

from config import cluster
from config.asgi import websocket

log = logging.getLogger("respite.server")

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

TRY_AGAIN_LATER = 1013
PROBLEM = {
    "type": "/api/v1/docs#upgrade_required",
    "title": "Only WebSockets are answered here",
    "status": 426,
    "detail": "Pages and the API are served by another process, behind the same address.",
    "instance": "",
    "code": "upgrade_required",
    "errors": [],
}


async def refuse_http(scope: dict[str, Any], receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI's signature
    """Answer any HTTP request with 426."""
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"upgrade", b"websocket"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 426, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(PROBLEM).encode()})


async def patient(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Close a socket that needs Redis while Redis is gone; its page asks by beats, and connects again later."""
    try:
        await websocket(scope, receive, send)
    except (RedisError, OSError) as error:
        log.warning("a socket was closed, because Redis does not answer (%s)", type(error).__name__)
        await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})


cluster.insist_beside()
application = ProtocolTypeRouter({"http": refuse_http, "websocket": patient})
