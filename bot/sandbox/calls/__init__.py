"""What the sandbox answers to each call: one module a namespace of Telegram's methods, each with its table CALLS."""
