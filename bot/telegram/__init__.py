"""The Telegram edge: the only package, with the sandbox, that knows Telethon."""
