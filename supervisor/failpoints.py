"""Places where a test makes the process die, as a power cut would."""

import os
import signal
from collections.abc import Callable


def failpoint(setting: str | None) -> Callable[[str], None]:
    """Return a function that kills the process at ``step:count`` (SIGKILL), else does nothing.

    ValueError unless the setting has that form.
    """
    if setting is None:
        return lambda _step: None
    step, _, count = setting.partition(":")
    if not step or not count.isdigit():
        raise ValueError(f"failpoint {setting!r} must be step:count, such as after_commit:3")
    left = int(count)

    def reached(name: str) -> None:
        nonlocal left
        if name != step:
            return
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return reached
