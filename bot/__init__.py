"""Homefront: watches public Telegram channels and tells a private chat."""
