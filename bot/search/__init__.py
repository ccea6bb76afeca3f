"""Finding the answer to a question in her own words, misspelt or long; nothing is made up, nothing leaves."""

from bot.search.finding import Finding, Scored, Topic
from bot.search.search import Explanation, Search

__all__ = ["Explanation", "Finding", "Scored", "Search", "Topic"]
