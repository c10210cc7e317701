"""Profiles that leave the laboratory: accepted ones alone, under their tokens, read back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.domain.errors import Refused
from forensics.services import exports, profiles
from tests.support.laboratories import Staffed
from tests.support.reading import imported

RUN = (
    "Sample File\tSample Name\tD3S1358\tTH01\tvWA\tD6S1043\tAMEL\n"
    "a.fsa\tB1\t15, 16\t6, 9.3\t17\t12, 13\tX, Y\na.fsa\tB2\t14, 16\t7\t17, 18\t12\tX\n"
)


def test_accepted_profiles_go_out_under_their_tokens(staffed: Staffed, tmp_path: Path) -> None:
    ids = imported(staffed, tmp_path, RUN, two=False)
    with pytest.raises(Refused, match="only accepted profiles"):
        staffed["analyst"].run(exports.codis_export, ids, "STATE")
    accepted = staffed["reviewer"].run(profiles.accept_profiles, ids)
    out = staffed["analyst"].run(exports.codis_export, ids, "STATE")
    assert (out.profiles, out.left_out) == (2, ("D6S1043",))
    path = tmp_path / "out.xml"
    path.write_bytes(out.content)
    back = profiles.read(path)
    assert not back.refused, [str(p) for p in back.problems]
    for one, read in zip(accepted, back.profiles, strict=True):
        told = {x: read.genotype(x) for x in read.calls if x != "AMEL"}
        assert told == {x: g for x, g in one.genotypes.items() if x != "D6S1043"}
        assert read.sex is one.sex
    assert b"B1" not in out.content
