"""What `manage.py serve` becomes once everything is prepared: the supervisor, in a Python that never loads Django.

It only starts, waits and stops; with Django it took 110 MB for that. The plan comes through a pipe, whose number is the
one argument. It is the same process as before: its id, its terminal, its lock and its socket stay.

    python -m config.serving 5
"""

import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import NoReturn

from config.supervisor import Program, Supervisor

ANSWER_SECONDS = 2.0
MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class Plan:
    """What is to be kept running, what is said once it answers at `port`, and what runs once then. `lock` is held."""

    programs: Sequence[Program]
    port: int
    lines: Sequence[str]
    afterwards: Program | None
    lock: int


def become(plan: Plan, environment: Mapping[str, str]) -> NoReturn:
    """Be the supervisor from here on; nothing of this Python is left."""
    reader, writer = os.pipe()
    os.write(writer, json.dumps(asdict(plan)).encode())
    os.close(writer)
    for handle in (reader, plan.lock, *(handle for program in plan.programs for handle in program.handles)):
        os.set_inheritable(handle, True)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, [sys.executable, "-m", "config.serving", str(reader)], dict(environment))  # noqa: S606 - this very program, in another part of it


def read(handle: int) -> Plan:
    """Return the plan that a pipe holds."""
    with os.fdopen(handle, "rb") as pipe:
        given = json.loads(pipe.read(MOST_BYTES))
    programs = [program_from(program) for program in given["programs"]]
    afterwards = program_from(given["afterwards"]) if given["afterwards"] else None
    return Plan(programs, given["port"], given["lines"], afterwards, given["lock"])


def program_from(given: Mapping[str, object]) -> Program:
    """Return a program as `read` finds it: tuples have become lists on the way."""
    parts = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return Program(**parts)  # type: ignore[arg-type]


def say(line: str) -> None:
    """Tell the person at the terminal one line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def answers(port: int) -> bool:
    """Return whether a server of ours answers there, whatever it says. By hand: urllib would be half of this process."""
    try:
        with socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS) as line:
            line.sendall(f"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            words = line.recv(64).split()
    except OSError:
        return False
    return len(words) > 1 and words[0].startswith(b"HTTP/") and words[1] < b"500"


def tell(plan: Plan) -> Program | None:
    """Say what is to be said now that it answers, and return what is to run once."""
    for line in plan.lines:
        say(line)
    return plan.afterwards


def main() -> int:
    """Keep running what the plan says."""
    plan = read(int(sys.argv[1]))
    supervisor = Supervisor(
        programs=list(plan.programs),
        environment=os.environ,
        is_ready=partial(answers, plan.port),
        afterwards=partial(tell, plan),
        say=say,
    )
    code = supervisor.run()
    os.close(plan.lock)
    say("Respite has stopped.")
    return code


if __name__ == "__main__":
    sys.exit(main())
