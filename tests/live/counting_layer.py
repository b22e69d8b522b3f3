"""A channel layer that crosses processes, and keeps what is sent on it."""

from channels.layers import BaseChannelLayer


class CountingLayer(BaseChannelLayer):
    def __init__(self, **_config: object) -> None:
        super().__init__()
        self.sent: list[tuple[str, dict[str, object]]] = []

    async def group_send(self, group: str, message: dict[str, object]) -> None:
        self.sent.append((group, message))
