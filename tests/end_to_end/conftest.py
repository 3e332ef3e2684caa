"""What end-to-end tests share: see `tests.served`."""

from tests.served import client, new_client, running, world

__all__ = ["client", "new_client", "running", "world"]
