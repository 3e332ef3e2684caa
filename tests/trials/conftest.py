"""What trials share: see `tests.served` and `scene`."""

from tests.served import running, world
from tests.trials.scene import stage

__all__ = ["running", "stage", "world"]
