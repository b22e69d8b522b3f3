"""A child process for test_server: the bounded server before an application that counts what it is given.

python -m tests.config.tiny_site PORT_FILE MAX_BODY_BYTES HEADER_SECONDS [EACH FILES PACE_SECONDS]
"""

import resource
import sys
from pathlib import Path
from typing import Any

from config.preflight import listen
from config.server import BoundedServer


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer with the number of body bytes received; a WebSocket echoes."""
    if scope["type"] == "websocket":
        await echo(receive, send)
        return
    size = 0
    more = True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    answer = str(size).encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(answer))]}
    )
    await send({"type": "http.response.body", "body": answer})


async def echo(receive: Any, send: Any) -> None:
    while (message := await receive())["type"] != "websocket.disconnect":
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        else:
            await send({"type": "websocket.send", "text": message["text"]})


def main() -> None:
    listener = listen("127.0.0.1", 0)
    Path(sys.argv[1]).write_text(str(listener.getsockname()[1]))
    max_body_bytes, header_seconds = int(sys.argv[2]), float(sys.argv[3])
    each, files, pace_seconds = (*sys.argv[4:], "256", "1024", "10")[:3]
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(files), int(files)))
    server = BoundedServer(
        application,
        listener=listener,
        max_body_bytes=max_body_bytes,
        header_seconds=header_seconds,
        each=int(each),
        files=int(files),
        pace_seconds=float(pace_seconds),
    )
    server.run()


if __name__ == "__main__":
    main()
