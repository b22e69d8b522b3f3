"""Submit the demo's items as any platform would: by the public API, over HTTP."""

import json
from collections.abc import Iterable

import httpx

from config.demo.items import PICTURES, DemoItem


class DemoNotSubmitted(Exception):
    """The API refused an item, or nobody answered; the message says which and why."""


def submit(*, base_url: str, api_key: str, items: Iterable[DemoItem]) -> int:
    """Post every item; what is there already is answered again. Return how many are new.

    Raises:
        DemoNotSubmitted: no server at *base_url*, or an item was refused.
    """
    headers = {"Authorization": f"Bearer {api_key}"}
    with httpx.Client(base_url=base_url, headers=headers, timeout=30, trust_env=False) as client:
        return sum(submit_one(client, item) for item in items)


def submit_one(client: httpx.Client, item: DemoItem) -> bool:
    """Post one item and return whether it is new."""
    files = [("item", (None, json.dumps(item.fields()), "application/json"))]
    if item.picture:
        files.append(("media", (item.picture, (PICTURES / item.picture).read_bytes(), "image/*")))  # type: ignore[arg-type]
    try:
        answer = client.post(
            "/api/v1/items", files=files, headers={"Idempotency-Key": f"demo {item.external_id}"}
        )
    except httpx.TransportError:
        raise DemoNotSubmitted(f"No Respite answers at {client.base_url}. Start it first: make run") from None
    if answer.status_code not in {200, 201}:
        raise DemoNotSubmitted(
            f"{item.external_id} was refused with {answer.status_code}: {answer.text[:300]}"
        )
    return answer.status_code == 201 and "Idempotent-Replayed" not in answer.headers
