"""What people wrote for the bot: answers, tips and organisations. Read from files, checked, and watched."""
