"""What can be asked of the service for a take: names, prices, and whether it opens the form or goes at once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.request import Operation, System
from musicapi_desktop.domain.song import Song, Take, TakeState

from .translate import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate
_O = Operation


class Group(StrEnum):
    """Where an operation stands in a take's menu."""

    MAKE = "make"
    PARTS = "parts"
    FILES = "files"
    FACTS = "facts"


@dataclass(frozen=True, slots=True)
class Saying:
    """What an operation is called in a menu and on the button, and whether it asks for more in the Create panel."""

    name: str
    group: Group
    form: bool = False
    heading: str = ""
    chip: str = ""


def _say(name: str, group: Group = Group.MAKE, *, form: bool = False, heading: str = "", chip: str = "") -> Saying:
    return Saying(name, group, form, heading or name, chip or name)


N = QT_TRANSLATE_NOOP
SAYINGS: Final = {
    _O.EXTEND: _say(N("Operations", "Extend"), form=True),
    _O.UPLOAD_EXTEND: _say(N("Operations", "Extend"), form=True),
    _O.COVER: _say(N("Operations", "Cover"), form=True),
    _O.UPLOAD_COVER: _say(N("Operations", "Cover"), form=True),
    _O.REPLACE_SECTION: _say(N("Operations", "Replace a section"), form=True),
    _O.ADD_VOCALS: _say(N("Operations", "Add vocals"), form=True),
    _O.ADD_INSTRUMENTAL: _say(N("Operations", "Add instrumental"), form=True),
    _O.REMASTER: _say(N("Operations", "Remaster"), form=True),
    _O.SAMPLE: _say(N("Operations", "Sample"), form=True),
    _O.MASHUP: _say(N("Operations", "Mash up with…"), form=True, heading=N("Operations", "Mash up")),
    _O.CONCAT: _say(N("Operations", "Join to the whole song")),
    _O.PRODUCER_EXTEND: _say(N("Operations", "Extend"), form=True),
    _O.PRODUCER_COVER: _say(N("Operations", "Cover"), form=True),
    _O.PRODUCER_REPLACE: _say(N("Operations", "Replace a section"), form=True),
    _O.PERSONA: _say(N("Operations", "Make a persona"), form=True),
    _O.CREATE_VOICE: _say(N("Operations", "Make a voice of it")),
    _O.UPLOAD: _say(N("Operations", "Hand in as a source")),
    _O.PRODUCER_UPLOAD: _say(N("Operations", "Hand in as a source")),
    _O.STEMS_BASIC: _say(N("Operations", "2 parts"), Group.PARTS),
    _O.STEMS_FULL: _say(N("Operations", "All parts"), Group.PARTS),
    _O.WAV: _say(N("Operations", "Save WAV"), Group.FILES, chip=N("Operations", "WAV")),
    _O.DOWNLOAD: _say(N("Operations", "Download"), Group.FILES),
    _O.PRODUCER_DOWNLOAD: _say(N("Operations", "Download"), Group.FILES),
    _O.MIDI: _say(N("Operations", "MIDI"), Group.FILES),
    _O.PRODUCER_VIDEO: _say(N("Operations", "Video clip"), Group.FILES),
    _O.BPM: _say(N("Operations", "Tempo"), Group.FACTS),
    _O.ALIGNED_LYRICS: _say(N("Operations", "Times of the words"), Group.FACTS),
    _O.VOX: _say(N("Operations", "Vocal reference"), Group.FACTS, form=True),
}
"""Every operation that works on a take, in the order of the menu."""

OF_A_FILE: Final = frozenset(
    {_O.UPLOAD_EXTEND, _O.UPLOAD_COVER, _O.SAMPLE, _O.UPLOAD, _O.CREATE_VOICE, _O.PRODUCER_UPLOAD}
)
"""What needs no clip of the service: the file itself is handed over."""
_OF_A_FILE_ONLY: Final = OF_A_FILE - {_O.SAMPLE, _O.CREATE_VOICE}
_PRODUCER_NAMES: Final = ("fuzz", "lyria", "producer")
_FORMATS: Final = {_O.DOWNLOAD: ("mp3", "m4a", "wav"), _O.PRODUCER_DOWNLOAD: ("mp3", "wav")}


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of a take's menu. ``format`` is the file's kind where one operation delivers several."""

    operation: Operation
    text: str
    price: str
    group: Group
    form: bool
    format: str = ""
    warning: str = ""

    @property
    def priced(self) -> str:
        """The words of the menu: the name, dots where it asks for more, and the price."""
        dots = "…" if self.form and not self.text.endswith("…") else ""
        return " · ".join(part for part in (f"{self.text}{dots}", self.price, self.warning) if part)

    @property
    def short(self) -> str:
        """The words of a chip: the name and the bare number of credits."""
        amount = self.price.partition(" ")[0]
        saying = SAYINGS.get(self.operation)
        name = translate("Operations", saying.chip) if saying is not None else self.text
        return f"{name} {amount}" if amount.isdigit() else name


@dataclass(frozen=True, slots=True)
class Asked:
    """What ``offers`` asks about the take's profile: whether it has an operation, and what that costs in words."""

    has: Callable[[Operation], bool]
    price: Callable[[Operation], str]
    warning: Callable[[Operation], str] = lambda _operation: ""


def offers(song: Song, take: Take, asked: Asked) -> tuple[Offer, ...]:
    """Everything the service can do with ``take`` now, in the order of the menu."""
    if take.state is not TakeState.READY or not take.path:
        return ()
    return tuple(_offers(song, take, asked))


def _offers(song: Song, take: Take, asked: Asked) -> Iterator[Offer]:
    for operation, saying in SAYINGS.items():
        if not _fits(operation, song, take) or not asked.has(operation):
            continue
        text = translate("Operations", saying.name)
        price = asked.price(operation)
        warning = asked.warning(operation)
        formats = _FORMATS.get(operation)
        if formats is None:
            yield Offer(operation, text, price, saying.group, saying.form, warning=warning)
            continue
        for name in formats:
            said = translate("Operations", "Download as {0}").format(name.upper())
            yield Offer(operation, said, price, saying.group, saying.form, name, warning)


def _fits(operation: Operation, song: Song, take: Take) -> bool:
    """Whether the take itself allows it, whatever the host offers."""
    if not take.clip_id:
        return operation in OF_A_FILE and operation.system is System.SONIC
    if operation.system is not family_of(take.model or song.model):
        return False
    if operation in _OF_A_FILE_ONLY:
        return False
    match operation:
        case Operation.WAV:
            return not take.wav_path
        case Operation.ALIGNED_LYRICS:
            return bool(take.lyrics.strip()) and "alignment" not in take.files
        case Operation.MIDI:
            return "midi" not in take.files
        case _:
            return True


def family_of(model: str) -> System:
    """The family of models a take was made with, by the name the service gives: a clip is known to its own alone."""
    return System.PRODUCER if model.lower().startswith(_PRODUCER_NAMES) else System.SONIC


_OTHER_NAMES: Final = {
    _O.LYRICS: N("Operations", "Write lyrics"),
    _O.PRODUCER_LYRICS: N("Operations", "Write lyrics"),
    _O.UPSAMPLE_TAGS: N("Operations", "Enlarge the style"),
    _O.CREATE: N("Operations", "New song"),
    _O.WITH_PERSONA: N("Operations", "New song with a persona"),
    _O.PRODUCER_CREATE: N("Operations", "New song with Producer"),
    _O.NURO_VOCAL: N("Operations", "New song with Nuro"),
    _O.NURO_BGM: N("Operations", "Background music with Nuro"),
    _O.EXTEND_UPLOAD: N("Operations", "Extend a recording"),
    _O.COVER_UPLOAD: N("Operations", "Cover a recording"),
}


def name_of(operation: Operation) -> str:
    """An operation in words."""
    saying = SAYINGS.get(operation)
    name = saying.name if saying is not None else _OTHER_NAMES.get(operation, str(operation))
    return translate("Operations", name).rstrip("…")


def heading_of(operation: Operation) -> str:
    """The heading of the Create panel for an operation."""
    saying = SAYINGS.get(operation)
    return translate("Operations", saying.heading) if saying else translate("Operations", "New song")
