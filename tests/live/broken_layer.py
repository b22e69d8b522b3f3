"""A channel layer whose server is gone."""

from channels.layers import BaseChannelLayer


class BrokenLayer(BaseChannelLayer):
    def __init__(self, **_config: object) -> None:
        super().__init__()

    async def group_send(self, _group: str, _message: dict[str, object]) -> None:
        raise ConnectionError

    async def new_channel(self) -> str:
        raise ConnectionError
