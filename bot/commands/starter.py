"""The starter list: titles to look for when no channel is watched yet; what there is, Telegram answers each time."""

from bot.commands import buttons
from storage.models import Button

TITLES = (
    "Путь домой",
    "Московский телеграф",
    "Мобилизация",
    "Мобілізація",
    "Новости Москвы",
    "Новини України",
)

EXAMPLES = (f"/add {TITLES[0]}", "/add @telegram", "/add https://t.me/telegram")
"""How a channel is added: by title, by name, by link."""


def offered() -> tuple[Button, ...]:
    """Give a button for each title; pressed, it searches."""
    return tuple(Button(label=f"🔎 {title}", data=buttons.find(title)) for title in TITLES)
