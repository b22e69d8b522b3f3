"""Health checks of containers, which have no curl: exit code 0 or 1.

python -m config.probe answers http://127.0.0.1:8000/readyz 200
python -m config.probe fresh /tmp/sweeper 60
"""

import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ANSWER_SECONDS = 5


def answers(address: str, status: str) -> bool:
    """Say whether this address answers with this status."""
    try:
        with urllib.request.urlopen(address, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - of this very container
            return str(answer.status) == status
    except urllib.error.HTTPError as refusal:
        return str(refusal.code) == status
    except OSError:
        return False


def fresh(path: str, seconds: str) -> bool:
    """Say whether this file was touched within the last so many seconds."""
    try:
        return time.time() - Path(path).stat().st_mtime <= float(seconds)
    except FileNotFoundError:
        return False


QUESTIONS = {"answers": answers, "fresh": fresh}

if __name__ == "__main__":
    sys.exit(0 if QUESTIONS[sys.argv[1]](*sys.argv[2:]) else 1)
