"""Being told to stop: every signal that asks for it is an interruption, and one that comes at a bad moment waits."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Final

# Ctrl-C, a scheduler or `kill`, a closed terminal. Windows has no SIGHUP.
_STOPS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextlib.contextmanager
def as_interruptions() -> Iterator[None]:
    """Within the block SIGTERM and SIGHUP raise KeyboardInterrupt in the main thread, as Ctrl-C does. One that the
    caller has set, or told to be ignored (`nohup`), stays."""
    with contextlib.ExitStack() as stack:
        if threading.current_thread() is threading.main_thread():
            for number in _STOPS:
                if signal.getsignal(number) is signal.SIG_DFL:
                    stack.callback(signal.signal, number, signal.signal(number, signal.default_int_handler))
        yield


@contextlib.contextmanager
def held_back(*, again: bool = True) -> Iterator[None]:
    """A first interruption within the block is raised at its end (with `again`), a second one at once."""
    came: list[int] = []
    with contextlib.ExitStack() as stack:
        if threading.current_thread() is threading.main_thread():
            usual = {n: signal.getsignal(n) for n in _STOPS}
            heard = [number for number, handler in usual.items() if handler is signal.default_int_handler]

            def note(number: int, frame: FrameType | None) -> None:
                if came:
                    raise KeyboardInterrupt
                came.append(number)

            for number in heard:
                stack.callback(signal.signal, number, signal.signal(number, note))
        yield
    if came and again:
        raise KeyboardInterrupt
