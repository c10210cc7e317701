"""Facts of invented reports whose likelihood ratios are worked out by hand: parents typed, no mutation, θ = 0.

With both parents typed, siblings carry no further information, so per locus
LR = P(child | father, mother) / P(child), whatever the number of siblings.
"""

import math
import random
from dataclasses import replace
from datetime import UTC, date, datetime

from forensics.domain import facts as f
from forensics.domain.auditing import AuditHead
from forensics.domain.consistency import Consistency
from forensics.domain.kinship import Member, Pedigree, Sex

LOCI = tuple(
    "D3S1358 vWA D16S539 CSF1PO TPOX D8S1179 D21S11 D18S51 D2S441 D19S433 TH01 FGA D22S1045 D5S818 D13S317 "
    "D7S820 SE33 D10S1248 D1S1656 D12S391 D2S1338 Penta_D Penta_E D6S1043".split()
)
Genotypes = dict[str, dict[str, tuple[str, ...]]]


def frequencies(loci: tuple[str, ...], seed: int = 1) -> dict[str, dict[str, float]]:
    """Ten alleles per locus, one of them a microvariant, with frequencies that add up to 1."""
    rng = random.Random(seed)
    table = {}
    for locus in loci:
        ladder = [*(str(n) for n in range(8, 17)), "9.3"]
        weights = [rng.uniform(0.2, 1) for _ in ladder]
        table[locus] = {allele: round(w / sum(weights), 6) for allele, w in zip(ladder, weights, strict=True)}
        table[locus]["8"] = round(table[locus]["8"] + 1 - sum(table[locus].values()), 6)
    return table


def family(loci: tuple[str, ...], siblings: int, seed: int = 2) -> Genotypes:
    """Father, mother, the remains (their child) and siblings."""
    rng, table = random.Random(seed), frequencies(loci)
    people: Genotypes = {}
    for parent in ("F1", "F2"):
        people[parent] = {x: _sorted(rng.choices(list(table[x]), list(table[x].values()), k=2)) for x in loci}
    for child in ("MP", *(f"S{n}" for n in range(1, siblings + 1))):
        people[child] = {x: _sorted([rng.choice(people["F1"][x]), rng.choice(people["F2"][x])]) for x in loci}
    return people


def _sorted(alleles: list[str]) -> tuple[str, ...]:
    return tuple(sorted(alleles, key=float))


def trio_log10(people: Genotypes, locus: str, p: dict[str, float]) -> float:
    """log10 of P(MP | F1, F2) / P(MP) at one locus, by counting the four transmissions."""
    child = people["MP"][locus]
    sent = [_sorted([a, b]) for a in people["F1"][locus] for b in people["F2"][locus]]
    given = sent.count(child) / 4
    a, b = child
    alone = p[a] * p[b] * (1 if a == b else 2)
    return math.log10(given / alone)


def recompute(case: dict[str, object]) -> dict[str, float | None]:
    """The same trio formula on a case as attached to a report: an engine of the tests' own."""
    [one] = case["cases"]  # type: ignore[misc]
    table = case["frequency_tables"][one["frequency_table"]]  # type: ignore[index]
    people = {who: {x: tuple(g) for x, g in loci.items()} for who, loci in one["genotypes"].items()}
    return {x: trio_log10(people, x, table[x]) for x in one["loci"]}


def pedigree(siblings: int) -> Pedigree:
    """The family as the numerator has it."""
    children = [Member("MP", Sex.MALE, "F1", "F2")]
    children += [
        Member(f"S{n}", Sex.FEMALE if n % 2 else Sex.MALE, "F1", "F2") for n in range(1, siblings + 1)
    ]
    return Pedigree((Member("F1", Sex.MALE), Member("F2", Sex.FEMALE), *children))


def case_file(people: Genotypes, loci: tuple[str, ...], siblings: int) -> dict[str, object]:
    """The kinship case in the format that the command line reads."""
    drawn = [
        {"id": m.id, "sex": m.sex.value, "father": m.father, "mother": m.mother}
        for m in pedigree(siblings).members
    ]
    apart = [{**m, "id": "missing"} if m["id"] == "MP" else m for m in drawn]
    lone = {"id": "MP", "sex": "M", "father": None, "mother": None}
    case = {
        "id": "stated",
        "category": "missing_person",
        "title": "Remains against the family",
        "chromosome": "autosomal",
        "theta": 0.0,
        "frequency_table": "invented",
        "loci": list(loci),
        "mutation": None,
        "hypotheses": {"related": drawn, "unrelated": [*apart, lone]},
        "numerator": "related",
        "denominator": "unrelated",
        "genotypes": {who: {x: list(g) for x, g in found.items()} for who, found in people.items()},
    }
    return {"schema": "nomina-case/1", "frequency_tables": {"invented": frequencies(loci)}, "cases": [case]}


def frame(**changes: object) -> f.Frame:
    """A frame with every field filled."""
    made = f.Frame(
        number="R-2026-00417-K",
        version=1,
        title="Remains BKR-0312 compared with family F-0088",
        laboratory=f.Letterhead(
            name="National Institute for Missing Persons, DNA Laboratory",
            short_name="NIMP DNA Laboratory",
            address=("12 Harbour Road", "1000 Port Salim", "Invented Republic"),
            contact="dna@nimp.example · +000 12 345 678",
            accreditation="ISO/IEC 17025:2017, accreditation IAB-T-0421 (human identification by DNA)",
        ),
        operation=f.OperationFacts(
            name="Bakaran valley 1994–1996",
            territory="Bakaran",
            number_sought=8000,
            threshold=0.9995,
            frequency_table="Invented 24 STR",
            population="Population of the valley",
            frequency_source="Invented for tests; no published source",
            frequency_size="500 persons",
            frequency_digest="5b7ff5a3c1e0d5f0b2a44c41",
            minimum_frequency="5 / 2n",
            theta=0.0,
            mutation="none",
            convention="as drawn: an untyped founder's allele passes through the mutation matrix",
        ),
        authority="Office of the Public Prosecutor, Port Salim",
        request="Order KT-114/26 of 2 February 2026",
        author=f.SignatoryFacts(
            name="Љиљана Ђорђевић",
            role="DNA analyst",
            meaning="I carried out the comparison and wrote this report.",
        ),
        authoriser=f.SignatoryFacts(
            name="محمد عبد الرحمن الحسيني",
            role="Head of the DNA laboratory",
            meaning="I reviewed this report and authorise its issue.",
        ),
        engine="Nomina 0.1.0",
        received=date(2026, 2, 9),
        examined_from=date(2026, 2, 16),
        examined_to=date(2026, 3, 4),
        issued=datetime(2026, 3, 11, 9, 30, tzinfo=UTC),
        methods=(
            f.MethodFacts(
                name="Extraction of DNA from bone by demineralisation",
                edition="SOP-DNA-07, edition 4",
                accredited=True,
            ),
            f.MethodFacts(
                name="Amplification with a 24-locus STR kit", edition="SOP-DNA-12, edition 9", accredited=True
            ),
            f.MethodFacts(name="Kinship likelihood ratios", edition="SOP-DNA-20, edition 3", accredited=True),
        ),
        contributors=(
            f.ContributorFacts(
                name="T. Okafor",
                role="Laboratory technician",
                activity="Extraction, amplification",
                on=date(2026, 2, 17),
            ),
            f.ContributorFacts(
                name="Љиљана Ђорђевић",
                role="DNA analyst",
                activity="First read, comparison, report",
                on=date(2026, 2, 27),
            ),
            f.ContributorFacts(
                name="Inês Duarte",
                role="DNA reviewer",
                activity="Second read, technical review",
                on=date(2026, 3, 4),
            ),
        ),
        limits=(
            "The reference samples were taken by another institution; their seals were intact on arrival.",
        ),
        audit=AuditHead(
            sequence=1482, digest="9f3a6c1be27d4e05a8c6f0137be94d5520b1fe7a3d48c9066e12ab7744f0c3d1"
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def match(siblings: int = 1, loci: tuple[str, ...] = LOCI, **changes: object) -> f.MatchFacts:
    """A DNA match report with `siblings` typed siblings beside both parents."""
    people, table = family(loci, siblings), frequencies(loci)
    logs = [f.LocusFacts(locus=x, log10=trio_log10(people, x, table[x])) for x in loci]
    total = math.fsum(x.log10 or 0.0 for x in logs)
    donors = [("F1", "Father"), ("F2", "Mother"), *((f"S{n}", "Sibling") for n in range(1, siblings + 1))]
    names = {who: f"D-{7100 + n}" for n, (who, _) in enumerate(donors)} | {"MP": "Sought"}
    made = f.MatchFacts(
        frame=frame(),
        question="Do the remains BKR-0312 come from the missing son of donors D-7100 and D-7101?",
        items=(
            f.ItemFacts(
                token="BKR-0312-K",
                description="Left femur, nearly complete",
                external="Prosecutor 94/221-7",
                received=date(2026, 2, 9),
                received_from="City mortuary, Port Salim",
                seal="Seal 0044127 intact",
                condition="Dry, slightly weathered, no soft tissue",
                custody="7 events, 9 February 2026 to 4 March 2026: complete",
                samples=(
                    f.SampleFacts(
                        token="S-4410-X",
                        kind="Bone powder, 0.52 g",
                        taken=date(2026, 2, 16),
                        kit="24-locus STR",
                    ),
                ),
            ),
        ),
        donors=tuple(
            f.DonorFacts(
                token=names[who],
                relation=relation,
                consent="Given 14 May 2025, search within this operation",
                sample=f"B-{7100 + n}",
                member=who,
            )
            for n, (who, relation) in enumerate(donors)
        ),
        pedigree=f.PedigreeFacts(
            pedigree=pedigree(siblings),
            sought="MP",
            typed=tuple(who for who in people if who != "MP"),
            missing=("MP",),
            deceased=(),
            labels=names,
            family="F-0088",
        ),
        typings=(
            f.TypingFacts(label="BKR-0312-K", role="remains", genotypes=people["MP"]),
            *(
                f.TypingFacts(label=names[who], role=role.lower(), genotypes=people[who])
                for who, role in donors
            ),
        ),
        weight=f.WeightFacts(
            numerator="the remains come from the missing son of D-7100 and D-7101",
            denominator="they come from a person unrelated to that family",
            loci=tuple(logs),
            log10_total=total,
            prior=1 / 8000,
            posterior=1 / (1 + 7999 / 10**total),
            log10_required=math.log10(0.9995 / 0.0005 * 7999),
        ),
        sensitivity=(
            f.SensitivityFacts(assumption="θ = 0.01", log10_total=total - 0.41),
            f.SensitivityFacts(assumption="θ = 0.03", log10_total=total - 1.17),
            f.SensitivityFacts(
                assumption="Frequencies of the neighbouring population", log10_total=total + 0.22
            ),
            f.SensitivityFacts(
                assumption="Without donor D-7101 (mother)", log10_total=total - 6.3, note="below the policy"
            ),
        ),
        alternatives=(
            f.AlternativeFacts(
                alternative="The remains come from a brother of the missing son",
                finding="No other son of this family is reported missing.",
            ),
        ),
        case=case_file(people, loci, siblings),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def identification(**changes: object) -> f.IdentificationFacts:
    """An identification report with a dissent, an explained inconsistency and an incomplete skeleton."""
    found = match(1)
    made = f.IdentificationFacts(
        frame=frame(
            number="I-2026-00031-M",
            title="Identification of the remains BKR-0312",
            deviations=("The odontologist took part by video link.",),
            contributors=(
                f.ContributorFacts(
                    name="Amara Sesay", role="Case manager", activity="Proposal", on=date(2026, 3, 5)
                ),
                f.ContributorFacts(
                    name="Dr J. Weiss", role="Anthropologist", activity="Examination", on=date(2026, 2, 12)
                ),
            ),
        ),
        category=f.Category.IDENTIFIED,
        person=f.PersonFacts(
            name="سامر يوسف الخطيب",
            transliteration="Samir Yusuf al-Khatib",
            number="MP-00871-4",
            sex="male",
            born="3 May 1971, Bakaran",
            last_seen="11 July 1995, road from Bakaran to Port Salim",
            particulars=(("Stature", "178 cm, by his brother"), ("Fracture", "Left forearm, about 1984")),
        ),
        items=found.items,
        grid=(
            f.GridFacts(aspect="Sex", remains="male", ante_mortem="male", agreement=Consistency.CONSISTENT),
            f.GridFacts(
                aspect="Age", remains="21–28 years", ante_mortem="24 years", agreement=Consistency.CONSISTENT
            ),
            f.GridFacts(
                aspect="Stature",
                remains="166–174 cm",
                ante_mortem="178 cm, by his brother",
                agreement=Consistency.EXPLAINED,
                note="Reported heights are often rounded upwards; the identity card says 173 cm.",
            ),
            f.GridFacts(
                aspect="Healed injury",
                remains="Healed fracture of the left radius",
                ante_mortem="Fracture of the left forearm, 1984",
                agreement=Consistency.CONSISTENT,
            ),
            f.GridFacts(
                aspect="Teeth",
                remains="skull not recovered",
                ante_mortem="no chart",
                agreement=Consistency.UNKNOWN,
            ),
            f.GridFacts(
                aspect="Clothing",
                remains="leather belt",
                ante_mortem="belt, colour not known",
                agreement=Consistency.NEUTRAL,
            ),
        ),
        conclusion=(
            "The remains BKR-0312 are identified as those of Samir Yusuf al-Khatib.",
            "The decision rests on the DNA result, the anthropological examination and the place of recovery together.",
        ),
        examination=f.ExaminationFacts(
            condition="Dry bone, cortical surface slightly weathered",
            minimum_individuals=1,
            completeness="About 40 % of the skeleton was recovered, from one grave.",
            inventory=(
                f.ElementFacts(element="Femur", bone="femur", side="left", sampled=True),
                f.ElementFacts(element="Femur", bone="femur", side="right", part=f.Part.INCOMPLETE),
                f.ElementFacts(element="Tibia", bone="tibia", side="left"),
                f.ElementFacts(element="Tibia", bone="tibia", side="right"),
                f.ElementFacts(element="Humerus", bone="humerus", side="right"),
                f.ElementFacts(element="Radius", bone="radius", side="left", note="healed fracture"),
                f.ElementFacts(element="Hip bone", bone="hip-bone", side="left"),
                f.ElementFacts(element="Sacrum", bone="sacrum", side="midline", part=f.Part.FRAGMENT),
                f.ElementFacts(element="Cranium", bone="cranium", side="midline", part=f.Part.ABSENT),
                f.ElementFacts(element="Mandible", bone="mandible", side="midline", part=f.Part.ABSENT),
                f.ElementFacts(element="Humerus", bone="humerus", side="left", part=f.Part.ABSENT),
            ),
            estimates=(
                f.EstimateFacts(
                    trait="Sex",
                    value="male",
                    method="Pelvic morphology",
                    reference="stated in the report of the examination",
                ),
                f.EstimateFacts(
                    trait="Age", value="21–28 years", method="Pubic symphysis", interval="range of the phase"
                ),
                f.EstimateFacts(
                    trait="Stature",
                    value="170 ± 4 cm",
                    method="Length of the femur",
                    interval="95 % prediction interval",
                ),
            ),
            findings=(
                "Healed fracture of the distal third of the left radius, consistent with an injury in childhood.",
            ),
        ),
        weight=found.weight,
        match_report="DNA match report R-2026-00417-K, version 1",
        board=f.BoardFacts(
            number="B-2026-009",
            held=date(2026, 3, 9),
            quorum="5 of 6 members",
            votes=(
                f.VoteFacts(name="Inês Duarte", discipline="DNA", vote="for"),
                f.VoteFacts(name="Dr Jonas Weiss", discipline="Anthropology", vote="for"),
                f.VoteFacts(
                    name="Dr Leila Haddad",
                    discipline="Odontology",
                    vote="abstained",
                    statement="Without the skull I have nothing to contribute, and nothing against it.",
                ),
            ),
        ),
        legal_basis="Act on Missing Persons, article 14; order KT-114/26 of the Public Prosecutor.",
        handover=f.HandoverFacts(
            status="In the custody of the laboratory", place="Store B, shelf 12", on=date(2026, 3, 11)
        ),
        case=found.case,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def exclusion(**changes: object) -> f.ExclusionFacts:
    """An exclusion at many loci."""
    found = match(1)
    weight = replace(found.weight, log10_total=None, posterior=None, prior=None, log10_required=None)
    logs = [
        replace(one, log10=None, note="impossible") if n % 4 == 0 else one
        for n, one in enumerate(weight.loci)
    ]
    made = f.ExclusionFacts(
        frame=frame(number="R-2026-00418-T", title="Remains BKR-0312 compared with family F-0091"),
        outcome=f.Negative.EXCLUSION,
        question=found.question,
        reason="At six loci the remains share no allele with the father; mutation does not explain so many.",
        items=found.items,
        donors=found.donors,
        pedigree=found.pedigree,
        typings=found.typings,
        weight=replace(weight, loci=tuple(logs)),
        needed=("Nothing further is needed for this family; the remains stay in the search.",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def family_report(**changes: object) -> f.FamilyFacts:
    """A report to the family in plain words."""
    made = f.FamilyFacts(
        frame=frame(number="F-2026-00007-D", title="About Samir Yusuf al-Khatib"),
        name="Samir Yusuf al-Khatib",
        relation="your brother",
        addressee="Mrs Huda al-Khatib",
        known=(
            "Remains that were found near Bakaran in 2024 are those of your brother.",
            "The blood that your parents gave in 2025 made this certain.",
            "He was between 21 and 28 years old when he died.",
        ),
        unknown=("We can't say on which day he died.", "We can't say what caused his death."),
        partial="Less than half of the skeleton was found. If more is found, we will tell you, if you wish so.",
        next_steps=(
            "The prosecutor issues the death certificate.",
            "You decide where and when your brother is buried; we bring him to you.",
        ),
        contact="Amara Sesay, +000 12 345 679, every day from 9 to 17",
        glossary=(("DNA", "What parents pass on to their children in every cell of the body."),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]
