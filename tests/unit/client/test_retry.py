"""Whether something is tried again: the rules that keep money safe."""

from __future__ import annotations

import pytest

from musicapi_desktop.domain import errors
from musicapi_desktop.domain.retry import MOST_ATTEMPTS, decide, perhaps_sent

PASSING = [
    errors.AnswerLost("x."),
    errors.ServiceBroken("x.", status=500),
    errors.AnswerNotUnderstood("x.", status=200),
    errors.DownloadError("x."),
]
FINAL = [
    errors.KeyRefused("x."), errors.NoCredits("x."), errors.WordsRefused("x."), errors.Refused("x."),
    errors.NotFound("x."), errors.Retired("x."), errors.GenerationFailed("x."), errors.TooLarge("x."),
    errors.InvalidRequest({"title": "x."}),
]  # fmt: skip


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__)
def test_what_may_pass_is_asked_again_and_never_sent_again(error):
    assert decide(error, is_post=False, attempts=1).again is True
    assert decide(error, is_post=True, attempts=1).again is False


@pytest.mark.parametrize("is_post", [True, False])
@pytest.mark.parametrize("error", FINAL, ids=lambda error: type(error).__name__)
def test_what_is_final_is_final(error, is_post):
    assert decide(error, is_post=is_post, attempts=1).again is False


@pytest.mark.parametrize("is_post", [True, False])
def test_what_was_surely_not_accepted_is_tried_again(is_post):
    assert decide(errors.TooFast("x.", retry_after=7.0), is_post=is_post, attempts=1, jitter=0.0) == (True, 7.0)
    assert decide(errors.TooFast("x."), is_post=is_post, attempts=1, jitter=0.0).delay >= 3.0
    assert decide(errors.Offline("x."), is_post=is_post, attempts=10_000).again is True


def test_a_disk_or_a_keyring_is_not_the_retry_rules_business():
    assert decide(errors.DiskError("x."), is_post=False, attempts=1).again is False


def test_pauses_grow_and_stay_within_bounds():
    pauses = [decide(errors.Offline("x."), is_post=False, attempts=n, jitter=1.0).delay for n in range(1, 12)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (2.0, 60.0)
    for jitter in (0.0, 0.5, 1.0):
        delay = decide(errors.Offline("x."), is_post=False, attempts=3, jitter=jitter).delay
        assert 4.0 <= delay <= 8.0
    assert decide(errors.TooFast("x.", retry_after=9999.0), is_post=True, attempts=1).delay == 600.0


def test_there_is_an_end_to_asking():
    assert decide(PASSING[0], is_post=False, attempts=MOST_ATTEMPTS - 1).again is True
    assert decide(PASSING[0], is_post=False, attempts=MOST_ATTEMPTS).again is False
    assert decide(errors.TooFast("x."), is_post=True, attempts=MOST_ATTEMPTS).again is False


def test_what_may_have_been_paid_for_is_put_to_the_person():
    assert perhaps_sent(errors.AnswerLost("x."))
    assert perhaps_sent(errors.AnswerNotUnderstood("x.", status=200))
    for error in (errors.Offline("x."), errors.TooFast("x."), *FINAL, errors.ServiceBroken("x.", status=500)):
        assert not perhaps_sent(error)
