"""Make .venv and fill it with the pinned, hashed requirements; say in one line what is missing if it cannot.

    python3 scripts/bootstrap.py base        what Respite runs on
    python3 scripts/bootstrap.py base dev    ... and what its tests need

Standard library only, and it must parse on any Python 3: a Python that is too old has to be able to say so.
Nothing is installed again until a requirements file, or the Python behind .venv, has changed.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys

NEEDED = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")


def stop(sentence):
    """End with one line that a person can act on."""
    sys.stderr.write(sentence + "\n")
    sys.exit(1)


def refuse_old_python():
    """Respite's code does not parse below NEEDED, so nothing else may run before this."""
    if sys.version_info < NEEDED:
        have = "%d.%d" % sys.version_info[:2]
        stop(
            "Respite needs Python 3.11 or newer; this is %s. Name another with: make PYTHON=python3.12 run"
            % have
        )


def refuse_without_venv():
    """Debian ships Python without venv and pip; say which package brings them."""
    try:
        import ensurepip  # noqa: F401, PLC0415 - whether it is there is the question
        import venv  # noqa: F401, PLC0415
    except ImportError:
        stop("This Python has no venv or pip module; on Debian or Ubuntu: apt install python3-venv")


@contextlib.contextmanager
def one_at_a_time():
    """Let a second make wait for the first instead of installing into the same folder."""
    handle = os.open(os.path.join(ROOT, "requirements"), os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def requirements_file(name):
    return os.path.join(ROOT, "requirements", name + ".txt")


def digest_of(name):
    """Return a digest of the requirements file and of the Python that they are installed for."""
    with open(requirements_file(name), "rb") as file:
        content = file.read()
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def stamp_of(name):
    return os.path.join(VENV, ".installed-" + name)


def is_installed(name):
    """Return whether exactly this requirements file was installed, to its end."""
    try:
        with open(stamp_of(name)) as file:
            return file.read() == digest_of(name)
    except OSError:
        return False


def venv_works():
    """Return whether .venv runs, and on the same Python as this script."""
    try:
        found = subprocess.check_output([VENV_PYTHON, "-c", "import pip, sys; print(sys.version)"])
    except (OSError, subprocess.CalledProcessError):
        return False
    return found.decode().strip() == sys.version.strip()


def make_venv():
    """Create .venv anew."""
    print("Making .venv ...")
    sys.stdout.flush()
    done = subprocess.call([sys.executable, "-m", "venv", "--clear", VENV])
    if done != 0:
        stop("Could not make .venv in %s; is the folder writable, and python3-venv installed?" % ROOT)


def pip(*arguments):
    """Return pip's command with these arguments."""
    return [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input"] + list(arguments)


def pip_was_told_of_a_registry():
    """Return whether pip is to ask a registry of its own, of which uv would not know."""
    done = subprocess.run(pip("config", "list"), check=False, stdout=subprocess.PIPE)
    names = [line.partition("=")[0] for line in done.stdout.decode().splitlines()]
    # Where pip cannot say what it was told, it is also the one to say what is wrong.
    return done.returncode != 0 or any(name.endswith((".index-url", ".no-index")) for name in names)


def get_uv():
    """Return the command of uv, which installs several times as fast as pip; None where pip has to do it."""
    if pip_was_told_of_a_registry():
        return None
    wanted = ["--quiet", "--require-hashes", "-r", requirements_file("installer")]
    if subprocess.call(pip("install") + wanted) != 0:
        return None
    return [os.path.join(VENV, "bin", "uv"), "pip", "install", "--python", VENV_PYTHON]


def install(name, uv):
    """Install one requirements file, by *uv* or else by pip; the stamp is written last: what is interrupted is repeated."""
    print("Installing requirements/%s.txt ..." % name)
    sys.stdout.flush()
    wanted = ["--quiet", "--require-hashes", "-r", requirements_file(name)]
    # Respite may run as somebody who cannot write here. Tests compile what they use, which is less than all.
    compiled = ["--compile-bytecode"] if name == "base" else []
    done = uv is not None and subprocess.call(uv + compiled + wanted) == 0
    if uv is not None and not done:
        print("uv could not do it; what it said is above. Now pip tries ...")
        sys.stdout.flush()
    if not done and subprocess.call(pip("install") + wanted) != 0:
        stop("Could not install requirements/%s.txt; what pip said is above." % name)
    with open(stamp_of(name), "w") as file:
        file.write(digest_of(name))


def main(names):
    """Bring .venv to the state that `names` asks for."""
    refuse_old_python()
    refuse_without_venv()
    if not os.path.isdir(VENV) and not os.access(ROOT, os.W_OK):
        stop("Cannot write to %s, where .venv must be made." % ROOT)
    with one_at_a_time():
        if all(is_installed(name) for name in names) and os.access(VENV_PYTHON, os.X_OK):
            return
        if not venv_works():
            make_venv()
        uv = get_uv()
        for name in names:
            if not is_installed(name):
                install(name, uv)


if __name__ == "__main__":
    try:
        main(sys.argv[1:] or ["base"])
    except KeyboardInterrupt:
        stop("Stopped; what is half installed is installed again next time.")
