"""A job in words: pure functions from domain values to the rows of the queue. No Qt objects, no state."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from musicapi_desktop.domain.job import IN_FLIGHT, NEEDS_PERSON, UNSENT, Blame, Charge, Job, JobState
from musicapi_desktop.domain.profile import LOCAL_PROFILE_ID
from musicapi_desktop.domain.request import Mode, Operation, Outcome, Request, Source
from musicapi_desktop.domain.song import Song, TakeState
from musicapi_desktop.models import words
from musicapi_desktop.models.queue_rows import Act, QueueRow, Section, Segment, Tone
from musicapi_desktop.wire.limits import limits_of

from . import usual_times
from .create_fields import PLAIN
from .operations import name_of

translate = QCoreApplication.translate

_SEGMENTS = 6
_TO_SEE = frozenset({Outcome.SONG, Outcome.FILES, Outcome.FACTS})
"""What leaves something in the library that can be played and shown."""
_STEP = {
    JobState.HELD: 0,
    JobState.WAITING: 0,
    JobState.SENDING: 1,
    JobState.PERHAPS_SENT: 1,
    JobState.ACCEPTED: 2,
    JobState.MAKING: 3,
    JobState.DOWNLOADING: 4,
    JobState.CHECKING: 5,
    JobState.READY: 6,
}


@dataclass(frozen=True, slots=True)
class Around:
    """What a row's words depend on besides its job: its song, the time, how long such jobs usually take (seconds)."""

    song: Song | None
    now: float
    usual: tuple[float, float] | None = None
    place: int = 0


def section_of(job: Job) -> Section | None:
    """The group a job belongs to; None for one the person has removed."""
    match job.state:
        case JobState.FAILED | JobState.PERHAPS_SENT:
            return Section.NEEDS_YOU
        case JobState.READY:
            return Section.READY
        case JobState.ABANDONED:
            return Section.STOPPED
        case JobState.REMOVED:
            return None
        case state:
            return Section.WAITING if state in UNSENT else Section.RUNNING


def row_of(job: Job, around: Around) -> QueueRow:
    """Word one job. ``job`` must belong to a group (``section_of``)."""
    section = section_of(job) or Section.STOPPED
    title = title_of(job.request, around.song)
    stage = _stage(job, around)
    money, tone = _money(job)
    second = _second(job)
    elapsed = _elapsed(job, around)
    acts, more = _acts(job)
    spoken = [title, second, stage, elapsed, money]
    source = worked_on(job.request)
    return QueueRow(
        job_id=job.id,
        section=section,
        song_id=_song_id(job),
        take_id=source.take_id if source else "",
        mark=_mark(job, around),
        title=title,
        letters=_letters(job, around.song),
        badge=_badge(job.request),
        second=second,
        segments=segments(job),
        stage=stage,
        elapsed=elapsed,
        money=money,
        money_tone=tone,
        acts=acts,
        more=more,
        tip=_tip(job),
        spoken=", ".join(part for part in spoken if part),
        has_cover=section is not Section.WAITING,
    )


def title_of(request: Request, song: Song | None) -> str:
    """What a job is called: its song's title, or the first words of what was asked."""
    if song is not None and song.title:
        return song.title
    if request.source is not None and request.source.title:
        return request.source.title
    if request.title.strip():
        return request.title.strip()
    text = request.lyrics if request.mode is Mode.LYRICS else request.description or request.style
    first = next((line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("[")), "")
    return first[:60] or translate("Queue", "Untitled")


def worked_on(request: Request) -> Source | None:
    """The take a job leaves something on; None where it makes a song of its own, whatever that is made from."""
    return None if request.operation.makes_songs else request.source


def model_label(model: str) -> str:
    """A model's name as people say it: sonic-v5-5 becomes Sonic v5.5; empty where none is known."""
    return limits_of(model).label if model else ""


def segments(job: Job) -> tuple[Segment, ...]:
    """The stage bar of a job."""
    if job.state is JobState.FAILED or job.state is JobState.ABANDONED:
        at, here = _failed_at(job), Segment.FAILED if job.state is JobState.FAILED else Segment.TODO
    else:
        at = _STEP[job.state]
        unsure = job.state is JobState.PERHAPS_SENT
        here = Segment.UNSURE if unsure else Segment.ACTIVE if job.state in IN_FLIGHT else Segment.TODO
    bar = [Segment.DONE] * at + [Segment.TODO] * (_SEGMENTS - at)
    if at < _SEGMENTS:
        bar[at] = here
    return tuple(bar)


def next_request(due: float | None, now: float) -> str:
    """When the next request may go out; empty where nothing is due."""
    if due is None or due - now < 0.05:
        return ""
    left = due - now
    if left < 60:
        return translate("Queue", "Next request in {0} s").format(f"{left:.1f}")
    return translate("Queue", "Next request in {0}").format(words.clock(left))


def _song_id(job: Job) -> str:
    source = worked_on(job.request)
    if source is not None:
        return source.song_id
    return job.tasks[0].song_id if job.tasks else ""


def _mark(job: Job, around: Around) -> str:
    match job.state:
        case JobState.FAILED:
            return "!"
        case JobState.PERHAPS_SENT:
            return "?"
        case JobState.HELD | JobState.WAITING:
            return str(around.place) if around.place else ""
        case _:
            return ""


def _letters(job: Job, song: Song | None) -> tuple[str, ...]:
    if song is None or job.state in UNSENT | NEEDS_PERSON or len(job.tasks) > 1:
        return ()
    source = worked_on(job.request)
    if source is not None:
        take = song.take(source.take_id)
        return (take.letter,) if take else ()
    return tuple(take.letter for take in song.takes if take.state is not TakeState.FAILED)


def _badge(request: Request) -> str:
    match request.operation:
        case Operation.WAV:
            return translate("Queue", "WAV")
        case Operation.STEMS_BASIC | Operation.STEMS_FULL:
            return translate("Queue", "Stems")
        case _ if request.songs > 1:
            return words.plural("Queue", "{0} song(s)", request.songs)
        case _:
            return ""


def _second(job: Job) -> str:
    if job.state is JobState.FAILED and job.failure is not None:
        return job.failure.message
    if job.state is JobState.PERHAPS_SENT:
        return _lost_sentence(job)
    request = job.request
    match request.operation:
        case Operation.STEMS_BASIC:
            return translate("Queue", "Split into two parts: voice and band")
        case Operation.STEMS_FULL:
            return translate("Queue", "Split into all parts")
        case Operation.WAV:
            return translate("Queue", "Save as WAV")
        case _:
            pass
    name = "" if request.operation in PLAIN else name_of(request.operation)
    batch = translate("Queue", "one batch") if request.songs > 1 else ""
    said = request.style.strip() or request.description.strip()
    return " · ".join(part for part in (name, model_label(request.model), batch, " ".join(said.split())) if part)


def _lost_sentence(job: Job) -> str:
    if job.balance_before is None:
        return translate("Queue", "The answer was lost after sending. It is not sent again by itself.")
    if job.balance_after is None:
        text = translate("Queue", "The answer was lost after sending. Balance before {0}, now not known.")
        return text.format(words.number(job.balance_before))
    text = translate("Queue", "The answer was lost after sending. Balance before {0}, now {1}.")
    return text.format(words.number(job.balance_before), words.number(job.balance_after))


def _stage(job: Job, around: Around) -> str:
    match job.state:
        case JobState.FAILED:
            return _failed_word(job)
        case JobState.READY:
            return _ready_word(job)
        case JobState.MAKING | JobState.ACCEPTED:
            return " · ".join(
                part for part in (stage_word(job.state), job.progress, usual_times.usually(around.usual)) if part
            )
        case JobState.WAITING if job.progress:
            # only a source file on its way up makes progress before anything is sent
            return translate("Queue", "Putting the file in its place · {0}").format(job.progress)
        case JobState.DOWNLOADING if job.progress:
            return translate("Queue", "Downloading {0}").format(job.progress)
        case _:
            return stage_word(job.state)


def stage_word(state: JobState) -> str:
    """The one word or two for where a job is."""
    named = {
        JobState.HELD: translate("Queue", "Held"),
        JobState.WAITING: translate("Queue", "Waiting here"),
        JobState.SENDING: translate("Queue", "Sending"),
        JobState.ACCEPTED: translate("Queue", "Accepted"),
        JobState.MAKING: translate("Queue", "Making"),
        JobState.DOWNLOADING: translate("Queue", "Downloading"),
        JobState.CHECKING: translate("Queue", "Checking"),
        JobState.READY: translate("Queue", "Ready"),
        JobState.FAILED: translate("Queue", "Failed"),
        JobState.PERHAPS_SENT: translate("Queue", "Perhaps sent"),
        JobState.REMOVED: translate("Queue", "Removed"),
        JobState.ABANDONED: translate("Queue", "No longer waited for"),
    }
    return named[state]


def _failed_word(job: Job) -> str:
    blame = job.failure.blame if job.failure else Blame.THEIRS
    named = {
        Blame.YOURS: translate("Queue", "Refused · yours to change"),
        Blame.OURS: translate("Queue", "Failed · network or disk"),
        Blame.THEIRS: translate("Queue", "Failed · at the service"),
        Blame.MONEY: translate("Queue", "Stopped · credits"),
    }
    return named[blame]


def _ready_word(job: Job) -> str:
    if job.ended_at is None or job.sent_at is None:
        return stage_word(JobState.READY)
    return translate("Queue", "Ready · took {0}").format(words.clock(job.ended_at - job.sent_at))


def _failed_at(job: Job) -> int:
    if any(task.done for task in job.tasks):
        return _STEP[JobState.DOWNLOADING]
    if any(task.task_id for task in job.tasks):
        return _STEP[JobState.MAKING]
    return _STEP[JobState.ACCEPTED] if job.sent_at is not None else _STEP[JobState.SENDING]


def _elapsed(job: Job, around: Around) -> str:
    if job.state in UNSENT:
        return ""
    if job.state is JobState.READY:
        return _landed(around.song)
    begun = job.sent_at or job.created_at
    ended = job.ended_at if job.ended_at is not None and job.state not in IN_FLIGHT else around.now
    return words.clock(ended - begun) if begun else ""


def _landed(song: Song | None) -> str:
    lengths = [take.seconds for take in song.takes if take.seconds > 0] if song else []
    return words.length(lengths[0]) if lengths else ""


def _money(job: Job) -> tuple[str, Tone]:
    if job.profile_id == LOCAL_PROFILE_ID:
        return translate("Queue", "free"), Tone.DIM
    amount = int(job.estimate)
    credits_ = words.plural("Queue", "{0} credit(s)", amount)
    if job.state in UNSENT:
        return translate("Queue", "about {0}").format(credits_), Tone.PLAIN
    if job.state is JobState.PERHAPS_SENT or job.charge is Charge.UNKNOWN:
        return translate("Queue", "perhaps {0}").format(credits_), Tone.WARN
    if job.charge is Charge.REFUNDED:
        return translate("Queue", "refunded"), Tone.GOOD
    if job.state is JobState.FAILED:
        if job.charge is Charge.NONE:
            return translate("Queue", "not charged"), Tone.GOOD
        return translate("Queue", "{0} charged").format(words.number(amount)), Tone.WARN
    return credits_, Tone.PLAIN


def _acts(job: Job) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
    match job.state:
        case JobState.HELD:
            return (Act.RELEASE, Act.REMOVE), (Act.RELEASE_ALL,)
        case JobState.WAITING:
            return (Act.RUN_NEXT, Act.REMOVE), (Act.STOP_AFTER, Act.HOLD)
        case JobState.ACCEPTED | JobState.MAKING | JobState.DOWNLOADING | JobState.CHECKING:
            return (Act.STOP_WAITING,), ()
        case JobState.PERHAPS_SENT:
            return (Act.LOOK, Act.FORGET), (Act.SEND_AGAIN,)
        case JobState.READY:
            return ((Act.PLAY, Act.SHOW), ()) if job.request.operation.outcome in _TO_SEE else ((), ())
        case JobState.FAILED:
            return _failed_acts(job)
        case JobState.ABANDONED:
            return (Act.TRY_AGAIN,), ()
        case _:
            return (), ()


def _failed_acts(job: Job) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
    mine = job.failure is not None and job.failure.blame is Blame.YOURS and job.request.operation.makes_songs
    first, other = (Act.FIX, Act.TRY_AGAIN) if mine else (Act.TRY_AGAIN, Act.FIX)
    more = (other, Act.COPY_DETAILS) if job.request.operation.makes_songs else (Act.COPY_DETAILS,)
    return (first, Act.FORGET), more


def _tip(job: Job) -> str:
    failure = job.failure
    if failure is None or job.state not in (JobState.FAILED, JobState.PERHAPS_SENT):
        return ""
    return "\n".join(part for part in (failure.message, failure.hint, failure.detail) if part)
