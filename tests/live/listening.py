"""Pages without a socket."""

import asyncio


class Listener:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[int] = asyncio.Queue()

    async def hear(self, number: int) -> None:
        self._heard.put_nowait(number)

    async def heard(self) -> int:
        """Wait for the next number."""
        async with asyncio.timeout(5):
            return await self._heard.get()

    async def hears_nothing(self, seconds: float = 0.5) -> bool:
        """Say whether nothing comes for a while, two looks of the watcher and more."""
        await asyncio.sleep(seconds)
        return self._heard.empty()


class Waiting:
    """Has heard only when it is told to go on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    async def hear(self, _number: int) -> None:
        await self.go_on.wait()
