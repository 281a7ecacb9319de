"""Calls that may hang for ever (a keyring's prompt), with a time limit."""

from __future__ import annotations

import threading
from collections.abc import Callable


def within(work: Callable[[], object], seconds: float) -> object:
    """Return ``work()``; raise TimeoutError after ``seconds``.

    The abandoned call goes on in a daemon thread, because a blocked foreign call cannot be interrupted.
    """
    answer: list[object] = []
    failure: list[BaseException] = []

    def body() -> None:
        try:
            answer.append(work())
        except BaseException as error:  # noqa: BLE001  # handed to the caller, who decides
            failure.append(error)

    thread = threading.Thread(target=body, name="deadline", daemon=True)
    thread.start()
    thread.join(seconds)
    if failure:
        raise failure[0]
    if not answer:
        raise TimeoutError
    return answer[0]
