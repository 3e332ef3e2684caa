"""A Telegram server in miniature on loopback, for the demo and the tests."""
