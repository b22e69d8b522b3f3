"""Brings change numbers that other processes committed to the pages connected to this one."""


async def watch(group: str) -> None:
    """Begin to watch a group for a connected page; the first one in a process starts the watcher."""
    raise NotImplementedError


async def unwatch(group: str) -> None:
    """Stop for one page; the watcher ends with the last."""
    raise NotImplementedError
