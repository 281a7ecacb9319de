"""The controls of one take: what is set, what is listened to for a moment, scenes and undo. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from musicapi_desktop.domain.history import History
from musicapi_desktop.domain.kept_mix import SCENES, KeptMix, Loop
from musicapi_desktop.domain.mix import MixState


@dataclass(frozen=True, slots=True)
class Tune:
    """What of the player belongs to a take: the loop (seconds), the speed (percent), the key (semitones)."""

    loop: Loop | None = None
    loop_on: bool = False
    speed: int = 100
    key: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that a step of undo goes back to."""

    mix: MixState = field(default_factory=MixState)
    scenes: Mapping[str, MixState] = field(default_factory=dict[str, MixState])
    tune: Tune = field(default_factory=Tune)


class MixDesk:
    """``value`` is what is set; ``heard`` differs from it only while a button is held to listen."""

    def __init__(self, kept: KeptMix | None = None) -> None:
        kept = kept or KeptMix()
        scenes = {letter: mix for letter, mix in kept.scenes.items() if letter in SCENES}
        self._history = History(Board(kept.mix, scenes, Tune(kept.loop, kept.loop_on, kept.speed, kept.key)))
        self._scene = ""
        self._held: MixState | None = None

    @property
    def value(self) -> MixState:
        """The controls as they are set."""
        return self._history.value.mix

    @property
    def heard(self) -> MixState:
        """The controls as they sound."""
        return self._held or self.value

    @property
    def tune(self) -> Tune:
        """Loop, speed and key as they are set."""
        return self._history.value.tune

    @property
    def scenes(self) -> Mapping[str, MixState]:
        """The scenes stored, by letter."""
        return self._history.value.scenes

    @property
    def scene(self) -> str:
        """The scene that is set and not changed since; empty where none is."""
        return self._scene if self.scenes.get(self._scene) == self.value else ""

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether an undone step can be made again."""
        return self._history.can_redo

    def change(self, mix: MixState, key: object = None) -> None:
        """Set the controls; changes under one ``key`` are one step until ``seal``."""
        self._held = None
        self._history.change(replace(self._history.value, mix=mix), key)

    def note(self, tune: Tune) -> bool:
        """The player was set otherwise; False where it was not. A loop that is dragged is one step until ``seal``."""
        before = self.tune
        if tune == before:
            return False
        key = "loop" if (tune.speed, tune.key) == (before.speed, before.key) else "tune"
        self._history.change(replace(self._history.value, tune=tune), key)
        return True

    def settle(self, tune: Tune) -> None:
        """Begin with what of the kept state the player could take up: no step of the person's."""
        self._history = History(replace(self._history.value, tune=tune))

    def seal(self) -> None:
        """The hand let go."""
        self._history.seal()

    def undo(self) -> None:
        """One step back."""
        self._history.undo()

    def redo(self) -> None:
        """One step forth."""
        self._history.redo()

    def store(self, letter: str) -> None:
        """Keep what is set as a scene."""
        board = self._history.value
        self._history.change(replace(board, scenes={**board.scenes, letter: board.mix}))
        self._scene = letter

    def recall(self, letter: str) -> None:
        """Set a scene; an empty one takes what is set now."""
        if letter not in self.scenes:
            self.store(letter)
            return
        self.change(self.scenes[letter])
        self._scene = letter

    def listen(self, mix: MixState | None) -> None:
        """Let something else be heard, until None."""
        self._held = mix
