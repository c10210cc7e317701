"""The command line in this process: arguments in, exit status and what was said out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from forensics.cli.main import main
from tests.support.laboratories import PASSPHRASE, PASSWORD, Staffed


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def refused(self) -> str:
        """The one sentence of a refusal."""
        assert self.status == 1, (self.out, self.err)
        assert "Traceback" not in self.err
        assert "fault of Nomina" not in self.err
        return self.err.strip()


class Commands:
    """Runs `nomina` on one laboratory, as anybody, with the secrets from a file."""

    def __init__(self, labs: Staffed, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.labs = labs
        self.capsys = capsys
        self.secrets = folder / "secrets"
        self.secrets.write_text(f"{PASSWORD}\n{PASSPHRASE}\n")

    def __call__(self, *arguments: str | Path) -> Said:
        self.capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        said = self.capsys.readouterr()
        return Said(status, said.out, said.err)

    def as_(self, login: str, *arguments: str | Path) -> Said:
        where = ("--laboratory", self.labs.location, "--as", login, "--passphrase-file", self.secrets)
        return self(*arguments, *where)
