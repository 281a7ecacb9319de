"""One page per style: form, chords, piano roll, stems and spectrum of a take: one sees what the composer does."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter, QPen, QPolygonF

_WIDE, _HIGH = 1600, 1180
_LEFT, _RIGHT = 130, 24
_INK, _SOFT, _PAPER = QColor("#1c2230"), QColor("#6b7385"), QColor("#ffffff")
_KINDS = {
    "intro": "#b9c4d6", "verse": "#8fb4e8", "pre": "#9ad4c3", "chorus": "#f2a65a", "bridge": "#c9a4e0",
    "build": "#9ad4c3", "drop": "#f2765a", "break": "#d6d9a4", "solo": "#e8c25a", "outro": "#b9c4d6",
}  # fmt: skip
_PARTS = {"Bass": "#7d5ba6", "Keyboard": "#9fb3c8", "Guitar": "#b7c9a8", "Strings": "#d9c2a0", "Synth": "#a8c9c4"}
_LOW, _TOP = 28, 88
_WINDOW, _HOP = 4096, 2048


def draw_all(folder: Path, seconds: float) -> list[Path]:
    """Make a sung take of every style and draw its page; returns the pages."""
    from engine import Wish, brief_of, wishes

    from musicapi_desktop.offline.engine import make_take

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    pages: list[Path] = []
    for style in sorted({wish.style for wish in wishes(quick=False, seconds=seconds)}):
        wish = Wish(0, 0, style, sung=True, bpm=0, key="", seconds=seconds, seed=1)
        with tempfile.TemporaryDirectory() as work:
            made = make_take(brief_of(wish), Path(work), lambda _share, _word: None, lambda: False)
            page = draw(made)
        pages.append(folder / f"{style}.png")
        page.save(str(pages[-1]))
    del app
    return pages


def draw(made: object) -> QImage:
    """The page of one take."""
    score = json.loads(made.score.read_text())
    image = QImage(_WIDE, _HIGH, QImage.Format.Format_RGB32)
    image.fill(_PAPER)
    with _Page(image, made.seconds) as page:
        head = f"{score['style']}   {score['key']}   {score['bpm']:g} bpm   {score['meter']}"
        page.text(QRectF(_LEFT, 10, 1200, 34), head, 17)
        page.form(score, 52)
        page.chords(score, 122)
        page.roll(score, QRectF(0, 158, 0, 320))
        page.waves(made.stems, 496)
        page.spectrum(made.mix, QRectF(0, 910, 0, 240))
    return image


class _Page:
    """A painter that knows where a second lies."""

    def __init__(self, image: QImage, seconds: float) -> None:
        self._image = image
        self._painter = QPainter(image)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._scale = (_WIDE - _LEFT - _RIGHT) / seconds
        self._end = _WIDE - _RIGHT

    def __enter__(self) -> _Page:
        return self

    def __exit__(self, *_: object) -> None:
        self._painter.end()

    def at(self, seconds: float) -> float:
        return _LEFT + max(0.0, seconds) * self._scale

    def text(self, where: QRectF, words: str, size: int = 9, colour: QColor = _INK) -> None:
        self._painter.setPen(colour)
        self._painter.setFont(QFont("Inter", size))
        self._painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def label(self, y: float, height: float, words: str) -> None:
        self.text(QRectF(12, y, _LEFT - 20, height), words, 9, _SOFT)

    def form(self, score: dict, y: float) -> None:
        self.label(y, 60, "form")
        for mark in score["sections"]:
            high = 24 + 36 * mark["energy"]
            x, width = self.at(mark["start"]), (mark["end"] - mark["start"]) * self._scale
            self._painter.fillRect(QRectF(x, y + 60 - high, width - 1, high), QColor(_KINDS.get(mark["kind"], "#ccc")))
            self.text(QRectF(x + 4, y + 38, width, 20), mark["label"] if width > 40 else mark["kind"][:2])

    def chords(self, score: dict, y: float) -> None:
        self.label(y, 24, "chords")
        free = 0.0
        for mark in score["chords"]:
            x = self.at(mark["start"])
            self._painter.setPen(QPen(QColor("#d5d9e2")))
            self._painter.drawLine(QPointF(x, y), QPointF(x, y + 26))
            if x >= free:
                self.text(QRectF(x + 2, y, 60, 24), mark["name"], 8)
                free = x + 9 + 6.2 * len(mark["name"])

    def roll(self, score: dict, box: QRectF) -> None:
        self.label(box.y(), 20, "notes")
        for row, (name, colour) in enumerate([("melody", "#e4572e"), *_PARTS.items()]):
            self.text(QRectF(12, box.y() + 22 + 16 * row, 110, 16), name.lower(), 8, QColor(colour))
        for pitch in range(_LOW, _TOP):
            if pitch % 12 == score["tonic"]:
                y = self._row(box, pitch)
                self._painter.fillRect(QRectF(_LEFT, y, self._end - _LEFT, box.height() / 60), QColor("#f1f3f7"))
        for track in score["tracks"]:
            colour = _PARTS.get(track["stem"])
            if colour:
                self._notes(track["notes"], box, QColor(colour))
        self._notes(score["melody"], box, QColor("#e4572e"))

    def _row(self, box: QRectF, pitch: int) -> float:
        return box.bottom() - (pitch - _LOW + 1) * box.height() / (_TOP - _LOW)

    def _notes(self, notes: list[dict], box: QRectF, colour: QColor) -> None:
        for note in notes:
            if _LOW <= note["pitch"] < _TOP:
                width = max(2.0, note["length"] * self._scale - 1)
                self._painter.fillRect(QRectF(self.at(note["start"]), self._row(box, note["pitch"]), width, 5), colour)

    def waves(self, stems: object, y: float) -> None:
        sounding = [stem for stem in stems if not stem.silent]
        high = min(44.0, 400.0 / max(1, len(sounding)))
        columns = self._end - _LEFT
        shapes = [self._columns(stem.path, columns) for stem in sounding]
        loudest = max((float(shape.max()) for shape in shapes), default=1.0)
        for number, (stem, shape) in enumerate(zip(sounding, shapes, strict=True)):
            top = y + number * high
            self.label(top, high, stem.name)
            middle, half = top + high / 2, (high / 2 - 2) / loudest
            upper = [QPointF(_LEFT + x, middle - half * float(v)) for x, v in enumerate(shape)]
            lower = [QPointF(_LEFT + x, middle + half * float(v)) for x, v in reversed(list(enumerate(shape)))]
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(QColor("#4a7fc1"))
            self._painter.drawPolygon(QPolygonF([*upper, *lower]))

    @staticmethod
    def _columns(path: Path, count: int) -> np.ndarray:
        sound = np.abs(soundfile.read(path, dtype="float32")[0]).max(axis=1)
        return sound[: len(sound) // count * count].reshape(count, -1).max(axis=1)

    def spectrum(self, mix: Path, box: QRectF) -> None:
        self.label(box.y(), 20, "spectrum")
        sound = soundfile.read(mix, dtype="float32")[0].mean(axis=1)
        views = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::_HOP]
        level = 20 * np.log10(np.abs(np.fft.rfft(views * np.hanning(_WINDOW).astype(np.float32))) + 1e-3)
        bins = np.geomspace(40, 16_000, int(box.height())) * _WINDOW / 48_000
        rows = level[:, np.clip(np.round(bins).astype(int), 1, level.shape[1] - 1)].T[::-1]
        shade = np.clip((rows + 20) / 70, 0, 1)
        colours = np.stack([255 - 225 * shade, 255 - 190 * shade, 255 - 110 * shade], axis=-1).astype(np.uint8)
        pixels = np.ascontiguousarray(colours)
        picture = QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], QImage.Format.Format_RGB888)
        self._painter.drawImage(QRectF(_LEFT, box.y(), self._end - _LEFT, box.height()), picture)
        for hertz in (100, 1000, 10_000):
            y = box.bottom() - box.height() * np.log(hertz / 40) / np.log(400)
            self.text(QRectF(70, float(y) - 8, 60, 16), f"{hertz} Hz", 8, _SOFT)
