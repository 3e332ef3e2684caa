"""What benchmarks share: see `tests.served`."""

from tests.served import running, world

__all__ = ["running", "world"]
