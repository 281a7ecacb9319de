"""Whatever the service, the line, the disk and the person do, in any order: no song is paid for twice, none is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from fakes.pump import Pump
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from musicapi_desktop.domain.errors import (
    AnswerLost,
    AnswerNotUnderstood,
    DownloadError,
    KeyRefused,
    NoCredits,
    NotFound,
    Offline,
    ServiceBroken,
    TooFast,
    WordsRefused,
)
from musicapi_desktop.domain.job import IN_FLIGHT, UNSENT, JobState
from musicapi_desktop.domain.song import AudioFacts, TakeState
from musicapi_desktop.services.downloads import Fetched
from musicapi_desktop.wire.schema import (
    Balance,
    BatchEntry,
    BatchSubmitted,
    Clip,
    ClipPhase,
    Posted,
    TaskPhase,
    TaskResult,
)

S = JobState
FAULTS = {
    "offline": Offline("cannot be reached"),
    "lost": AnswerLost("lost"),
    "odd": AnswerNotUnderstood("odd", status=200),
    "broken": ServiceBroken("broken", status=500),
    "fast": TooFast("slower"),
    "key": KeyRefused("bad key", status=401),
    "money": NoCredits("no credits", status=402),
    "words": WordsRefused("words", status=403),
}
POSTED_ALL_THE_SAME = ("lost", "odd", "broken")
QUESTION_FAULTS = ("offline", "lost", "odd", "broken", "fast", "key", "unknown")


class Service:
    """Counts what was paid for, by the text of the request."""

    def __init__(self):
        self.post_fault = ""
        self.question_fault = ""
        self.tasks = {}
        self.paid = Counter()
        self.ending = {}

    def _post(self, bodies):
        fault, self.post_fault = self.post_fault, ""
        if fault and fault not in POSTED_ALL_THE_SAME:
            raise FAULTS[fault]
        ids = []
        for body in bodies:
            self.paid[body["gpt_description_prompt"]] += 1
            ids.append(f"t{len(self.tasks)}")
            self.tasks[ids[-1]] = 0
        if fault:
            raise FAULTS[fault]
        return ids

    def perform(self, _operation, body):
        return Posted(self._post([body])[0])

    def batch(self, items):
        return BatchSubmitted("", tuple(BatchEntry(i, task) for i, task in enumerate(self._post(list(items)))))

    def credits(self):
        if self.question_fault in ("offline", "broken"):
            raise FAULTS[self.question_fault]
        return Balance(1000 - 15 * sum(self.paid.values()))

    def task(self, task_id, _system):
        fault, self.question_fault = self.question_fault, ""
        if fault:
            raise NotFound("unknown", status=404) if fault == "unknown" else FAULTS[fault]
        self.tasks[task_id] += 1
        done = self.tasks[task_id] > 1
        ending = self.ending.get(task_id, "both")
        phases = [ClipPhase.SUCCEEDED if done else ClipPhase.RUNNING] * 2
        if done and ending != "both":
            phases[1] = ClipPhase.FAILED
        if done and ending == "none":
            phases[0] = ClipPhase.FAILED
        clips = tuple(
            Clip(f"{task_id}-{n}", phase, audio_url=f"http://x/{task_id}-{n}" if phase is ClipPhase.SUCCEEDED else "")
            for n, phase in enumerate(phases)
        )
        whole = {"both": TaskPhase.SUCCEEDED, "one": TaskPhase.PARTIAL, "none": TaskPhase.FAILED}[ending]
        return TaskResult(whole if done else TaskPhase.RUNNING, clips)

    def cancel(self):
        return


class Files:
    """Downloads without a network."""

    def __init__(self):
        self.fault = None

    def fetch_file(self, url, target, *, tags, cancelled, progress):
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        progress(1, 1)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(url)
        return Fetched(target, AudioFacts(48000, 48000, 2, "mp3", b"\0" * 200, -14.0, -1.0))


class AnyOrder(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp(prefix="any-order-"))
        self.service, self.files = Service(), Files()
        self.made = {}
        self.sent_by_person = Counter()
        self.now = 1000.0
        self.open()

    def open(self):
        self.waiting_fetches = []
        self.pump = Pump(self.folder, connect=lambda _profile: self.service, spawn=self.waiting_fetches.append)
        self.pump.now = self.now
        self.pump.fetcher._downloads = self.files
        self.pump.runner.recover()

    def teardown(self):
        if hasattr(self, "pump"):
            # at the end of everything, with a kind world, every job comes to rest
            self.service.post_fault, self.service.question_fault, self.files.fault = "", "", None
            self.pump.queue.resume()
            # each round is three hundred steps; a long run of large batches needs several
            for _ in range(20):
                self.settle()
                restless = [job for job in self.pump.queue.jobs() if job.state in IN_FLIGHT | (UNSENT - {S.HELD})]
                if not restless:
                    break
            assert not restless
            self.check()
            self.pump.close()
            shutil.rmtree(self.folder)

    def settle(self):
        for _ in range(300):
            due = self.pump.runner.step(self.pump.now)
            self.land()
            if due is None or due > self.pump.now + 1000.0:
                break
            self.pump.now = max(self.pump.now, due)

    def land(self):
        while self.waiting_fetches:
            self.waiting_fetches.pop(0)()

    @rule(songs=st.sampled_from([1, 1, 2, 11]), hold=st.sampled_from([False, False, True]),
          fault=st.sampled_from(["", *FAULTS]), steps=st.integers(0, 6))  # fmt: skip
    def create(self, songs, hold, fault, steps):
        text = f"song {len(self.made)}"
        request = self.pump.described(text, songs=songs)
        self.made[text] = songs
        self.pump.submit.create(request, self.pump.profile, hold=hold)
        self.service.post_fault = fault
        self._pass(steps)

    @rule(fault=st.sampled_from(QUESTION_FAULTS))
    def the_next_question_fails(self, fault):
        self.service.question_fault = fault

    @rule(lasting=st.booleans())
    def a_file_fails_next(self, lasting):
        self.files.fault = DownloadError("cut")
        if lasting:
            self.files.fault.retryable = False

    @rule(ending=st.sampled_from(["one", "none"]))
    def the_next_task_ends_badly(self, ending):
        self.service.ending[f"t{len(self.service.tasks)}"] = ending

    @rule(steps=st.integers(1, 12), jump=st.sampled_from([0.0, 3.0, 20.0, 300.0]))
    def time_passes(self, steps, jump):
        self._pass(steps)
        self.pump.now += jump

    def _pass(self, steps):
        for _ in range(steps):
            due = self.pump.runner.step(self.pump.now)
            if due is not None:
                self.pump.now = max(self.pump.now, min(due, self.pump.now + 20.0))

    @rule()
    def files_land(self):
        self.land()

    @rule()
    def the_app_is_killed(self):
        self.now = self.pump.now
        self.pump.close()
        self.open()

    @rule(data=st.data(), act=st.sampled_from(
        ["remove", "hold", "release", "run_next", "stop_waiting", "try_again", "send_again", "forget"]))  # fmt: skip
    def the_person_acts(self, data, act):
        jobs = self.pump.queue.jobs()
        if not jobs:
            return
        job = data.draw(st.sampled_from(jobs))
        before = job.state
        getattr(self.pump.queue, act)(job.id)
        after = self.pump.job(job.id)
        resent = after.state is S.WAITING and before in (S.FAILED, S.PERHAPS_SENT, S.REMOVED, S.ABANDONED)
        if resent:
            self.sent_by_person[job.request.description] += len(job.tasks)

    @rule(act=st.sampled_from(["pause_all", "resume", "try_failed_again", "clear_finished"]))
    def the_person_acts_on_all(self, act):
        before = {job.id: job for job in self.pump.queue.jobs()}
        getattr(self.pump.queue, act)()
        for job in self.pump.queue.jobs():
            old = before.get(job.id)
            if old is not None and old.state is S.FAILED and job.state is S.WAITING:
                self.sent_by_person[job.request.description] += len(job.tasks)

    @invariant()
    def check(self):
        if not hasattr(self, "pump"):
            return
        for text, paid in self.service.paid.items():
            assert paid <= self.made[text] + self.sent_by_person[text], f"{text} was paid for {paid} times"
        for job in self.pump.records.jobs.shown():
            for task in job.tasks:
                song = self.pump.records.library.get(task.song_id)
                if job.state in UNSENT | IN_FLIGHT and not task.done:
                    assert song is not None, f"{job.state} job without a row in the library"
        for song in self.pump.library.page(self.pump.records.library.every_id()):
            letters = [take.letter for take in song.takes]
            assert len(set(letters)) == len(letters)
            for take in song.takes:
                assert (take.state is TakeState.READY) == bool(take.path)
                assert not take.path or self.pump.library.path(take.path).is_file()
            assert replace(song) == song


AnyOrder.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestAnyOrder = AnyOrder.TestCase
