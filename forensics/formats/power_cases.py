"""Questions of power as JSON, in the layout of kinship case files (`kinship_cases`) with one of three questions.

* `pedigree` and `missing`: a family and its missing person; `genotypes` of the typed relatives;
* `claim_pedigree`, `true_pedigree` and `available`: what is claimed, what is true, and who could be tested;
* `hypotheses`, `numerator`, `denominator` as for a likelihood ratio, with `available` or, without it, whoever
  stands alone in the denominator (the remains): their genotypes are set aside.

`thresholds` (log10 LRs), `required` (a log10 LR) and `not_asked` (members who can't give a sample) may be added.
"""

import json
from typing import Any

from forensics.domain.errors import Invalid
from forensics.domain.kinship import KinshipCase
from forensics.domain.power import THRESHOLDS, PowerQuestion
from forensics.domain.power_questions import case_question, family_question
from forensics.formats.json_fields import Field, parse
from forensics.formats.kinship_cases import read_each_case

CLAIM, TRUTH = "claim", "truth"


def read_each_question(content: bytes | str) -> list[tuple[str, PowerQuestion | Invalid]]:
    """Every question by its id, or what is wrong with it; `Invalid` if the file itself can't be read."""
    document = Field(parse(content), "the case file")
    raw = list(document.get("cases").items_of_list())
    prepared: list[Any] = [_as_case(field.value) for field in raw]
    whole = json.dumps({**document.value, "cases": prepared})
    return [
        (name, case if isinstance(case, Invalid) else _question(case, field.named(f"case {name}")))
        for (name, case), field in zip(read_each_case(whole), raw, strict=True)
    ]


def _as_case(raw: Any) -> Any:
    """The same case with its pedigrees as two hypotheses; what is malformed is left for the reader to name."""
    if not isinstance(raw, dict) or raw.get("hypotheses") is not None:
        return raw
    if raw.get("missing") is not None:
        members = raw.get("pedigree")
        pedigrees: tuple[Any, Any] = (members, members)
    else:
        pedigrees = (raw.get("claim_pedigree"), raw.get("true_pedigree"))
    if None in pedigrees:
        return raw
    genotypes = raw.get("genotypes")
    return {
        **raw,
        "genotypes": {} if genotypes is None else genotypes,
        "hypotheses": {CLAIM: pedigrees[0], TRUTH: pedigrees[1]},
        "numerator": CLAIM,
        "denominator": TRUTH,
    }


def _question(case: KinshipCase, raw: Field) -> PowerQuestion | Invalid:
    try:
        thresholds = raw.optional("thresholds")
        asked = tuple(t.number() for t in thresholds.items_of_list()) if thresholds else THRESHOLDS
        required = raw.optional("required")
        needed = required.number() if required else None
        missing = raw.optional("missing")
        if missing is not None and raw.optional("hypotheses") is None:
            return family_question(case, missing.text(), asked, needed, _names(raw, "not_asked"))
        return case_question(case, _names(raw, "available"), asked, needed, _names(raw, "not_asked"))
    except Invalid as error:
        return error


def _names(raw: Field, name: str) -> tuple[str, ...]:
    found = raw.optional(name)
    return tuple(one.text() for one in found.items_of_list()) if found else ()
