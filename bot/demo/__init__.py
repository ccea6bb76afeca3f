"""Telegram on this machine: a server that behaves as the Bot API does, and a page with everybody's phone.

The demo and the end-to-end tests run the real bot against it. Nothing in here knows the bot.
Its rules come from the Bot API's own description (`bot-api-10.0.json`, reduced by `reduce_spec.py`)
and from the source of Telegram's server (github.com/tdlib/telegram-bot-api and github.com/tdlib/td).
"""
