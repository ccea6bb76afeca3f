"""The edge to Telegram: what comes in becomes turns, what goes out becomes calls of the Bot API."""
