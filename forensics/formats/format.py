"""What a registered file format is, and the frame in which every reader runs."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from forensics.domain.kinship import FrequencyTable, MutationModel
from forensics.domain.reading import ReadFamily, Reading, ReadProfile
from forensics.formats.problems import Findings, Stop


@dataclass(slots=True)
class Content:
    """What a reader has gathered, before it is known whether the file is refused."""

    profiles: list[ReadProfile] = field(default_factory=list)
    families: list[ReadFamily] = field(default_factory=list)
    frequencies: FrequencyTable | None = None
    mutation: Mapping[str, MutationModel] = field(default_factory=dict)
    theta: float | None = None


Reader = Callable[[bytes, str, Findings], Content]
"""Bytes, file name, findings to add to → content. May raise `Stop` at a place where it can't go on."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: how to recognise it by its first bytes, and how to read it."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    reader: Reader

    def read(self, data: bytes, filename: str) -> Reading:
        """What the file yields; with a fatal problem, only the problems."""
        findings, digest = Findings(), hashlib.sha256(data).hexdigest()
        try:
            content = self.reader(data, filename, findings)
        except Stop as refusal:
            findings.add(refusal.problem)
        if findings.refused:
            return Reading(self.name, digest, problems=findings.all)
        return Reading(
            self.name,
            digest,
            tuple(content.profiles),
            tuple(content.families),
            content.frequencies,
            content.mutation,
            content.theta,
            findings.all,
        )
