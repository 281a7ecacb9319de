"""The sound of one run: the player loaded off the GUI thread, then fed until the app ends."""

from __future__ import annotations

import threading

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.bridge.audio_feeder import AudioFeeder
from musicapi_desktop.bridge.calls import Calls
from musicapi_desktop.domain.events import EventSink
from musicapi_desktop.presenters.settings import SoundFacts
from musicapi_desktop.services.playback import Playback

translate = QCoreApplication.translate


class Sound:
    """Starts the feeder in the background, because loading the arithmetic takes a moment."""

    def __init__(self, playback: Playback, sink: EventSink, calls: Calls) -> None:
        self._playback = playback
        self._sink = sink
        self._calls = calls
        self._lock = threading.Lock()
        self._feeder: AudioFeeder | None = None
        self._stopped = False
        self._device = ""
        self._depth = "normal"

    def facts(self) -> SoundFacts:
        """Where sound goes now, in words."""
        device = self._feeder.device if self._feeder is not None else ""
        if device == "null":
            if self._device:
                words = translate("Sound", "The chosen device is not there: playing silently until it is back.")
                return SoundFacts(trouble=words)
            return SoundFacts(trouble=translate("Sound", "No sound device: playing silently."))
        return SoundFacts(device=translate("Sound", "The system's sound output") if device else "")

    def choose(self, depth: str) -> None:
        """Use another depth of the queue: low, normal or safe."""
        from musicapi_desktop.audio.outputs import Latency

        if self._feeder is not None:
            self._depth = depth
            self._feeder.choose(Latency[depth.upper()], self._device)

    def devices(self) -> list[tuple[str, str]]:
        """Ids and names of the devices there are now; for a worker."""
        from musicapi_desktop.audio.outputs import devices

        return [(device.id, device.name) for device in devices()]

    def use(self, device: str) -> None:
        """Play to a device; '' follows the system."""
        self._device = device
        self.choose(self._depth)

    def start(self, depth: str, device: str = "") -> None:
        """Begin with a depth of the queue, on a device or the one of the system; returns at once."""
        self._depth, self._device = depth, device
        self._calls.run(lambda: self._begin(depth))

    def stop(self) -> None:
        """Fall silent and wait for the feeder. Safe to call before the start has ended."""
        with self._lock:
            self._stopped = True
            feeder = self._feeder
        if feeder is not None:
            feeder.stop()

    def _begin(self, depth: str) -> None:
        feeder = AudioFeeder(self._playback.start(), self._sink)
        with self._lock:
            if not self._stopped:
                self._feeder = feeder
                self.choose(depth)
                feeder.start()
