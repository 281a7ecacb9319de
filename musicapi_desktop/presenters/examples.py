"""Three worked examples: what the first start offers to make, and what fills an empty form."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.request import Mode, Request, Voice
from musicapi_desktop.domain.units import Seconds

from .translate import QT_TRANSLATE_NOOP

_NEON_RAIN = """[Verse]
Taxi lights are painting rivers down the glass
Every signal turns to amber as I pass
I keep the radio between two cities' songs
Somewhere in the static you still hum along

[Chorus]
Neon rain, wash me slow
Neon rain, let me go (let me go)
Every color that we know
Falls like neon rain"""


@dataclass(frozen=True, slots=True)
class Example:
    """``cover`` is the seed of the card's picture; name and line are translated when shown."""

    name: str
    line: str
    cover: str
    request: Request

    def shown_name(self) -> str:
        """The name on the card."""
        return QCoreApplication.translate("Examples", self.name)

    def shown_line(self) -> str:
        """The line below it."""
        return QCoreApplication.translate("Examples", self.line)


EXAMPLES = (
    Example(
        QT_TRANSLATE_NOOP("Examples", "Synthwave drive"),
        QT_TRANSLATE_NOOP("Examples", "“Neon Rain” with words, female vocal, 112 bpm"),
        "example-synthwave-1026",
        Request(
            mode=Mode.LYRICS,
            title="Neon Rain",
            lyrics=_NEON_RAIN,
            style="synthwave, female vocal, 112 bpm",
            voice=Voice.FEMALE,
        ),
    ),
    Example(
        QT_TRANSLATE_NOOP("Examples", "Epic trailer"),
        QT_TRANSLATE_NOOP("Examples", "no words · slow build, choir, taiko, 90 seconds"),
        "example-trailer-425",
        Request(
            mode=Mode.INSTRUMENTAL,
            title="Iron Tide",
            style="epic trailer, orchestra, slow build, choir, taiko",
            duration=Seconds(90.0),
        ),
    ),
    Example(
        QT_TRANSLATE_NOOP("Examples", "Lofi to study by"),
        QT_TRANSLATE_NOOP("Examples", "no words · rhodes, vinyl, 78 bpm"),
        "example-lofi-2536",
        Request(mode=Mode.INSTRUMENTAL, title="Paper Lanterns", style="lofi, rhodes, vinyl, 78 bpm"),
    ),
)
