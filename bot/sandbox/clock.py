"""The real clock of the sandbox: a server has its own, apart from that of the program under test."""

import time

real = time.time  # noqa: TID251 - the sandbox plays another machine, whose clock is its own
"""UTC seconds; the ids of MTProto messages must follow it, whatever date a test gives the server."""
