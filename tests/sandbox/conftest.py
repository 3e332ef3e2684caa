"""What tests of the sandbox share: see `tests.served`."""

from tests.served import bot_client, new_client, running, user_client, world

__all__ = ["bot_client", "new_client", "running", "user_client", "world"]
