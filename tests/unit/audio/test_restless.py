"""Every control moved at random, and what comes out searched for clicks."""

import numpy as np
import pytest
from support.restless import Restless, steps

from musicapi_desktop.audio.player import Player
from musicapi_desktop.audio.sources import RATE
from musicapi_desktop.audio.track import BLOCK


@pytest.mark.parametrize("seed", range(2))
def test_no_control_ever_clicks(seed):
    player = Player()
    person = Restless(player, seed)
    blocks: list[np.ndarray] = []
    moves: list[tuple[int, str]] = []
    while len(blocks) * BLOCK < 20 * RATE:
        moves.append((len(blocks), person.move()))
        # what is queued is taken back and rendered again, as the feeder does
        back = player.unrender(min(len(blocks), 9) * BLOCK) // BLOCK
        del blocks[len(blocks) - back :]
        for _ in range(back + max(1, round(person.pause * RATE / BLOCK))):
            blocks.append(player.render().copy())
    sound = np.concatenate(blocks)
    found = steps(sound)
    near = [(int(at), [move for move in moves if abs(move[0] - at // BLOCK) < 12]) for at in found[:3]]
    assert not len(found), near
    assert np.abs(sound).max() > 0.05


@pytest.mark.parametrize("lost", [1, 64, BLOCK])
def test_what_is_lost_would_be_found(lost):
    player = Player()
    Restless(player, 0)
    sound = np.concatenate([player.render().copy() for _ in range(200)])
    assert not len(steps(sound))
    assert len(steps(np.delete(sound, slice(40_000, 40_000 + lost), axis=0))) == (2 if lost > 1 else 0)
