"""What is measured of a well: the volume of an extract, and its quantities of DNA."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """One row of results; None where nothing was measured. Volumes in µl, quantities in ng/µl, `ipc` in cycles."""

    position: str
    volume_ul: float | None = None
    small: float | None = None
    large: float | None = None
    male: float | None = None
    ipc: float | None = None

    def measured(self) -> dict[str, float]:
        """The fields of a well that this row gives."""
        names = ("volume_ul", "small", "large", "male", "ipc")
        return {name: value for name in names if (value := getattr(self, name)) is not None}
