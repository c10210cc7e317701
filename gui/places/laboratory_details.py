"""The form of a draft: protocol, kit, control, lots and instrument, filled with what the last batch used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from forensics.domain.laboratory import NEEDED_LOT, OWN_CONTROLS, LotKind, ReagentLot, Stage, WellRole
from gui.context import Context
from gui.places.laboratory_words import plain_day, said, say
from gui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from forensics.domain.laboratory import Instrument
    from forensics.services.batches import BatchDetails

_ALSO: dict[Stage, tuple[LotKind, ...]] = {
    Stage.EXTRACTION: (LotKind.OTHER,),
    Stage.QUANTIFICATION: (LotKind.OTHER,),
    Stage.AMPLIFICATION: (LotKind.POSITIVE_CONTROL, LotKind.OTHER),
    Stage.DETECTION: (LotKind.LADDER, LotKind.FORMAMIDE, LotKind.POLYMER, LotKind.OTHER),
}
"""Lots that are ticked beside the one that the stage can't do without."""


def details_form(
    context: Context,
    parent: QWidget,
    title: str,
    stage: Stage,
    now: BatchDetails | None,
    save: Callable[[BatchDetails], Any],
) -> FormDialog:
    """Only lots in date and instruments in service are offered; `save` gets what was chosen."""
    from forensics.data.kits import controls, kits
    from forensics.services.reagents import usable

    lots, instruments = context.query(usable, stage) or ([], [])
    needed = [lot for lot in lots if lot.kind is NEEDED_LOT[stage]]
    others = [lot for lot in lots if lot.kind in _ALSO[stage]]
    form = FormDialog(title, lambda values: save(_chosen(values, others)), parent)
    form.text("protocol", say("Protocol"), required=True)
    form.text("version", say("Version"), required=True)
    if stage in (Stage.AMPLIFICATION, Stage.DETECTION):
        form.choice("kit", say("Kit"), [(kit.name, kit.name) for kit in kits()], required=True)
    if WellRole.POSITIVE in OWN_CONTROLS[stage]:
        names = [(name, name) for name in sorted(controls())]
        form.choice("control", say("Positive control"), names, required=True)
    hint = "" if needed else say("No lot in date; enter it under Lots first.")
    form.choice("lot", said(NEEDED_LOT[stage]), [(lot.id, _lot(lot)) for lot in needed], hint=hint)
    for lot in others:
        form.flag(f"lot {lot.id}", f"{said(lot.kind)}: {_lot(lot)}")
    apt = [(one.id, f"{one.name} ({one.serial})") for one in instruments]
    form.choice("instrument", say("Instrument"), apt, hint=_instrument_hint(stage, bool(apt)))
    if now is not None:
        form.fill(_usual(now, needed, others, instruments))
    return form


def _instrument_hint(stage: Stage, there: bool) -> str:
    if stage is Stage.EXTRACTION:
        return say("Left empty: by hand.")
    return "" if there else say("No instrument whose service is in date; enter it under Instruments.")


def _usual(
    now: BatchDetails,
    needed: Sequence[ReagentLot],
    others: Sequence[ReagentLot],
    instruments: Sequence[Instrument],
) -> dict[str, Any]:
    """What the draft has, or the last batch had; in place of what can't be used any more, the first that can."""
    lots, tools = [lot.id for lot in needed], [one.id for one in instruments]
    values: dict[str, Any] = {
        "protocol": now.protocol,
        "version": now.protocol_version,
        "lot": next((id for id in lots if id in now.lots), next(iter(lots), None)),
        "instrument": now.instrument if now.instrument in tools else next(iter(tools), None),
    }
    values |= {name: value for name, value in (("kit", now.kit), ("control", now.control)) if value}
    return values | {f"lot {one.id}": one.id in now.lots for one in others}


def _lot(lot: ReagentLot) -> str:
    return say("{0}, lot {1}, until {2}").format(lot.name, lot.lot, plain_day(lot.expires))


def _chosen(values: dict[str, Any], others: list[ReagentLot]) -> BatchDetails:
    from forensics.services.batches import BatchDetails

    lots = [values["lot"]] if values["lot"] is not None else []
    lots += [lot.id for lot in others if values[f"lot {lot.id}"]]
    return BatchDetails(
        values["protocol"],
        values["version"],
        values.get("kit") or "",
        tuple(lots),
        values["instrument"],
        values.get("control") or "",
    )
