"""Pure decisions about a text: its language, its matches."""
