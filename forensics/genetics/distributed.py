"""A large screen on several machines, as tasks of Dask: blocks of families × all profiles, the same results.

    search = Cluster("tcp://10.0.0.5:8786")
    search.screen(inputs, progress, threshold_log10=2.0)      as `forensics.genetics.screening.screen`

The profiles go to the workers once; a task is named by the digest of all that it depends on (engine, rules,
profiles, its families), so that the scheduler computes a block again only if nobody keeps its result. Hits come
back as arrays. A worker that dies loses nothing: its blocks are computed elsewhere. Dask is an optional part of
the program and is imported here alone, when it is asked for (Rocklin 2015, doi:10.25080/Majora-7b98e3ed-013).
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Cancelled, Invalid, Unavailable
from forensics.domain.progress import Progress, Silent
from forensics.domain.rescreening import together
from forensics.domain.screening import NotScreened, ScreeningHit, ScreeningInputs, ScreeningResult

FAMILIES = 4096  # of one task: some seconds of work, and a result of some megabytes
TICK = 0.2  # seconds between two looks at whether the person wants to stop
TRIES = 3  # how often the profiles are handed out again when the workers that held them are gone
WAIT = 10  # seconds for the scheduler to answer
KEPT = "nomina-screening"  # the name under which the scheduler keeps the blocks of the last search

MISSING_PART = (
    "A search on several machines needs the optional part “cluster”: install it with "
    "`pip install 'nomina[cluster]'` here and on every worker."
)


@dataclass(frozen=True, slots=True)
class Block:
    """The result of one task; hits as arrays, names as places in the profiles and in the task's columns."""

    profiles: NDArray[np.int32]  # (hits,)
    columns: NDArray[np.int32]  # (hits,): place in `ScreeningInputs.missing` of the task
    log10_lr: NDArray[np.float64]  # (hits,)
    per_locus: NDArray[np.float64]  # (hits, loci)
    compared: NDArray[np.int16]  # (hits,)
    inconsistent: NDArray[np.int16]  # (hits,)
    comparisons: int
    sex_mismatches: int
    not_evaluable: int
    refused: tuple[NotScreened, ...]
    refused_profiles: tuple[NotScreened, ...]


def screen_block(profiles: ScreeningInputs, families: ScreeningInputs, threshold_log10: float) -> Block:
    """What a worker does: all profiles against the families of one task."""
    from forensics.genetics.screening import screen

    inputs = replace(families, profiles=profiles.profiles)
    found = screen(inputs, threshold_log10=threshold_log10)
    row = {p.id: i for i, p in enumerate(inputs.profiles)}
    column = {pair: i for i, pair in enumerate(inputs.missing)}
    loci = len(inputs.loci)
    return Block(
        np.array([row[h.profile] for h in found.hits], dtype=np.int32),
        np.array([column[h.family, h.missing] for h in found.hits], dtype=np.int32),
        np.array([h.log10_lr for h in found.hits], dtype=np.float64),
        np.array([h.log10_per_locus for h in found.hits], dtype=np.float64).reshape(-1, loci),
        np.array([h.loci_compared for h in found.hits], dtype=np.int16),
        np.array([h.inconsistent_loci for h in found.hits], dtype=np.int16),
        found.comparisons,
        found.sex_mismatches,
        found.not_evaluable,
        found.refused,
        found.refused_profiles,
    )


def result_of(block: Block, part: ScreeningInputs, threshold_log10: float, engine: str) -> ScreeningResult:
    """A block as the result of its part of the question."""
    ids, pairs = [p.id for p in part.profiles], part.missing
    hits = zip(
        block.profiles.tolist(), block.columns.tolist(), block.log10_lr.tolist(), block.per_locus.tolist(),
        block.compared.tolist(), block.inconsistent.tolist(), strict=True,
    )  # fmt: skip
    return ScreeningResult(
        inputs_digest="",
        threshold_log10=threshold_log10,
        hits=tuple(
            ScreeningHit(ids[p], pairs[c][0], pairs[c][1], total, tuple(loci), compared, inconsistent)
            for p, c, total, loci, compared, inconsistent in hits
        ),
        comparisons=block.comparisons,
        expected_chance_hits=block.comparisons * 10.0**-threshold_log10,
        sex_mismatches=block.sex_mismatches,
        not_evaluable=block.not_evaluable,
        refused=block.refused,
        refused_profiles=block.refused_profiles,
        engine=engine,
    )


class Cluster:
    """The workers behind a scheduler's address (`tcp://host:8786`, `tls://…`)."""

    def __init__(self, address: str, families: int = FAMILIES) -> None:
        """`families` in one task. Nothing is connected before the first search."""
        self.address, self.families = address, families

    def screen(
        self, inputs: ScreeningInputs, progress: Progress | None = None, *, threshold_log10: float
    ) -> ScreeningResult:
        """All pairs at or above the threshold, as the search on one computer finds them.

        Raises `Unavailable` without the optional part, without a scheduler or workers, `Invalid` for workers of
        another version of the engine, `Cancelled` from `progress`; then the tasks are taken back.
        """
        from forensics.genetics.screening import ENGINE

        watch = progress or Silent()
        parts = list(self._parts(inputs))
        with self._client() as client:
            _demand_engine(client, ENGINE)
            blocks = _Run(client, inputs, parts, threshold_log10, ENGINE).blocks(watch)
        results = [result_of(b, p, threshold_log10, ENGINE) for b, p in zip(blocks, parts, strict=True)]
        return together(inputs, results, threshold_log10, ENGINE)

    def _parts(self, inputs: ScreeningInputs) -> Iterator[ScreeningInputs]:
        for start in range(0, max(1, len(inputs.families)), self.families):
            yield replace(inputs, families=inputs.families[start : start + self.families])

    @contextmanager
    def _client(self) -> Iterator[Any]:
        client_class = _imported().Client
        try:
            client = client_class(self.address, timeout=WAIT, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise Unavailable(
                f"The scheduler “{self.address}” does not answer; start it with `dask scheduler`, or check the address."
            ) from error
        try:
            if not client.scheduler_info(n_workers=-1)["workers"]:
                raise Unavailable(
                    f"The scheduler “{self.address}” has no workers; start some with `dask worker {self.address}`."
                )
            with client.as_current():
                yield client
        finally:
            client.close()


def _imported() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise Unavailable(MISSING_PART) from error
    return distributed


def engine_here() -> str:
    """The engine's version, asked of every worker."""
    from forensics.genetics.screening import ENGINE

    return ENGINE


def _demand_engine(client: Any, engine: str) -> None:
    try:
        found = client.run(engine_here)
    except ImportError as error:
        raise Invalid("A worker lacks the program; install the same version on every machine.") from error
    others = sorted({f"{worker} has {version}" for worker, version in found.items() if version != engine})
    if others:
        raise Invalid(
            f"The workers must have {engine}: {'; '.join(others)}. Install the same version everywhere."
        )


class _Run:
    """One search: hands out, waits, hands out again what was lost."""

    def __init__(
        self,
        client: Any,
        inputs: ScreeningInputs,
        parts: Sequence[ScreeningInputs],
        threshold_log10: float,
        engine: str,
    ) -> None:
        self.client, self.parts, self.threshold = client, parts, threshold_log10
        self.whole = replace(inputs, families=())
        rules = f"{engine} {threshold_log10!r} {self.whole.digest}"
        self.profiles_key = f"nomina-profiles-{_digest(rules)}"
        self.keys = [f"nomina-screen-{_digest(f'{rules} {part.digest}')}" for part in parts]
        self.families = sum(len(part.families) for part in parts)

    def blocks(self, progress: Progress) -> list[Block]:
        """The blocks in the order of the parts."""
        for attempt in range(TRIES):
            futures = self._submit(attempt)
            try:
                self._wait(futures, progress)
                found: list[Block] = self.client.gather(futures)
                self._keep(futures)
                return found
            except Cancelled:
                self.client.cancel(futures)
                raise
            except Exception as error:
                self.client.cancel(futures)
                if attempt == TRIES - 1 or not _lost(error):
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _submit(self, attempt: int) -> list[Any]:
        """Profiles once to every worker, then a task for each part; those that are known are not begun again.

        After a loss the names are others: the scheduler remembers the old ones as lost.
        """
        again = f"-{attempt}" if attempt else ""
        try:
            self.client.wait_for_workers(1, timeout=WAIT)
            name = self.profiles_key + again
            held = self.client.scatter({name: self.whole}, broadcast=True)[name]
        except TimeoutError as error:
            raise Unavailable("The scheduler has lost all its workers; start them again.") from error
        return [
            self.client.submit(
                screen_block,
                held,
                replace(part, profiles=()),
                self.threshold,
                key=key + again,
                pure=True,
                retries=TRIES,
            )
            for part, key in zip(self.parts, self.keys, strict=True)
        ]

    def _wait(self, futures: Sequence[Any], progress: Progress) -> None:
        """Until all are done; every tick says how far it is and hears whether to stop."""
        wait = _imported().wait
        pending = set(futures)
        families = {future.key: len(part.families) for future, part in zip(futures, self.parts, strict=True)}
        done = 0
        while pending:
            progress.step(done, self.families, "Comparing on several machines")
            try:
                pending = wait(pending, timeout=TICK, return_when="FIRST_COMPLETED").not_done
            except TimeoutError:
                continue
            done = self.families - sum(families[future.key] for future in pending)
        progress.step(self.families, self.families, "Comparing on several machines")

    def _keep(self, futures: Sequence[Any]) -> None:
        """So that the same block is not computed again by the next search; only those of the last are kept."""
        if KEPT in self.client.list_datasets():
            self.client.unpublish_dataset(KEPT)
        self.client.publish_dataset(list(futures), name=KEPT)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _lost(error: Exception) -> bool:
    """Whether tasks or the profiles went with the workers that held them."""
    distributed = _imported()
    gone: tuple[type[Exception], ...] = (
        distributed.client.FutureCancelledError,
        distributed.client.FuturesCancelledError,
        distributed.KilledWorker,
    )
    return isinstance(error, gone)
