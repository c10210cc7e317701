"""Random profiles written in each style of table are read back as they were."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.domain.loci import canonical
from forensics.formats import recognise

Genotypes = dict[str, dict[str, tuple[str, str]]]

LOCI = ("TH01", "vWA", "D3S1358", "D21S11", "Penta D", "FGA", "SE33", "D1S1656")
_ALLELES = st.builds(
    lambda repeats, odd: f"{repeats}.{odd}" if odd else str(repeats),
    st.integers(5, 39),
    st.sampled_from((0, 0, 0, 1, 2, 3)),
)
_NAMES = st.text(
    st.characters(categories=("L", "N"), include_characters=" #-ñ"), min_size=1, max_size=12
).map(lambda t: f"S {t}".strip())  # readers take away blanks around a name
_PROFILES = st.dictionaries(
    _NAMES,
    st.dictionaries(st.sampled_from(LOCI), st.tuples(_ALLELES, _ALLELES), min_size=1),
    min_size=1,
    max_size=6,
)


def _paired(profiles: Genotypes, separator: str, between: str) -> str:
    header = ["Sample ID", *(f"{locus}{between}{i}" for locus in LOCI for i in (1, 2))]
    rows = [[name, *(a for locus in LOCI for a in g.get(locus, ("", "")))] for name, g in profiles.items()]
    return "\n".join(separator.join(row) for row in (header, *rows)) + "\n"


def _wide(profiles: Genotypes) -> str:
    def cell(pair: tuple[str, str] | None) -> str:
        return ", ".join(sorted(set(pair or ()), key=float)) + ", , "

    rows = [["run.fsa", name, *(cell(g.get(locus)) for locus in LOCI)] for name, g in profiles.items()]
    header = ["Sample File", "Sample Name", *(locus.upper().replace(" ", "_") for locus in LOCI)]
    return "\r\n".join("\t".join(row) for row in (header, *rows))


def _long(profiles: Genotypes) -> str:
    rows = [",".join((n, locus, *pair)) for n, g in profiles.items() for locus, pair in g.items()]
    return "\n".join(("SampleName,Marker,Allele1,Allele2", *rows))


def _codis(profiles: Genotypes) -> str:
    def locus(name: str, pair: tuple[str, str]) -> str:
        alleles = "".join(f"<ALLELE><ALLELEVALUE>{a}</ALLELEVALUE></ALLELE>" for a in dict.fromkeys(pair))
        return f"<LOCUS><LOCUSNAME>{name}</LOCUSNAME>{alleles}</LOCUS>"

    specimens = (
        f"<SPECIMEN><SPECIMENID>{n}</SPECIMENID>{''.join(locus(m, p) for m, p in g.items())}</SPECIMEN>"
        for n, g in profiles.items()
    )
    return f"<CODISImportFile><HEADERVERSION>3.2</HEADERVERSION>{''.join(specimens)}</CODISImportFile>"


STYLES: dict[str, Callable[[Genotypes], str]] = {
    "tabs": lambda p: _paired(p, "\t", " "),
    "commas": lambda p: _paired(p, ",", "_"),
    "semicolons": lambda p: _paired(p, ";", " Allele "),
    "genemapper": _wide,
    "lrmix": _long,
    "codis": _codis,
}


@pytest.mark.parametrize("style", STYLES)
@given(profiles=_PROFILES)
def test_profiles_are_read_back_as_they_were_written(style: str, profiles: Genotypes) -> None:
    data = STYLES[style](profiles).encode()
    reading = recognise(data, "table").read(data, "table")
    assert not reading.refused, [str(p) for p in reading.problems]
    assert [p.sample for p in reading.profiles] == list(profiles)
    for profile in reading.profiles:
        wanted = profiles[profile.sample]
        assert set(profile.calls) == {canonical(locus) for locus in wanted}
        for locus, pair in wanted.items():
            assert sorted(profile.genotype(locus)) == sorted(pair)
