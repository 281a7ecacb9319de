"""Going from take to take at the same position, openly or blind."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from musicapi_desktop.domain.beats import Beats
from musicapi_desktop.domain.errors import KnownError
from musicapi_desktop.domain.song import Song, Take
from musicapi_desktop.domain.timed_lyrics import TimedWord

from .blind import Blind
from .player_sound import PlayerSound
from .player_state import facts_of, hidden, playable

if TYPE_CHECKING:
    from musicapi_desktop.bridge.calls import Calls
    from musicapi_desktop.settings.preferences import Preferences

    from .transport import Transport


_ALIGNMENT = "alignment"


class PlayerTakes(PlayerSound):
    """The takes of the song that is open. ``announced`` carries what a screen reader says of a change of the takes."""

    opened = Signal(object, object)
    announced = Signal(str)

    def __init__(
        self,
        transport: Transport,
        preferences: Preferences,
        calls: Calls,
        words: Callable[[Take], tuple[TimedWord, ...]] | None,
    ) -> None:
        super().__init__(transport, preferences)
        self._calls = calls
        self._read_words = words
        self._words: tuple[TimedWord, ...] = ()
        self._words_of: tuple[str, str] = ("", "")
        self._song: Song | None = None
        self._take: Take | None = None
        self._blind: Blind | None = None
        self._ticket = 0

    def choose_take(self, letter: str) -> None:
        """Go on with another take at the same position."""
        take = next((t for t in playable(self._song) if t.letter == letter), None)
        if take is None or take is self._take or self._song is None:
            return
        self._ticket += 1
        self._take = take
        self.show(**self._facts())
        self._calls.run(
            partial(self._transport.switch_take, letter),
            partial(self._switched, self._ticket),
            partial(self._not_opened, self._ticket),
        )

    def choose_take_number(self, number: int) -> None:
        """Keys 1–9, or a press on a letter: the takes in the order in which they are shown."""
        order = self._blind.order if self._blind is not None else self.state.takes
        if 1 <= number <= len(order):
            self.choose_take(order[number - 1])

    def toggle_blind(self) -> None:
        """Hide and shuffle the letters; again shows them, and what was preferred."""
        if self._blind is not None:
            self._reveal(self._blind)
        elif self._song is not None and len(self.state.takes) > 1:
            self._blind = Blind(self.state.takes)
            # a louder take sounds better: blind means at one loudness
            self._transport.match(True)
            self.show(**self._facts(), blind=True, choices=0, tally=())
            self.choose_take(self._blind.order[0])
            self.announced.emit(self.tr("Takes are compared blind. Press B to show the letters."))

    def prefer(self) -> None:
        """Count the take that plays as the better one; the takes get new places."""
        if self._blind is None or self._take is None:
            return
        self._blind.prefer(self._take.letter)
        self.show(**self._facts(), choices=self._blind.choices)
        self.choose_take(self._blind.order[0])
        self.announced.emit(self.tr("Choice {count} noted, takes shuffled.").format(count=self._blind.choices))

    def _reveal(self, blind: Blind) -> None:
        self._end_blind()
        self.show(**self._facts(), tally=blind.tally if blind.choices else ())
        said = ", ".join(f"{letter}: {count}" for letter, count in self.state.tally)
        words = self.tr("Take {letter} plays.").format(letter=self.state.take)
        self.announced.emit(f"{words} {self.tr('Preferred: {tally}.').format(tally=said)}" if said else words)

    def _end_blind(self) -> None:
        if self._blind is not None:
            self._transport.match(self.state.match_on)
        self._blind = None
        self.show(blind=False, choices=0, tally=())

    def _facts(self) -> dict[str, object]:
        self._want_words()
        facts = facts_of(self._song, self._take, self._words)
        if self._blind is not None and self._song is not None and self._take is not None:
            return hidden(facts, self._song, self._blind)
        return facts

    def _want_words(self) -> None:
        """Read the take's sung words in the background, where they are another's or have just come."""
        take = self._take
        wanted = (take.id, take.files.get(_ALIGNMENT, "")) if take is not None else ("", "")
        if wanted != self._words_of:
            self._words, self._words_of = (), wanted
            if take is not None and self._read_words is not None:
                self._calls.run(partial(self._read_words, take), partial(self._have_words, wanted), self._failed)

    def _have_words(self, of: tuple[str, str], words: tuple[TimedWord, ...]) -> None:
        if of == self._words_of and words != self._words:
            self._words = words
            self.show(**self._facts())

    def _switched(self, ticket: int, _nothing: object) -> None:
        if ticket == self._ticket and self._song is not None and self._take is not None:
            self._announce(self._song, self._take)

    def _announce(self, song: Song, take: Take) -> None:
        """Tell that a take can be heard, and listen for its beats."""
        self.opened.emit(song, take)
        self.show(beats=(), click_ready=False)
        # what cannot be listened to cannot be played either, and that was told
        self._calls.run(
            partial(self._transport.find_beats, take), partial(self._beats_found, self._ticket), lambda _error: None
        )

    def _beats_found(self, ticket: int, beats: Beats) -> None:
        if ticket == self._ticket:
            self.show(beats=beats.times, bar=beats.bar, click_ready=bool(beats.times))

    def _not_opened(self, ticket: int, error: BaseException) -> None:
        if ticket == self._ticket:
            words = error.message if isinstance(error, KnownError) else self.tr("This take could not be opened.")
            self.show(loading=False, playing=False, error=words)
        self._failed(error)

    def _failed(self, error: BaseException) -> None:
        self.told.emit(error)
