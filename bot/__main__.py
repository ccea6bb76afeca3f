from bot.commands import app

app(prog_name="digihulp")
