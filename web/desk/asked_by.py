"""What a request says of itself: whether the stage of a desk asks, or an address that was opened by itself (P3).

Pages that run a script set ``X-Respite-Stage`` on all that they ask for. No navigation, ``<img>``, prefetch or form of any
page can set a header, and no foreign page may: its browser would ask here first, and nothing here says yes.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

HEADER: Final = "X-Respite-Stage"
DESK: Final = "desk"
"""What the header says where a page is asked for; where a rendition is, it names the exposure."""
VARY: Final = f"Cookie, Sec-Fetch-Dest, Sec-Fetch-Site, {HEADER}"


def is_script(headers: Mapping[str, str]) -> bool:
    """Say whether a script of the desk asks for a page."""
    return headers.get(HEADER) == DESK and _says(headers, dest="empty")


def is_stage(headers: Mapping[str, str], *, exposure_id: UUID, beating: bool) -> bool:
    """Say whether the stage asks for a rendition of this exposure.

    ``beating``: the exposure is on a page with a script. Where it is not, only what the browser says of itself tells an
    ``<img>`` of ours from an opened address; browsers say nothing over plain HTTP beyond their own machine
    (``web.shared.plain_line``).
    """
    if beating:
        return headers.get(HEADER) == str(exposure_id) and _says(headers, dest="empty")
    return _says(headers, dest="image")


def _says(headers: Mapping[str, str], *, dest: str) -> bool:
    said = {"Sec-Fetch-Dest": dest, "Sec-Fetch-Site": "same-origin"}
    return all(headers.get(name, wanted) == wanted for name, wanted in said.items())
