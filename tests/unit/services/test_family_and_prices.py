"""Families, engines side by side, prices of the person's own, and batches asked after with one question."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fakes.every_operation import REQUESTS
from fakes.pump import CLOUD, Pump
from fakes.service import fake_service

from musicapi_desktop.domain.errors import InvalidRequest
from musicapi_desktop.domain.job import JobState
from musicapi_desktop.domain.profile import LOCAL_PROFILE, Profile
from musicapi_desktop.domain.request import Mode, Operation, Request, Source
from musicapi_desktop.domain.song import TakeState
from musicapi_desktop.services.family import Family
from musicapi_desktop.services.pricing import PriceBook
from musicapi_desktop.settings.preferences import Preferences

S = JobState
O = Operation  # noqa: E741  # reads better in tables


@pytest.fixture
def service():
    with fake_service() as running:
        yield running


@pytest.fixture
def pump(tmp_path, service):
    made = Pump(tmp_path, service.base_url)
    yield made
    made.close()


@pytest.fixture
def family(pump):
    return Family(pump.records)


def source_of(song, letter=0):
    take = song.takes[letter]
    return Source(song.id, take.id, take.clip_id, song.title)


def made(pump, request=None):
    (job,) = pump.make(request)
    pump.run()
    assert pump.job(job.id).state is S.READY
    return pump.song(job)


def edited(pump, operation, song, **more):
    return made(pump, replace(REQUESTS[operation], source=source_of(song), **more))


def test_a_family_is_known_up_and_down(pump, family):
    first = made(pump, pump.described(title="First"))
    longer = edited(pump, O.EXTEND, first)
    cover = edited(pump, O.COVER, first)
    joined = edited(pump, O.CONCAT, longer)
    mixed = edited(pump, O.MASHUP, cover, second=source_of(joined))
    (up,) = family.parents_of(longer.id)
    assert (up[0].operation, up[0].start, up[1].id) == ("extend_music", 10.5, first.id)
    assert [(link.operation, song.id) for link, song in family.children_of(first.id)] == [
        ("extend_music", longer.id), ("cover_music", cover.id),
    ]  # fmt: skip
    assert {song.id for _link, song in family.parents_of(mixed.id)} == {cover.id, joined.id}
    tree = family.tree(joined.id)
    assert (tree.song.id, tree.link) == (first.id, None)
    assert [branch.song.id for branch in tree.children] == [longer.id, cover.id]
    assert [branch.song.id for branch in tree.children[0].children] == [joined.id]
    # concat is offered where an extend exists, and for nothing else
    offered = [family.joinable(song, song.takes[0]) for song in (first, longer, cover, joined)]
    assert offered == [False, True, False, False]


def test_a_parent_that_is_gone_leaves_its_link_and_the_folder_tells_it_all(pump, family):
    first = made(pump)
    longer = edited(pump, O.EXTEND, first)
    pump.library.trash([first.id])
    pump.library.delete_for_good([first.id])
    ((link, gone),) = family.parents_of(longer.id)
    assert (link.song_id, gone) == (first.id, None)
    assert family.tree(longer.id).song.id == longer.id
    pump.records.library.delete(longer.id)
    assert family.parents_of(longer.id) == ()
    pump.library.rebuild_from_folder()
    again = pump.records.library.get(longer.id)
    assert (again.parents, again.batch) == (longer.parents, longer.batch)


def test_links_that_go_round_in_a_circle_end(pump, family):
    first = made(pump)
    longer = edited(pump, O.EXTEND, first)
    link = replace(longer.parents[0], song_id=longer.id)
    pump.records.song(first.id, lambda song: replace(song, parents=(link,)))
    tree = family.tree(first.id)
    assert tree.song is not None
    assert len(tree.children) == 1
    assert tree.children[0].children == ()


def test_one_request_goes_to_several_engines_as_one_press(pump, service):
    models = ["sonic-v6", "sonic-v5", "sonic-v4-5"]
    jobs = pump.submit.compare(pump.described("a quiet song"), [*models, "sonic-v5"], pump.profile)
    assert [job.request.model for job in jobs] == models
    assert len({job.batch for job in jobs}) == 1
    pump.run(steps=1000)
    songs = pump.library.siblings(jobs[1].tasks[0].song_id)
    assert [song.id for song in songs] == [job.tasks[0].song_id for job in jobs]
    assert [song.model for song in songs] == models
    assert all(take.state is TakeState.READY for song in songs for take in song.takes)
    assert [body["mv"] for _path, body in service.posts] == models
    alone = made(pump)
    assert [song.id for song in pump.library.siblings(alone.id)] == [alone.id]
    assert pump.library.siblings("unknown") == []


def test_engines_of_which_one_cannot_are_all_left_alone(pump, service):
    long = Request(mode=Mode.LYRICS, lyrics="x" * 4000)
    for models in (["sonic-v6", "sonic-v4"], []):
        with pytest.raises(InvalidRequest):
            pump.submit.compare(long, models, pump.profile)
    assert pump.queue.jobs() == ()
    assert pump.library.count() == 0


# --- prices


@pytest.fixture
def book(tmp_path):
    return PriceBook(Preferences(tmp_path / "preferences.json"))


def test_a_price_is_the_hosts_until_the_person_sets_another(book, tmp_path):
    cloud = Profile(CLOUD, "Cloud", "https://api.musicapi.ai")
    other = Profile("other", "Other", "https://music.example")
    assert (book.price(cloud, O.CREATE), book.price(other, O.CREATE), book.price(LOCAL_PROFILE, O.CREATE)) == (
        15,
        None,
        0,
    )
    book.set_override(CLOUD, O.CREATE, 20)
    book.set_override("other", O.WAV, 0)
    assert (book.price(cloud, O.CREATE), book.price(cloud, O.EXTEND), book.price(other, O.WAV)) == (20, 15, 0)
    assert book.listed(cloud)[O.CREATE] == 20
    assert O.PRODUCER_VIDEO not in book.listed(cloud)
    again = PriceBook(Preferences(tmp_path / "preferences.json"))
    assert again.overrides(CLOUD) == {"create_music": 20}
    again.set_override(CLOUD, O.CREATE, None)
    assert again.price(cloud, O.CREATE) == 15
    assert again.overrides(CLOUD) == {}


@pytest.mark.parametrize("amount", [-1, 100_001])
def test_what_is_no_price_is_refused(book, amount):
    with pytest.raises(InvalidRequest):
        book.set_override(CLOUD, O.CREATE, amount)


@pytest.mark.parametrize("damaged", [7, [1], {CLOUD: 7}, {CLOUD: {"create_music": "x"}}, {CLOUD: {"create_music": -3}}])
def test_damaged_prices_count_as_none(tmp_path, damaged):
    (tmp_path / "preferences.json").write_text(json.dumps({"prices": damaged}))
    assert PriceBook(Preferences(tmp_path / "preferences.json")).overrides(CLOUD) == {}


# --- batches


def aggregate(service, key="batch_id", shape=None):
    asked = []

    def answer(handler, _body):
        asked.append(handler.path)
        if f"?{key}=" not in handler.path and f"&{key}=" not in handler.path:
            return 400, {"type": "validation_error", "error": f"{key} is required"}
        tasks = [
            {"index": i, "task_id": task_id, "status": "running", **(shape or service.shown)(task_id)}
            for i, task_id in enumerate(list(service.tasks))
        ]
        return 200, {"batch_id": "b", "tasks": tasks}

    service.on("GET", "/api/v1/sonic/batch", answer)
    return asked


@pytest.mark.parametrize("key", ["batch_id", "id"])
def test_a_batch_is_asked_after_with_one_question(pump, service, key):
    service.hold_polls = 2
    asked = aggregate(service, key)
    (job,) = pump.make(songs=10)
    pump.run(steps=2000)
    assert pump.job(job.id).state is S.READY
    assert all(len(song.takes) == 2 for song in pump.library.page(pump.library.songs()))
    assert service.polls == []
    assert len(asked) == 3 + (key == "id")


@pytest.mark.parametrize(
    "answer",
    [(404, {"type": "not_found", "error": "no such batch"}), (410, {"type": "endpoint_retired", "error": "gone"}),
     (200, {"message": "success"}), (404, b"<html>no such page</html>")],
    ids=["unknown", "retired", "odd", "page"],
)  # fmt: skip
def test_where_a_batch_has_no_answer_every_task_is_asked_after(pump, service, answer):
    service.on("GET", "/api/v1/sonic/batch", lambda *_: answer)
    (job,) = pump.make(songs=4)
    pump.run(steps=2000)
    assert pump.job(job.id).state is S.READY
    assert sorted(set(service.polls)) == sorted(service.tasks)


def test_a_song_the_batch_says_nothing_of_is_asked_after_by_itself(pump, service):
    def shape(task_id):
        return {"status": "succeeded"} if task_id == "task-2" else service.shown(task_id)

    aggregate(service, shape=shape)
    (job,) = pump.make(songs=3)
    pump.run(steps=2000)
    assert pump.job(job.id).state is S.READY
    assert set(service.polls) == {"task-2"}


def test_a_song_that_fails_in_its_batch_leaves_the_others(pump, service):
    def shape(task_id):
        failed = {"status": "failed", "error": "no idea"}
        return failed if task_id == "task-2" else service.shown(task_id)

    aggregate(service, shape=shape)
    (job,) = pump.make(songs=3)
    pump.run(steps=2000)
    job = pump.job(job.id)
    assert job.state is S.READY
    assert [bool(task.error) for task in job.tasks] == [False, True, False]
    assert pump.library.count() == 2
