from musicapi_desktop.domain.history import History


def test_a_drag_is_one_step():
    history = History(0)
    for value in (1, 2, 3):
        history.change(value, "drag")
    history.seal()
    history.change(4, "drag")
    assert history.undo() == 3
    assert history.undo() == 0
    assert not history.can_undo
    assert history.undo() == 0


def test_redo_until_something_new_is_done():
    history = History("a")
    history.change("b")
    history.change("c")
    assert history.undo() == "b"
    assert history.redo() == "c"
    assert history.redo() == "c"
    history.undo()
    history.change("d")
    assert not history.can_redo
    assert history.undo() == "b"


def test_no_change_is_no_step():
    history = History(1)
    history.change(1)
    assert not history.can_undo


def test_another_control_is_another_step():
    history = History(0)
    history.change(1, "level a")
    history.change(2, "level b")
    assert history.undo() == 1
