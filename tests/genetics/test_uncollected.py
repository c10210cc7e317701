"""The collector rests during heavy reading and is what it was afterwards."""

import gc

import pytest

from forensics.genetics.uncollected import uncollected


@pytest.mark.parametrize("worked", [True, False])
def test_the_collector_rests_inside_and_is_what_it_was_afterwards(worked: bool) -> None:
    before = gc.isenabled()
    (gc.enable if worked else gc.disable)()
    try:
        with pytest.raises(KeyError), uncollected():
            assert not gc.isenabled()
            raise KeyError
        assert gc.isenabled() == worked
    finally:
        (gc.enable if before else gc.disable)()
