"""Every profile against every missing member, in compact form: for looking at a whole operation at once.

    pair_table(inputs, progress)   a byte for each pair, and the exact LR of those from a floor on

The LRs are those of screening; a pair without one says why: excluded, not evaluable, sexes differ, refused.
"""

import math

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid
from forensics.domain.joint import PairState
from forensics.domain.joint_solution import CODES, Cell, PairTable
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import NotScreened, ScreeningInputs
from forensics.genetics.screening import ENGINE, SLACK, chunks, informed, log10_totals
from forensics.genetics.screening_prepare import Prepared, prepare
from forensics.genetics.screening_tables import Chunk

MOST_PAIRS = 50_000_000
"""A byte each; more than anybody can look at, and the candidates of a screening are for that."""

CODE = {state: np.uint8(number) for number, state in enumerate(CODES)}

__all__ = ["ENGINE", "pair_table"]


def pair_table(
    inputs: ScreeningInputs, progress: Progress | None = None, floor_log10: float = 0.0
) -> PairTable:
    """Rows are `inputs.profiles`, columns `inputs.missing`; LRs from `floor_log10` on are kept.

    Raises Invalid for a question that makes no sense or is too large to be looked at, Cancelled.
    """
    rows, columns = len(inputs.profiles), len(inputs.missing)
    if rows * columns > MOST_PAIRS:
        raise Invalid(
            f"{rows:,} profiles × {columns:,} missing persons are too many for one table; "
            "screen them, and look at the candidates."
        )
    table = _Table(prepare(inputs), floor_log10)
    for made in chunks(table.prepared, progress or Silent()):
        table.take(made)
    return PairTable(rows, columns, floor_log10, table.codes.tobytes(), table.found, tuple(table.refused))


class _Table:
    """The table while its columns are computed."""

    def __init__(self, prepared: Prepared, floor: float) -> None:
        inputs = prepared.inputs
        self.prepared, self.floor = prepared, floor
        self.place_of = np.argsort(prepared.where.order)  # of each profile among the rows
        self.place = {pair: i for i, pair in enumerate(inputs.missing)}
        row = {profile.id: i for i, profile in enumerate(inputs.profiles)}
        self.mine = np.array([row[p.id] for p in prepared.profiles], dtype=np.int64)
        shape = (len(inputs.profiles), len(inputs.missing))
        self.codes = np.full(shape, CODE[PairState.REFUSED], dtype=np.uint8)
        self.found: dict[Cell, float] = {}
        self.refused: list[NotScreened] = [*prepared.refused, *prepared.refused_profiles]

    def take(self, made: Chunk) -> None:
        """The codes and LRs of some columns."""
        columns = self.prepared.columns
        names = [(columns[c].family, columns[c].missing) for c in made.columns]
        at = np.array([self.place[name] for name in names], dtype=np.int64)
        total = log10_totals(self.prepared, made)
        self.codes[np.ix_(self.mine, at)] = codes = self.code(made, total)
        strong = (codes == CODE[PairState.EVALUATED]) & (total >= self.floor - SLACK)
        for p, lane in zip(*np.nonzero(strong), strict=True):
            rows = self.prepared.where.local[self.place_of[[p]]]
            exact = math.fsum(np.log10(made.ratios(rows, np.array([lane]))[0]).tolist())
            if exact >= self.floor:
                self.found[int(self.mine[p]), int(at[lane])] = exact
        said = {item.id for item in self.refused}
        for lane, reason in made.refused.items():
            if names[lane][0] not in said:
                said.add(names[lane][0])
                self.refused.append(NotScreened(names[lane][0], reason))

    def code(self, made: Chunk, total: NDArray[np.float64]) -> NDArray[np.uint8]:
        """(profiles, columns): the state of each pair; what says most stands last."""
        codes = np.full(total.shape, CODE[PairState.EVALUATED], dtype=np.uint8)
        codes[total == -np.inf] = CODE[PairState.EXCLUDED]
        codes[~informed(self.prepared, made)] = CODE[PairState.NOT_EVALUABLE]
        codes[self.prepared.sex_mismatch(made.columns)] = CODE[PairState.SEX_MISMATCH]
        codes[:, list(made.refused)] = CODE[PairState.REFUSED]
        return codes
