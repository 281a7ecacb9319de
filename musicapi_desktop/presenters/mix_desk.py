"""The controls of one take: what is set, what is listened to for a moment, scenes and undo. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

from musicapi_desktop.domain.history import History
from musicapi_desktop.domain.kept_mix import SCENES, KeptMix
from musicapi_desktop.domain.mix import MixState


class MixDesk:
    """``value`` is what is set; ``heard`` differs from it only while a button is held to listen."""

    def __init__(self, kept: KeptMix | None = None) -> None:
        kept = kept or KeptMix()
        self._history = History(kept.mix)
        self._scenes = {letter: mix for letter, mix in kept.scenes.items() if letter in SCENES}
        self._scene = ""
        self._held: MixState | None = None

    @property
    def value(self) -> MixState:
        """The controls as they are set."""
        return self._history.value

    @property
    def heard(self) -> MixState:
        """The controls as they sound."""
        return self._held or self._history.value

    @property
    def scenes(self) -> Mapping[str, MixState]:
        """The scenes stored, by letter."""
        return self._scenes

    @property
    def scene(self) -> str:
        """The scene that is set and not changed since; empty where none is."""
        return self._scene if self._scenes.get(self._scene) == self.value else ""

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
        self._history.change(mix, key)

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
        self._scenes[letter] = self.value
        self._scene = letter

    def recall(self, letter: str) -> None:
        """Set a scene; an empty one takes what is set now."""
        if letter not in self._scenes:
            self.store(letter)
            return
        self.change(self._scenes[letter])
        self._scene = letter

    def listen(self, mix: MixState | None) -> None:
        """Let something else be heard, until None."""
        self._held = mix
