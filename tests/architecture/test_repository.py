"""What the repository holds: a tidy top, and no trace of the machine or the service it was written on."""

from __future__ import annotations

import re
import tomllib

from tests.support.source import TOP, files

TOP_LEVEL = {
    "forensics",
    "gui",
    "reports",
    "migrations",
    "tests",
    "docs",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "bootstrap.py",
}

#: Written in two halves, so that this file does not hold what it forbids.
_HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "np" + "mjs.org",
    "deb." + "debian.org",
    "snapshot." + "debian.org",
]
_WORDS = [
    "cla" + "ude",
    "anthro" + "pic",
    "chat" + "gpt",
    "open" + "ai",
    "co-auth" + "ored-by",
    "sub" + "agent",
]

_FORBIDDEN = {
    "a path of one machine": r"(?<![\w./-])/(?:work|root|opt|home|Users)/\w+",
    "a download address": r"https?://[^ \"')]*(?:/simple(?:/|$)|/packages/[0-9a-f]{2}/|\.whl|\.tar\.gz)",
    "the host of a package registry": "|".join(map(re.escape, _HOSTS)),
    "a word of the tool it was written with": "|".join(rf"\b{re.escape(word)}\b" for word in _WORDS),
}
_PATTERNS = {what: re.compile(pattern, re.IGNORECASE | re.MULTILINE) for what, pattern in _FORBIDDEN.items()}


def found_in(text: str) -> list[str]:
    """What the text should not hold, each with the words that were found."""
    hits = ((what, pattern.search(text)) for what, pattern in _PATTERNS.items())
    return [f"{what}: {hit.group()}" for what, hit in hits if hit]


def test_the_top_level_holds_what_a_newcomer_expects_and_no_more() -> None:
    names = {path.parts[0] for path in files()}
    assert {name for name in names if not name.startswith(".")} - TOP_LEVEL == set()


def test_no_file_holds_a_trace_of_where_it_was_written() -> None:
    traces = {}
    for path in files():
        data = (TOP / path).read_bytes()
        if b"\0" not in data[:8000] and (hits := found_in(data.decode("utf-8", "replace"))):
            traces[path.as_posix()] = hits
    assert traces == {}


def test_each_kind_of_trace_is_seen() -> None:
    texts = [
        "see /ho" + "me/anna/case",
        "https" + "://host/simple/click",
        "from py" + "pi.org",
        "by Cla" + "ude",
    ]
    assert [len(found_in(text)) for text in texts] == [1, 1, 1, 1]
    assert found_in("A home/work balance; https://doi.org/10.1/x; the open aim") == []


def _locked(name: str) -> dict[str, list[str]]:
    """Distribution → digests, as a lock file lists them."""
    locked: dict[str, list[str]] = {}
    current = ""
    for line in (TOP / ".lock" / name).read_text(encoding="utf-8").splitlines():
        if start := re.match(r"([a-z0-9][a-z0-9.-]*)==", line):
            current = start.group(1)
            locked.setdefault(current, [])
        locked.get(current, []).extend(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return locked


def _declared(*extras: str) -> set[str]:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    names = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in wanted)
    return {re.sub(r"[-_.]+", "-", name.group()).lower() for name in names if name}


def test_every_declared_dependency_is_locked() -> None:
    assert _declared() - _locked("application.txt").keys() == set()
    assert _declared("test", "cluster") - _locked("test.txt").keys() == set()


def test_every_locked_package_has_its_digests() -> None:
    for name in ("application.txt", "test.txt"):
        assert [package for package, digests in _locked(name).items() if not digests] == []


def test_the_locks_name_no_host_and_no_address() -> None:
    for name in ("application.txt", "test.txt"):
        text = (TOP / ".lock" / name).read_text(encoding="utf-8")
        assert re.findall(r"://|--(?:extra-)?index-url|--find-links|--trusted-host", text) == []


def test_the_application_is_tested_in_the_versions_that_are_shipped() -> None:
    application, test = _locked("application.txt"), _locked("test.txt")
    assert {name: digests for name, digests in application.items() if test.get(name) != digests} == {}
