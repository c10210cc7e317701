"""Set Nomina up on a fresh machine and open it, or run every check.

    python3 bootstrap.py          set up, then open the demonstration laboratory
    python3 bootstrap.py test     set up, then run the linters, the type checker and the tests

Only the standard library is used, since this runs before anything is installed. Everything goes into `.venv`
beside this file, in the versions and with the digests written in `.lock`. Pip's configuration is respected.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python may be asked to read
    sys.exit(
        "Nomina needs Python 3.11 or newer, and this is Python {}.{}: install a newer Python and start "
        "again with it, for example 'python3.11 bootstrap.py'.".format(*sys.version_info[:2])
    )

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "nomina.stamp"

#: What Qt loads at run time, and the Debian package that brings it; Qt's wheels do not carry these.
WINDOW_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libbrotlidec.so.1": "libbrotli1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
}

#: Programs that some tests run for real, as a path pattern below the root, and the Debian package of each.
TEST_PROGRAMS = {
    "usr/bin/Xvfb": "xvfb",
    "usr/bin/xauth": "xauth",
    "usr/bin/pdfsig": "poppler-utils",
    "usr/bin/certutil": "libnss3-tools",
    "usr/lib/postgresql/*/bin/initdb": "postgresql",
}

CHECKS = {
    "ruff (habits)": ["ruff", "check", "."],
    "ruff (layout)": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports"],
}

#: Two processes that take each other's work at the end, and the slowest tests named.
TWO_PROCESSES = ["-n", "2", "--dist", "worksteal", "--durations", "6", "--durations-min", "5"]


class SetupError(Exception):
    """Set-up cannot go on; the message is one sentence that says how to mend it."""


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this is a program for a terminal


# --- what the system must bring -----------------------------------------------------------------------------


def is_administrator() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def known_libraries() -> str | None:
    """The loader's list of shared libraries, or None where there is no such list."""
    ldconfig = shutil.which("ldconfig") or shutil.which("ldconfig", path="/usr/sbin:/sbin")
    if sys.platform != "linux" or ldconfig is None:
        return None
    return subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout


def missing_libraries() -> list[str]:
    """Debian packages of the libraries that the window needs and the system lacks."""
    known = known_libraries()
    if not known:
        return []
    names = {line.split()[0] for line in known.splitlines()[1:] if line.split()}
    return [package for library, package in WINDOW_LIBRARIES.items() if library not in names]


def missing_programs() -> list[str]:
    """Debian packages of the programs that tests run and the system lacks."""
    if sys.platform != "linux":
        return []
    absent = (
        package
        for pattern, package in TEST_PROGRAMS.items()
        if not any(Path("/").glob(pattern)) and shutil.which(Path(pattern).name) is None
    )
    return list(dict.fromkeys(absent))


def apt(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *arguments]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def can_install() -> bool:
    return is_administrator() and shutil.which("apt-get") is not None


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages; raises `SetupError` with the command to run by hand when that fails."""
    say(f"  installing system packages: {' '.join(packages)}")
    apt("update")
    done = apt("install", "-y", "--no-install-recommends", *packages)
    if done.returncode:
        say(done.stdout[-2000:])
        raise SetupError(f"The system packages could not be installed; try: {by_hand(packages)}")


def by_hand(packages: Sequence[str]) -> str:
    return f"sudo apt-get install {' '.join(packages)}"


def bring_system_parts(for_tests: bool) -> None:
    """Install what is really missing, or say exactly which packages are."""
    libraries = missing_libraries()
    programs = missing_programs() if for_tests else []
    if (libraries or programs) and can_install():
        install_packages([*libraries, *programs])
        return
    if libraries:
        raise SetupError(
            f"The window needs libraries that are not here; install them with: {by_hand(libraries)}"
        )
    if programs:
        say(f"  tests that need {', '.join(programs)} will be skipped; to run them: {by_hand(programs)}")


# --- the environment ----------------------------------------------------------------------------------------


def clean_environment() -> dict[str, str]:
    """The caller's environment without what would leak another Python into ours."""
    leaks = {"PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
    kept = {name: value for name, value in os.environ.items() if name not in leaks}
    path = os.pathsep.join([str(BIN), kept.get("PATH", os.defpath)])
    return kept | {"PATH": path, "VIRTUAL_ENV": str(VENV), "PIP_USER": "0", "PIP_NO_INPUT": "1"}


def quietly(command: Sequence[str | Path], failure: str) -> None:
    """Run a command without its chatter; show the end of it, and stop, only when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=HERE,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        say(done.stdout[-3000:])
        raise SetupError(failure)


def has_working_environment() -> bool:
    """Whether `.venv` starts, holds pip and is of this Python's version."""
    probe = "import pip, sys; print(*sys.version_info[:2])"
    if not PYTHON.exists():
        return False
    done = subprocess.run([str(PYTHON), "-c", probe], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.split() == [str(part) for part in sys.version_info[:2]]


def make_environment() -> None:
    if has_working_environment():
        return
    say(f"  making .venv with Python {sys.version.split()[0]}")
    bring_venv_module()
    quietly([sys.executable, "-m", "venv", "--clear", VENV], "The environment .venv could not be made.")


def bring_venv_module() -> None:
    """Debian splits off the part of Python that makes environments: install it or name its package."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not can_install():
        raise SetupError(
            f"This Python cannot make environments; install the missing part: {by_hand([package])}"
        )
    install_packages([package])


def digest(lock: Path) -> str:
    """What an installation depends on: the locked versions, the declared package, this Python, this place."""
    parts = [lock.read_bytes(), (HERE / "pyproject.toml").read_bytes(), sys.version.encode(), bytes(HERE)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_installed(locks: Sequence[Path]) -> bool:
    return STAMP.exists() and STAMP.read_text().strip() in {digest(lock) for lock in locks}


def install(for_tests: bool) -> None:
    """Install the locked versions and this project; nothing is done when the stamp says they are there."""
    application, test = HERE / ".lock/application.txt", HERE / ".lock/test.txt"
    if is_installed([test] if for_tests else [application, test]):
        say("  everything is installed")
        return
    say("  installing the locked packages (a few minutes the first time)")
    lock = test if for_tests else application
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
    ]
    STAMP.unlink(missing_ok=True)
    quietly(
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", lock],
        "The locked packages could not be installed; check the network and pip's settings, then try again.",
    )
    quietly([*pip, "--no-build-isolation", "--no-index", "-e", HERE], "Nomina itself could not be installed.")
    STAMP.write_text(digest(lock) + "\n")


# --- what comes after set-up --------------------------------------------------------------------------------


def has_display(environment: Mapping[str, str]) -> bool:
    wanted = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(environment.get(name) for name in wanted)


def open_demonstration(arguments: Sequence[str]) -> int:
    """Become the running application; where there is no display, its whole flow runs without a window."""
    command = [str(BIN / "nomina"), "demo", *arguments]
    environment = clean_environment()
    if not has_display(environment) and "--headless" not in arguments:
        say("There is no display here, so the demonstration runs without its window.")
        command.append("--headless")
    else:
        say("Opening the demonstration laboratory.")
    if os.name == "posix":
        os.execve(command[0], command, environment)
    return subprocess.call(command, env=environment)


def passes(name: str, command: Sequence[str]) -> bool:
    """Run one check; its output is shown only when it refuses."""
    start = time.monotonic()
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=HERE,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "refuses:" if done.returncode else "in order"
    say(f"  {name}: {verdict} ({time.monotonic() - start:.0f} s)")
    if done.returncode:
        say(done.stdout)
    return done.returncode == 0


def run_checks(arguments: Sequence[str]) -> int:
    """Every check, the tests last, so that pytest's closing line ends the output; 0 only if all hold."""
    say("Checks")
    in_order = [passes(name, command) for name, command in CHECKS.items()]
    if not all(in_order):
        say("  the tests follow, but a check above refuses, so this run fails whatever they say")
    say("Tests")
    command = [str(PYTHON), "-m", "pytest", *TWO_PROCESSES, *arguments]
    tests = subprocess.call(command, cwd=HERE, env=clean_environment(), stdin=subprocess.DEVNULL)
    return tests or int(not all(in_order))


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bootstrap.py",
        description="Set Nomina up in .venv, then open its demonstration laboratory or run every check.",
        epilog="Whatever follows -- is handed on: to 'nomina demo', or to pytest.",
    )
    parser.add_argument(
        "what", nargs="?", choices=["open", "test"], default="open", help="what to do when set up"
    )
    parser.add_argument("--no-window", action="store_true", help="set up only; open nothing")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    cut = list(arguments).index("--") if "--" in arguments else len(arguments)
    options, handed_on = read_arguments(arguments[:cut]), arguments[cut + 1 :]
    for_tests = options.what == "test"
    say("Setting Nomina up")
    bring_system_parts(for_tests)
    make_environment()
    install(for_tests)
    if for_tests:
        return run_checks(handed_on)
    if options.no_window:
        say("Ready: .venv/bin/nomina opens the window, .venv/bin/nomina --help lists the commands.")
        return 0
    return open_demonstration(handed_on)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as reason:
        sys.exit(f"\n{reason}")
    except KeyboardInterrupt:
        sys.exit(130)
