"""MPRIS: media keys, headset buttons and the system's own player panel (specification 2.2).

https://specifications.freedesktop.org/mpris-spec/2.2/
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QObject, Signal, Slot

from .bus import Body, Bus, Letter

PATH = "/org/mpris/MediaPlayer2"
ROOT = "org.mpris.MediaPlayer2"
PLAYER = "org.mpris.MediaPlayer2.Player"
PROPERTIES = "org.freedesktop.DBus.Properties"
NAME = "org.mpris.MediaPlayer2.musicapi_desktop"
_MICRO = 1_000_000
_NO_TRACK = "/org/mpris/MediaPlayer2/TrackList/NoTrack"

Value = tuple[str, object]
"""A D-Bus variant: its signature and its value."""


@dataclass(frozen=True, slots=True)
class NowPlaying:
    """What the system shows. ``track`` names the take, '' for none; ``seconds`` its length; ``volume`` linear 0–1."""

    track: str = ""
    title: str = ""
    album: str = ""
    art: str = ""
    seconds: float = 0.0
    playing: bool = False
    looping: bool = False
    volume: float = 1.0


class Mpris(QObject):
    """The app as a media player on the bus. ``where`` tells the position in seconds when it is asked for.

    ``asked`` carries a command: play pause toggle stop next previous raise quit; ``asked_number`` one with a number:
    seek (seconds, from here), go (seconds, from the start), volume (linear), loop (0 or 1); ``opened`` an address.
    """

    asked = Signal(str)
    asked_number = Signal(str, float)
    opened = Signal(str)

    def __init__(self, bus: Bus, where: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._where = where
        self._now = NowPlaying()
        bus.called.connect(self._called)
        # a second library may be open at the same time
        bus.own(NAME)
        bus.own(f"{NAME}.instance{os.getpid()}")

    def show(self, now: NowPlaying) -> None:
        """Tell the system what changed."""
        before, self._now = self._player(), now
        after = self._player()
        changed = {name: value for name, value in after.items() if before.get(name) != value}
        if changed:
            self._bus.emit_signal(PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", (PLAYER, changed, []))

    def jumped(self, seconds: float) -> None:
        """Tell the system that the position jumped."""
        self._bus.emit_signal(PATH, PLAYER, "Seeked", "x", (round(seconds * _MICRO),))

    @Slot(object)
    def _called(self, letter: Letter) -> None:
        if letter.path != PATH:
            self._bus.refuse(letter, "UnknownObject")
            return
        try:
            signature, body = self._answer(letter.interface, letter.member, letter.body)
        except (LookupError, ValueError, TypeError):
            # another program's mistake: it is told, and nothing happens
            self._bus.refuse(letter, "InvalidArgs")
            return
        self._bus.reply(letter, signature, body)

    def _answer(self, interface: str, member: str, body: Body) -> tuple[str, Body]:
        """Do what is asked; return signature and body. Raises LookupError, ValueError or TypeError for nonsense."""
        if interface == PROPERTIES:
            return self._property(member, body)
        if interface == "org.freedesktop.DBus.Introspectable":
            return "s", (_INTROSPECTION,)
        if interface == "org.freedesktop.DBus.Peer" and member == "Ping":
            return "", ()
        if (interface, member) in _COMMANDS:
            self.asked.emit(_COMMANDS[interface, member])
        else:
            self._with_argument(member, body)
        return "", ()

    def _with_argument(self, member: str, body: Body) -> None:
        if member == "Seek":
            self.asked_number.emit("seek", _number(body[0]) / _MICRO)
        elif member == "OpenUri":
            self.opened.emit(str(body[0]))
        elif member == "SetPosition":
            seconds = _number(body[1]) / _MICRO
            # the specification: another track's or an impossible position is to be ignored
            if body[0] == _track_path(self._now.track) and 0 <= seconds <= self._now.seconds:
                self.asked_number.emit("go", seconds)
        else:
            raise KeyError(member)

    def _property(self, member: str, body: Body) -> tuple[str, Body]:
        known = self._root() if body[0] == ROOT else self._player() | {"Position": self._position()}
        if body[0] not in {ROOT, PLAYER}:
            raise KeyError(body[0])
        if member == "GetAll":
            return "a{sv}", (known,)
        if member == "Get":
            return "v", (known[str(body[1])],)
        self._set(str(body[1]), cast("Value", body[2])[1])
        return "", ()

    def _set(self, name: str, value: object) -> None:
        if name == "Volume":
            self.asked_number.emit("volume", min(1.0, max(0.0, _number(value))))
        elif name == "LoopStatus":
            self.asked_number.emit("loop", 0.0 if value == "None" else 1.0)
        elif name != "Rate" and name != "Shuffle":  # both have one value here, which may be set again
            raise KeyError(name)

    def _position(self) -> Value:
        return "x", round(max(0.0, self._where()) * _MICRO) if self._now.track else 0

    def _player(self) -> dict[str, Value]:
        now, there = self._now, bool(self._now.track)
        return {
            "PlaybackStatus": ("s", "Playing" if now.playing else "Paused" if there else "Stopped"),
            "LoopStatus": ("s", "Track" if now.looping else "None"),
            "Rate": ("d", 1.0),
            "MinimumRate": ("d", 1.0),
            "MaximumRate": ("d", 1.0),
            "Shuffle": ("b", False),
            "Metadata": ("a{sv}", _metadata(now)),
            "Volume": ("d", now.volume),
            "CanGoNext": ("b", there),
            "CanGoPrevious": ("b", there),
            "CanPlay": ("b", there),
            "CanPause": ("b", there),
            "CanSeek": ("b", there),
            "CanControl": ("b", True),
        }

    def _root(self) -> dict[str, Value]:
        return {
            "CanQuit": ("b", True),
            "CanRaise": ("b", True),
            "HasTrackList": ("b", False),
            "Identity": ("s", "MusicAPI Desktop"),
            "DesktopEntry": ("s", "musicapi-desktop"),
            "SupportedUriSchemes": ("as", ["musicapi"]),
            "SupportedMimeTypes": ("as", []),
        }


def linear(decibels: float) -> float:
    """A level in dB as MPRIS' volume, 0–1."""
    return 0.0 if decibels == -math.inf else min(1.0, 10.0 ** (decibels / 20.0))


def decibels(volume: float) -> float:
    """MPRIS' volume as a level in dB."""
    return 20.0 * math.log10(volume) if volume > 0 else -math.inf


def _number(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise TypeError(f"not a number: {value!r}")


def _track_path(track: str) -> str:
    # an object path has letters, digits and underscores only
    return f"{PATH}/take/{track.encode().hex()}" if track else _NO_TRACK


def _metadata(now: NowPlaying) -> Mapping[str, Value]:
    if not now.track:
        return {"mpris:trackid": ("o", _NO_TRACK)}
    known: dict[str, Value] = {
        "mpris:trackid": ("o", _track_path(now.track)),
        "mpris:length": ("x", round(now.seconds * _MICRO)),
        "xesam:title": ("s", now.title),
        "xesam:artist": ("as", ["MusicAPI"]),
    }
    if now.album:
        known["xesam:album"] = ("s", now.album)
    if now.art:
        known["mpris:artUrl"] = ("s", now.art)
    return known


_COMMANDS = {
    (PLAYER, "Play"): "play",
    (PLAYER, "Pause"): "pause",
    (PLAYER, "PlayPause"): "toggle",
    (PLAYER, "Stop"): "stop",
    (PLAYER, "Next"): "next",
    (PLAYER, "Previous"): "previous",
    (ROOT, "Raise"): "raise",
    (ROOT, "Quit"): "quit",
}

_INTROSPECTION = """\
<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
<node>
 <interface name="org.freedesktop.DBus.Properties">
  <method name="Get">
   <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/>
  </method>
  <method name="GetAll"><arg type="s" direction="in"/><arg type="a{sv}" direction="out"/></method>
  <method name="Set"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="in"/></method>
  <signal name="PropertiesChanged"><arg type="s"/><arg type="a{sv}"/><arg type="as"/></signal>
 </interface>
 <interface name="org.mpris.MediaPlayer2">
  <method name="Raise"/><method name="Quit"/>
  <property name="CanQuit" type="b" access="read"/><property name="CanRaise" type="b" access="read"/>
  <property name="HasTrackList" type="b" access="read"/><property name="Identity" type="s" access="read"/>
  <property name="DesktopEntry" type="s" access="read"/>
  <property name="SupportedUriSchemes" type="as" access="read"/>
  <property name="SupportedMimeTypes" type="as" access="read"/>
 </interface>
 <interface name="org.mpris.MediaPlayer2.Player">
  <method name="Next"/><method name="Previous"/><method name="Pause"/><method name="PlayPause"/><method name="Stop"/>
  <method name="Play"/><method name="Seek"><arg type="x" direction="in"/></method>
  <method name="SetPosition"><arg type="o" direction="in"/><arg type="x" direction="in"/></method>
  <method name="OpenUri"><arg type="s" direction="in"/></method><signal name="Seeked"><arg type="x"/></signal>
  <property name="PlaybackStatus" type="s" access="read"/><property name="LoopStatus" type="s" access="readwrite"/>
  <property name="Rate" type="d" access="readwrite"/><property name="Shuffle" type="b" access="readwrite"/>
  <property name="Metadata" type="a{sv}" access="read"/><property name="Volume" type="d" access="readwrite"/>
  <property name="Position" type="x" access="read"/><property name="MinimumRate" type="d" access="read"/>
  <property name="MaximumRate" type="d" access="read"/><property name="CanGoNext" type="b" access="read"/>
  <property name="CanGoPrevious" type="b" access="read"/><property name="CanPlay" type="b" access="read"/>
  <property name="CanPause" type="b" access="read"/><property name="CanSeek" type="b" access="read"/>
  <property name="CanControl" type="b" access="read"/>
 </interface>
</node>
"""
