"""Two sections of any record's page: its documents and photographs, and the numbers that others use for it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QWidget

from forensics.domain.attachments import Attachment, Sensitivity
from forensics.domain.attachments import Place as PlaceTold
from forensics.domain.dates import UncertainDate
from forensics.domain.errors import Unavailable
from gui.ahead import Ahead
from gui.context import Context
from gui.look import Meaning
from gui.places.remains_parts import open_link, why_not
from gui.places.remains_words import choices, say
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action, Button, IconButton
from gui.widgets.forms import FormDialog
from gui.widgets.lines import column, row, text
from gui.widgets.record import Fact, RecordPage

if TYPE_CHECKING:
    from forensics.services.external_numbers import Number

PICTURES = ("image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff", "image/webp")
KINDS = {
    "application/pdf": "PDF",
    "text/plain": "Text",
    "application/zip": "ZIP archive",
    "application/x-abif": "Run file",
}
PLACES = {
    PlaceTold.NONE: "",
    PlaceTold.REMOVED: "where it was taken is removed",
    PlaceTold.KEPT: "says where it was taken",
    PlaceTold.UNREADABLE: "may say where it was taken",
}


def ask_papers_ahead(ahead: Ahead, entity: str, record: UUID) -> None:
    """What `papers` will ask for."""
    from forensics.services.attachments import attachments
    from forensics.services.external_numbers import numbers_of

    ahead.ask(attachments, entity, record)
    ahead.ask(numbers_of, entity, record)


def papers(page: RecordPage, context: Context, parent: QWidget, entity: str, record: UUID) -> None:
    """Put both sections on the page; for those who may not add anything only where there is something."""
    _documents(page, context, parent, entity, record)
    _numbers(page, context, parent, entity, record)


# documents and photographs


def _documents(page: RecordPage, context: Context, parent: QWidget, entity: str, record: UUID) -> None:
    from forensics.services.attachments import attach, attachments

    found = context.query(attachments, entity, record) or []
    why = why_not(context, attach, say("Your role does not attach documents."))
    if not found and why:
        return
    run = partial(attach_file, context, parent, entity, record)
    section = page.section(
        say("Documents and photographs"), [Action(say("Attach"), run, "attachment", "quiet", why_not=why)]
    )
    if not found:
        section.text(say("Nothing is attached yet."), "muted")
        return
    section.table(
        [say("File"), say("What it is"), ""],
        (
            (
                open_link(one.file_name, partial(open_attachment, context, parent, one)),
                Fact(one.caption or _kind(one), _about(one)),
                _offered(context, parent, one, not why),
            )
            for one in found
        ),
    )


def _offered(context: Context, parent: QWidget, one: Attachment, may: bool) -> QWidget:
    """Save a copy, and take it back where the person may."""
    buttons = [IconButton("download", say("Save a copy"), partial(save_copy, context, parent, one))]
    if may:
        buttons.append(IconButton("void", say("Take back"), partial(_take_back, context, parent, one)))
    holder = QWidget()
    holder.setLayout(row(None, *buttons, gap=4))
    return holder


def _kind(one: Attachment) -> str:
    if one.media_type.startswith("image/"):
        return say("{0} picture").format(one.media_type.removeprefix("image/").upper())
    return say(KINDS.get(one.media_type, "File"))


def _about(one: Attachment) -> str:
    size = f"{one.size / 2**20:.1f} MB" if one.size >= 2**20 else f"{max(one.size // 1024, 1)} kB"
    parts = [_kind(one) if one.caption else "", str(one.captured or ""), size, say(PLACES[one.place])]
    if one.sensitivity is not Sensitivity.ORDINARY:
        parts.append(say(str(one.sensitivity)))
    return ", ".join(part for part in parts if part)


def attach_file(context: Context, parent: QWidget, entity: str, record: UUID) -> Any:
    """Choose a file and say what it is."""
    from forensics.services.attachments import NewAttachment, attach, read_file

    def submit(values: dict[str, Any]) -> Attachment:
        path: Path = values["path"]
        new = NewAttachment(
            path.name,
            read_file(path),
            values["caption"],
            values["sensitivity"],
            values["captured"],
            values["keep_place"],
        )
        return context.lab.run(attach, entity, record, new)

    form = FormDialog(say("Attach a document or photograph"), submit, parent, save=say("Attach"), again=True)
    form.path("path", say("File"), files=say("All files (*)"))
    form.text("caption", say("What it shows or says"))
    hint = say("Remains are veiled until somebody asks; private papers are for those who may read names.")
    form.choice(
        "sensitivity", say("What is in it"), choices(Sensitivity), required=True, prompt=False, hint=hint
    )
    form.text("captured", say("Taken or written on"), parse=UncertainDate, placeholder="2024-05-03")
    form.flag("keep_place", say("Keep in a photograph where it was taken"))
    return form.ask()


def save_copy(context: Context, parent: QWidget, one: Attachment) -> None:
    """Write the bytes of an attachment into a file."""
    from forensics.services.attachments import content_of

    chosen, _ = QFileDialog.getSaveFileName(parent, say("Save a copy"), one.file_name)
    content = context.query(content_of, one.id) if chosen else None
    if content is None:
        return
    try:
        Path(chosen).write_bytes(content)
    except OSError as error:
        words = say("{0} can't be written: {1}.").format(chosen, error.strerror)
        context.failed(Unavailable(words))
        return
    context.notify(say("{0} is saved.").format(Path(chosen).name), Meaning.GOOD)


def _take_back(context: Context, parent: QWidget, one: Attachment) -> Any:
    from forensics.services.attachments import remove_attachment

    form = FormDialog(
        say("Take back {0}").format(one.file_name),
        lambda values: context.lab.run(remove_attachment, one, values["reason"]),
        parent,
        say("It stays in the history."),
        save=say("Take back"),
    )
    form.text("reason", say("Why"), required=True)
    return form.ask()


def open_attachment(context: Context, parent: QWidget, one: Attachment) -> None:
    """Show a picture; every other file can only be saved."""
    if one.media_type not in PICTURES:
        save_copy(context, parent, one)
        return
    PictureDialog(context, one, parent).exec()


class PictureDialog(QDialog):
    """A picture; one of remains is veiled until somebody asks for it."""

    def __init__(self, context: Context, one: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.one = context, one
        self.setWindowTitle(one.file_name)
        self.resize(760, 600)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName(one.caption or one.file_name)
        self.picture.hide()
        show = Action(self.tr("Show it"), self.unveil, "eye", "primary")
        words = self.tr("It shows remains. Nobody has to look at it.")
        self.veil = EmptyState("eye-off", self.tr("This picture is veiled"), words, show)
        close = Button(self.tr("Close"), "quiet", run=self.reject)
        foot = row(text(one.caption, "muted"), close)
        foot.setStretch(0, 1)
        layout = column(self.veil, self.picture, foot, margin=16)
        layout.setStretch(0, 1)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        if one.sensitivity is not Sensitivity.GRAPHIC:
            self.unveil()

    def unveil(self) -> None:
        from forensics.services.attachments import content_of

        content = self.context.query(content_of, self.one.id)
        pixmap = QPixmap()
        self.veil.hide()
        self.picture.show()
        if content is None or not pixmap.loadFromData(QByteArray(content)):
            self.picture.setText(self.tr("This picture can't be shown; save a copy to open it elsewhere."))
            return
        room = self.size() - self.size() / 8
        self.picture.setPixmap(
            pixmap.scaled(
                min(room.width(), pixmap.width()),
                min(room.height(), pixmap.height()),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )


# numbers of others


def _numbers(page: RecordPage, context: Context, parent: QWidget, entity: str, record: UUID) -> None:
    from forensics.services.external_numbers import add_number, numbers_of

    found = context.query(numbers_of, entity, record) or []
    why = why_not(context, add_number, say("Your role does not record numbers of others."))
    if not found and why:
        return
    run = partial(add_another, context, parent, entity, record)
    section = page.section(
        say("Numbers that others use"), [Action(say("Add a number"), run, "plus", "quiet", why_not=why)]
    )
    if not found:
        section.text(say("Their numbers find this record, typed or scanned."), "muted")
        return
    section.table(
        [say("Number"), say("Used by"), ""],
        ((Fact(one.value, mono=True), one.institution, _taking(context, parent, one, why)) for one in found),
    )


def _taking(context: Context, parent: QWidget, number: Number, why: str) -> QWidget | None:
    """The one under which it came is corrected with the record itself."""
    if why or number.identifier is None:
        return None
    return Button(say("Take back"), "plain", "void", partial(_take_number_back, context, parent, number))


def add_another(context: Context, parent: QWidget, entity: str, record: UUID) -> Any:
    """What an institution calls the record."""
    from forensics.services.external_numbers import add_number

    form = FormDialog(
        say("Add a number"),
        lambda values: context.lab.run(add_number, entity, record, values["value"], values["institution"]),
        parent,
        again=True,
    )
    form.text("value", say("Number"), required=True, mono=True).editor.setProperty("takes_scan", True)
    form.text("institution", say("Used by"), required=True, keep=True)
    return form.ask()


def _take_number_back(context: Context, parent: QWidget, number: Number) -> Any:
    from forensics.services.external_numbers import remove_number

    assert number.identifier is not None
    seen = number.identifier
    form = FormDialog(
        say("Take back {0}").format(number.value),
        lambda values: context.lab.run(remove_number, seen, values["reason"]),
        parent,
        save=say("Take back"),
    )
    form.text("reason", say("Why"), required=True)
    return form.ask()
