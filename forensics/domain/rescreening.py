"""What a screening compared, told by digests, so that the next one compares only what has changed.

A pair's LR depends on the profile, on its family and on the rules (loci, table, θ, mutation, convention,
threshold, engine) and on nothing else. Whatever has the same digest need not be compared again.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from forensics.domain.auditing import canonical
from forensics.domain.kinship import Genotype
from forensics.domain.matching import Change, Difference
from forensics.domain.screening import (
    ScreeningFamily,
    ScreeningInputs,
    ScreeningProfile,
    ScreeningResult,
)

PEDIGREE = ""  # the key of a family's drawing among the digests of its references
LENGTH = 32  # hex digits that are kept: 128 bits, so that two contents never share a digest by chance


def short_digest(content: Any) -> str:
    """The first 128 bits (hex) of the SHA-256 over canonical JSON."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()[:LENGTH]


def profile_digest(profile: ScreeningProfile, loci: Sequence[str], *identity: UUID) -> str:
    """Everything of a profile that a comparison or its record depends on."""
    others = _others(profile, "id", "genotypes")
    return short_digest([[str(i) for i in identity], others, _genotypes(profile.genotypes, loci)])


def _others(value: Any, *told: str) -> dict[str, str]:
    """Every field but those that are told apart: a field that comes later is not forgotten."""
    return {f.name: repr(getattr(value, f.name)) for f in fields(value) if f.name not in told}


def family_digests(
    family: ScreeningFamily, loci: Sequence[str], missing: Mapping[str, UUID]
) -> dict[str, str]:
    """Of the drawing with who is missing in it, and of each reference by the code of the relative."""
    members = [[m.id, m.sex.value, m.father, m.mother, m.twins] for m in family.pedigree.members]
    sought = [[code, str(missing[code])] for code in family.missing]
    references = {code: short_digest(_genotypes(found, loci)) for code, found in family.genotypes.items()}
    return {PEDIGREE: short_digest([members, sought]), **references}


def rules_digest(
    inputs: ScreeningInputs, engine: str, threshold_log10: float, policy: Mapping[str, Any]
) -> str:
    """Of what every comparison depends on."""
    table = inputs.frequencies
    return short_digest(
        {
            "loci": list(inputs.loci),
            "frequencies": [
                [locus, [[a, repr(p)] for a, p in table.loci.get(locus, {}).items()]] for locus in inputs.loci
            ],
            "table": [table.name, table.digest],
            "others": _others(inputs, "loci", "frequencies", "families", "profiles"),
            "threshold": threshold_log10,
            "engine": engine,
            "policy": policy,
        }
    )


def _genotypes(found: Mapping[str, Genotype], loci: Iterable[str]) -> dict[str, list[str]]:
    """As they stand in the record: a case file keeps the order of the alleles."""
    return {locus: list(found[locus]) for locus in loci if found.get(locus)}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The digests of everything that one question holds."""

    rules: str
    profiles: Mapping[str, str]
    families: Mapping[str, Mapping[str, str]]

    def after(self, rules: str, changes: "Snapshot") -> "Snapshot":
        """This snapshot with what a later screening found changed; empty there means gone."""
        profiles = {k: v for k, v in {**self.profiles, **changes.profiles}.items() if v}
        families = {k: v for k, v in {**self.families, **changes.families}.items() if v}
        return Snapshot(rules, profiles, families)

    def changed_from(self, earlier: "Snapshot") -> "Snapshot":
        """Only what differs from an earlier snapshot; empty means gone. The inverse of `after`."""
        gone_profiles = dict.fromkeys(earlier.profiles.keys() - self.profiles.keys(), "")
        gone_families: dict[str, Mapping[str, str]] = {
            k: {} for k in earlier.families.keys() - self.families.keys()
        }
        profiles = {k: v for k, v in self.profiles.items() if earlier.profiles.get(k) != v}
        families = {k: v for k, v in self.families.items() if earlier.families.get(k) != v}
        return Snapshot(self.rules, {**profiles, **gone_profiles}, {**families, **gone_families})


@dataclass(frozen=True, slots=True)
class Touched:
    """What is to be compared, because it is new or changed, and what is no longer there."""

    everything: bool
    profiles: frozenset[str]
    families: frozenset[str]
    gone_profiles: frozenset[str] = frozenset()
    gone_families: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        found = self.profiles | self.families | self.gone_profiles | self.gone_families
        return not self.everything and not found

    def holds(self, profile: str, family: str) -> bool:
        """Whether a pair has to be looked at again."""
        return (
            self.everything
            or profile in self.profiles
            or profile in self.gone_profiles
            or family in self.families
            or family in self.gone_families
        )


def touched(now: Snapshot, earlier: Snapshot | None) -> Touched:
    """What differs from the earlier screening; everything when there was none or its rules were others."""
    if earlier is None:
        return Touched(True, frozenset(now.profiles), frozenset(now.families))
    changes = now.changed_from(earlier)
    whole = now.rules != earlier.rules
    return Touched(
        whole,
        frozenset(now.profiles) if whole else frozenset(k for k, v in changes.profiles.items() if v),
        frozenset(now.families) if whole else frozenset(k for k, v in changes.families.items() if v),
        frozenset(k for k, v in changes.profiles.items() if not v),
        frozenset(k for k, v in changes.families.items() if not v),
    )


def parts(inputs: ScreeningInputs, what: Touched) -> list[ScreeningInputs]:
    """The question cut to what must be compared: no pair twice, and none that may have changed left out."""
    if what.everything:
        return [inputs]
    found = []
    if what.profiles:
        found.append(inputs.only(profiles=what.profiles))
    if what.families:
        rest = frozenset(p.id for p in inputs.profiles) - what.profiles
        found.append(inputs.only(profiles=rest, families=what.families))
    return [part for part in found if part.profiles and part.families]


def together(
    inputs: ScreeningInputs, results: Sequence[ScreeningResult], threshold_log10: float, engine: str
) -> ScreeningResult:
    """The results of the parts as one, of the whole question."""
    refused = {one.id: one for result in results for one in result.refused}
    refused_profiles = {one.id: one for result in results for one in result.refused_profiles}
    hits = [hit for result in results for hit in result.hits]
    comparisons = sum(result.comparisons for result in results)
    return ScreeningResult(
        inputs_digest=inputs.digest,
        threshold_log10=threshold_log10,
        hits=tuple(sorted(hits, key=lambda h: (-h.log10_lr, h.profile, h.family, h.missing))),
        comparisons=comparisons,
        expected_chance_hits=comparisons * 10.0**-threshold_log10,
        sex_mismatches=sum(result.sex_mismatches for result in results),
        not_evaluable=sum(result.not_evaluable for result in results),
        refused=tuple(refused.values()),
        refused_profiles=tuple(refused_profiles.values()),
        engine=engine,
    )


def net(differences: Iterable[Difference]) -> list[Difference]:
    """Several screenings' differences in order of time as one: from the first `before` to the last `after`.

    What came and went again is left out; reasons are told once each, in order. New ones first, then by
    how much they moved.
    """
    found: dict[tuple[str, UUID], Difference] = {}
    for one in differences:
        key = (one.sample, one.missing_person)
        first = found.pop(key, None)
        if first is not None:
            told = first.reason.split("; ")
            reason = "; ".join([*told, *(r for r in one.reason.split("; ") if r not in told)])
            one = replace(one, before=first.before, state=first.state, reason=reason)
        found[key] = one
    left = [d for d in found.values() if d.before is not None or d.after is not None]
    return sorted(left, key=_rank)


def _rank(one: Difference) -> tuple[int, float]:
    order = (Change.NEW, Change.GONE, Change.STRONGER, Change.WEAKER, Change.SAME)
    return order.index(one.change), -abs((one.after or 0.0) - (one.before or 0.0))
