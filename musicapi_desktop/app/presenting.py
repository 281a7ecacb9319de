"""The presenters of one window, built over the services and connected to each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from musicapi_desktop import __version__
from musicapi_desktop.presenters.create import CreatePresenter
from musicapi_desktop.presenters.export import ExportPresenter
from musicapi_desktop.presenters.inspector import InspectorPresenter
from musicapi_desktop.presenters.ledger import LedgerPresenter
from musicapi_desktop.presenters.library import LibraryPresenter
from musicapi_desktop.presenters.mixer import MixerPresenter
from musicapi_desktop.presenters.places import PlacesPresenter
from musicapi_desktop.presenters.player import PlayerPresenter
from musicapi_desktop.presenters.profiles import ProfilePresenter
from musicapi_desktop.presenters.queue import QueuePresenter
from musicapi_desktop.presenters.settings import DEPTH_KEY, DEPTHS, SettingsPresenter, Sound
from musicapi_desktop.presenters.takes import TakeActions
from musicapi_desktop.presenters.webhooks import WebhooksPresenter
from musicapi_desktop.services.export_beside import Sources
from musicapi_desktop.services.export_run import ExportRun
from musicapi_desktop.services.mix_files import MixFiles
from musicapi_desktop.services.mix_memory import MixMemory
from musicapi_desktop.services.music_folder import MusicFolder
from musicapi_desktop.services.splitter import Splitter
from musicapi_desktop.ui.theme.tokens import tokens

from .core import MUSIC_FOLDER_KEY, Core, music_folder

_COLUMNS = 16_384


@dataclass(frozen=True, slots=True)
class Presenters:
    """One presenter per view, and what can be done to a take."""

    profiles: ProfilePresenter
    create: CreatePresenter
    takes: TakeActions
    library: LibraryPresenter
    inspector: InspectorPresenter
    queue: QueuePresenter
    ledger: LedgerPresenter
    player: PlayerPresenter
    mixer: MixerPresenter
    settings: SettingsPresenter
    export: ExportPresenter
    places: PlacesPresenter
    webhooks: WebhooksPresenter


def build_presenters(core: Core, sound: Sound) -> Presenters:
    """Build them; nothing is read from the disk before their ``load``."""
    calls, relay = core.calls, core.relay
    profiles = ProfilePresenter(core.accounts, calls, relay)
    takes = TakeActions(core.library, core.submit, core.accounts, core.export.save_as, calls)
    player = PlayerPresenter(core.playback, core.library, calls, relay, core.preferences, core.readings.words)
    player.device_wanted.connect(lambda: sound.choose(core.preferences.get(DEPTH_KEY, DEPTHS[1])))
    memory = MixMemory(core.places.data / "mixes")
    splitter = Splitter(core.submit, core.accounts, core.records)
    music = music_folder(core.places, core.preferences)
    exports = core.places.music.parent / "MusicAPI exports"
    program = ("MusicAPI Desktop", __version__)
    run = ExportRun(core.export, Sources(core.readings.words, tokens().stems, program))
    # as many as a lane that is zoomed in shows bars of
    peaks = partial(core.playback.lane_peaks, columns=_COLUMNS)
    mixer = MixerPresenter(player, core.playback, calls, relay, memory, splitter, peaks)
    mixer.read_notes = core.readings.notes
    mixer.files = MixFiles(run, exports / "Dragged")
    return Presenters(
        profiles=profiles,
        create=CreatePresenter(core.submit, profiles, core.preferences, calls),
        takes=takes,
        library=LibraryPresenter(core.rows, core.queue, takes, calls, relay),
        inspector=InspectorPresenter(core.library, takes, calls, relay),
        queue=QueuePresenter(core.queue, core.library, calls, relay),
        ledger=LedgerPresenter(core.ledger, core.accounts, calls, relay),
        player=player,
        mixer=mixer,
        settings=SettingsPresenter(core.accounts, profiles, core.preferences, calls, sound, music),
        places=PlacesPresenter(core.outside.places, calls),
        webhooks=WebhooksPresenter(core.outside.webhooks, profiles, calls),
        export=ExportPresenter(run, calls, core.preferences, exports),
    )


def music_mover(core: Core) -> MusicFolder:
    """What keeps songs in another folder."""
    keep = partial(core.preferences.set, MUSIC_FOLDER_KEY)
    return MusicFolder(core.library.folders, lambda: not core.records.jobs.in_flight(), keep)
