"""Loading a program's parts: they stay until it ends, so nobody looks for garbage among them."""

import contextlib
import gc
from collections.abc import Generator


@contextlib.contextmanager
def loading() -> Generator[None, None, None]:
    """Load something without searching for garbage meanwhile, and never look through it again.

    Modules and routes are some hundred thousand objects; searching them took a fifth of the start, and
    later tens of milliseconds in the middle of requests.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
