"""Joint solutions as they are kept: what was asked of what, by whom and when, and everything that came out."""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from forensics.domain.joint import JointMethod
from forensics.domain.joint_solution import (
    Decided,
    Held,
    JointSolution,
    PairComparison,
    PairTable,
    Sought,
    Victim,
)
from forensics.domain.kinship import Sex
from forensics.domain.records import Record, link
from forensics.domain.screening import NotScreened


@dataclass(frozen=True, kw_only=True)
class JointIdentification(Record):
    """All victims of an operation to all its missing persons at once: when, by whom, and on which data.

    `digests` are SHA-256 of the whole question and of its parts; another "question" today means that the data,
    the decisions or the policies have moved since.
    """

    operation: UUID = link("operation")
    engine: str
    pairs_engine: str
    digests: dict[str, str]
    parameters: dict[str, Any]
    victims: int
    missing: int
    held: int  # victims whose identification stands
    placed: int  # others who are more likely than not somebody on the list
    method: JointMethod
    lost_mass: float


@dataclass(frozen=True, kw_only=True)
class JointContents(Record):
    """Everything that came out of a joint identification, as `packed` writes it."""

    joint: UUID = link("joint_identification")
    contents: dict[str, Any]


def recorded(solution: JointSolution) -> JointIdentification:
    """The record of a solution."""
    pairs = solution.pairs
    free = [found for row, found in enumerate(solution.posterior) if row not in pairs.decided.held]
    return JointIdentification(
        operation=pairs.operation,
        engine=solution.engine,
        pairs_engine=pairs.engine,
        digests=dict(pairs.digests),
        parameters={
            **pairs.parameters,
            "number_sought": pairs.number_sought,
            "posterior_threshold": pairs.threshold,
        },
        victims=len(pairs.victims),
        missing=len(pairs.sought),
        held=len(pairs.decided.held),
        placed=sum(max(found.values(), default=0.0) > 0.5 for found in free),
        method=solution.method,
        lost_mass=solution.lost_mass,
    )


def packed(solution: JointSolution) -> dict[str, Any]:
    """The solution as plain values."""
    pairs, table = solution.pairs, solution.pairs.table
    decided = pairs.decided
    return {
        "operation": str(pairs.operation),
        "title": pairs.title,
        "victims": [_plain(one) for one in pairs.victims],
        "sought": [_plain(one) for one in pairs.sought],
        "floor_log10": table.floor_log10,
        "codes": base64.b64encode(zlib.compress(table.codes)).decode("ascii"),
        "log10_lr": [[r, c, value] for (r, c), value in table.log10_lr.items()],
        "not_compared": _refused(table.refused),
        "number_sought": pairs.number_sought,
        "threshold": pairs.threshold,
        "pairs_engine": pairs.engine,
        "digests": dict(pairs.digests),
        "parameters": dict(pairs.parameters),
        "held": [[row, one.identification, one.missing, one.column] for row, one in decided.held.items()],
        "taken": [[column, number] for column, number in decided.taken.items()],
        "excluded": [[r, c, number] for (r, c), number in decided.excluded.items()],
        "posterior": [[[c, p] for c, p in found.items()] for found in solution.posterior],
        "unplaced": list(solution.unplaced),
        "best": [[p, [[r, c] for r, c in placed.items()]] for p, placed in solution.best],
        "lost_mass": solution.lost_mass,
        "sampled": list(solution.sampled),
        "standard_error": solution.standard_error,
        "components": solution.components,
        "not_computed": _refused(solution.refused),
        "engine": solution.engine,
        "method": str(solution.method),
        "half_width": solution.half_width,
    }


def unpacked(kept: Mapping[str, Any]) -> JointSolution:
    """The solution that was kept."""
    victims, sought = tuple(map(_victim, kept["victims"])), tuple(map(_sought, kept["sought"]))
    codes = zlib.decompress(base64.b64decode(kept["codes"]))
    log10 = {(r, c): value for r, c, value in kept["log10_lr"]}
    not_compared = _not_screened(kept["not_compared"])
    table = PairTable(len(victims), len(sought), kept["floor_log10"], codes, log10, not_compared)
    decided = Decided(
        {row: Held(number, missing, column) for row, number, missing, column in kept["held"]},
        dict(kept["taken"]),
        {(r, c): number for r, c, number in kept["excluded"]},
    )
    pairs = PairComparison(
        UUID(kept["operation"]), kept["title"], victims, sought, table, kept["number_sought"], kept["threshold"],
        kept["pairs_engine"], kept["digests"], kept["parameters"], decided,
    )  # fmt: skip
    return JointSolution(
        pairs,
        tuple(dict(found) for found in kept["posterior"]),
        tuple(kept["unplaced"]),
        tuple((p, dict(placed)) for p, placed in kept["best"]),
        kept["lost_mass"],
        tuple(kept["sampled"]),
        kept["standard_error"],
        kept["components"],
        _not_screened(kept["not_computed"]),
        kept["engine"],
        JointMethod(kept["method"]),
        kept["half_width"],
    )


def _plain(value: Victim | Sought) -> dict[str, Any]:
    """A row or a column; ids as text."""

    def text(one: object) -> object:
        if isinstance(one, UUID):
            return str(one)
        return [text(each) for each in one] if isinstance(one, tuple) else one

    return {name: text(one) for name, one in asdict(value).items()}


def _victim(kept: dict[str, Any]) -> Victim:
    return Victim(
        number=kept["number"],
        items=tuple(UUID(id) for id in kept["items"]),
        item_numbers=tuple(kept["item_numbers"]),
        individual=UUID(kept["individual"]) if kept["individual"] else None,
        sex=Sex(kept["sex"]),
        genotypes={locus: tuple(genotype) for locus, genotype in kept["genotypes"].items()},
        profiles=tuple(kept["profiles"]),
        left_out=tuple(kept["left_out"]),
    )


def _sought(kept: dict[str, Any]) -> Sought:
    family, member = kept["key"]
    ids = {name: UUID(kept[name]) for name in ("person", "family")}
    return Sought(**{**kept, **ids, "key": (family, member), "sex": Sex(kept["sex"])})


def _refused(found: tuple[NotScreened, ...]) -> list[list[str]]:
    return [[one.id, one.reason] for one in found]


def _not_screened(kept: list[list[str]]) -> tuple[NotScreened, ...]:
    return tuple(NotScreened(id, reason) for id, reason in kept)
