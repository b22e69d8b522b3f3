"""What the demo's platform submits. Harmless pictures, labelled as if they were not."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PICTURES = Path(__file__).parent / "pictures"
ADVERTS = "Advertisements"
"""The demo's second queue; the first is the platform's default."""


@dataclass(frozen=True)
class DemoItem:
    """One ``POST /items``: ``picture`` is a file of ``PICTURES``, or empty for text alone; ``queue`` empty: the default."""

    external_id: str
    category: str
    text: str = ""
    picture: str = ""
    priority: int = 0
    reports: tuple[str, ...] = ()
    hints: dict[str, bool] = field(default_factory=dict)
    queue: str = ""

    def fields(self) -> dict[str, Any]:
        """Return the JSON of the item, without its media."""
        body: dict[str, Any] = {
            "external_id": self.external_id,
            "category": self.category,
            "language": "en",
            "priority": self.priority,
            "reports": [{"source": "user", "reason": reason} for reason in self.reports],
            "author": {"id": "u-2210", "name": "sam"},
            "metadata": {"demo": True},
        }
        if self.text:
            body["text"] = self.text
        if self.queue:
            body["queue"] = self.queue
        if self.hints:
            body["hints"] = self.hints
        return body


ITEMS: tuple[DemoItem, ...] = (
    DemoItem(
        "demo-launch",
        "ACCIDENT",
        "They said it was safe to stand there. It was not.",
        "rocket.jpg",
        priority=60,
        reports=("accident, somebody was hurt", "my kid saw this"),
    ),
    DemoItem("demo-cat", "ANIMAL", "", "chelsea.png", priority=55, reports=("animal cruelty",)),
    DemoItem("demo-square", "VIO_ASSAULT", "Fight on the square last night", "china.jpg", priority=50),
    DemoItem("demo-cup", "DISGUST", "Found this in my cup", "coffee.png", priority=45, reports=("gross",)),
    DemoItem(
        "demo-live",
        "VIO_ATTACK",
        "Live from the launch site",
        "rocket.jpg",
        hints={"live": True},
        priority=40,
    ),
    DemoItem("demo-unlabelled", "unknown", "No idea what this is, please look", "china.jpg", priority=35),
    DemoItem(
        "demo-threat", "THREAT", "You will be sorry that you ever wrote to me. I know where you eat lunch."
    ),
    DemoItem("demo-hate", "HATE", "People like you should not be allowed in this town at all, none of you."),
    DemoItem(
        "demo-pills", "ILLICIT", "Pills for sale, no questions asked, write to me in private.", "coffee.png"
    ),
    DemoItem(
        "demo-rumour",
        "DISINFO",
        "Drinking cold tea turns your eyes green. Doctors hide it from us.",
        priority=5,
    ),
    DemoItem("demo-bargain", "SPAM_FRAUD", "Buy ten followers, get ninety free. Only today."),
    DemoItem("demo-lottery", "SPAM_FRAUD", "You have won a lottery you never entered. Send your address."),
    DemoItem("demo-watches", "SPAM_FRAUD", "Luxury watches at the price of a sandwich.", queue=ADVERTS),
    DemoItem(
        "demo-investor",
        "SPAM_FRAUD",
        "I made a fortune from my sofa and so can you. Ask me how.",
        queue=ADVERTS,
    ),
    DemoItem(
        "demo-parcel",
        "SPAM_FRAUD",
        "Your parcel waits. Pay one coin at this totally real address.",
        queue=ADVERTS,
    ),
    DemoItem("demo-recipe", "SPAM_FRAUD", "A recipe that dentists hate.", queue=ADVERTS),
)
