"""What conversations may look up, answered from the database and from what is known now."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.knowledge import Knowledge
from bot.language import plain
from bot.store import Connection, people, roles, sessions, unfound
from conversations.dropins import line
from conversations.general import GENERAL
from conversations.people import Person
from conversations.world import Answer, Employer, Found, Library, Place, Role, Session, Tip, Unanswered

T = TypeVar("T")


class LiveWorld:
    """The `World` of one turn, inside its transaction; nothing changes meanwhile, so it looks only once."""

    def __init__(self, db: Connection, knowledge: Knowledge, now: datetime) -> None:
        self._db = db
        self._content = knowledge.content
        self._organisations = knowledge.organisations
        self._search = knowledge.search
        self._now = now
        self._seen: dict[Hashable, Any] = {}

    def search(self, question: str, person: Person) -> Found:
        apps = self._organisations.apps.get(person.employer, ())
        finding = self._search.find(question, app_names=apps)
        topics = tuple(scored.id for scored in finding.topics)
        return Found(finding.verdict, finding.choices if finding.verdict == "choice" else topics)

    def answer(self, topic: str, person: Person) -> Answer | None:
        return self._once(("answer", topic, person.employer, person.language), lambda: self._answer(topic, person))

    def _answer(self, topic: str, person: Person) -> Answer | None:
        file = self._content.answer_for(topic, person.language)
        return file.told(self._facts(person, file.language)) if file else None

    def topics(self, category: str) -> Sequence[str]:
        mine = [answer for answer in self._content.in_language("nl") if answer.category == category]
        return [answer.id for answer in sorted(mine, key=lambda answer: answer.title.lower())]

    def categories(self) -> Sequence[str]:
        return self._content.categories

    def tip(self, tip: str, person: Person) -> Tip | None:
        file = self._content.tip_for(tip, person.language)
        return file.told(self._facts(person, file.language)) if file else None

    def unread_tips(self, person: Person) -> Sequence[str]:
        read = people.tips_read_by(self._db, person.id)
        every = sorted({tip for tip, _language in self._content.tips})
        return [tip for tip in every if tip not in read]

    def employers(self) -> Sequence[Employer]:
        return self._organisations.employers

    def employer(self, employer: str) -> Employer | None:
        return next((e for e in self._organisations.employers if e.id == employer), None)

    def employer_with_code(self, code: str) -> Employer | None:
        return next((e for e in self._organisations.employers if e.code == code), None)

    def library(self, library: str) -> Library | None:
        return next((known for known in self._organisations.libraries if known.id == library), None)

    def libraries(self) -> Sequence[Library]:
        return self._organisations.libraries

    def upcoming(self, libraries: Sequence[str], limit: int) -> Sequence[Session]:
        return self._once(("upcoming", tuple(libraries), limit), lambda: self._upcoming(libraries, limit))

    def _upcoming(self, libraries: Sequence[str], limit: int) -> tuple[Session, ...]:
        return tuple(self._session(row) for row in sessions.upcoming(self._db, libraries, self._now, limit))

    def session(self, session: int) -> Session | None:
        row = self._once(("session", session), lambda: sessions.find(self._db, session))
        return self._session(row) if row else None

    def comes(self, person: Person, session: int) -> bool:
        return self._once(("comes", session, person.id), lambda: sessions.comes(self._db, session, person.id))

    def signed_up(self, person: Person) -> Sequence[Session]:
        return [self._session(row) for row in sessions.of_person(self._db, person.id, self._now)]

    def invitation(self, code: str) -> Role | None:
        return roles.invited(self._db, code, self._now)

    def roles(self, person: Person) -> frozenset[Role]:
        return self._once(("roles", person.id), lambda: roles.of_person(self._db, person.id))

    def first_unanswered(self) -> Unanswered | None:
        return unfound.first(self._db)

    def unanswered(self, id: int) -> Unanswered | None:
        return unfound.find(self._db, id)

    def count_unanswered(self) -> int:
        return unfound.count(self._db)

    def near(self, question: str) -> Sequence[str]:
        return [scored.id for scored in self._search.find(question).topics]

    def _facts(self, person: Person, language: str) -> Mapping[str, str]:
        return self._once(("facts", person.employer, language), lambda: self._gather_facts(person, language))

    def _gather_facts(self, person: Person, language: str) -> Mapping[str, str]:
        """Her employer's facts; for what is not known, general words in the language of the text."""
        employer = self.employer(person.employer)
        own = employer.facts if employer and language == "nl" else {}
        libraries = employer.libraries if employer else [library.id for library in self.libraries()]
        soon = self.upcoming(libraries, 1)
        dropin = {"next_dropin": plain(line(soon[0]), language)} if soon else {}
        return {**_general(language), **own, **dropin}

    @cached_property
    def _places(self) -> dict[str, Place]:
        return {place.id: place for place in self._organisations.places}

    def _session(self, row: Any) -> Session:
        zone = ZoneInfo(row.zone)
        return Session(
            id=row.id,
            uid=f"session-{row.id}@digihulp",
            library=row.library,
            place=self._places.get(row.place, Place(row.place, row.place, "", 0, 0)),
            starts_at=row.starts_at.astimezone(zone),
            ends_at=row.ends_at.astimezone(zone),
            remark=row.remark,
            cancelled=row.cancelled,
            sequence=row.sequence,
        )

    def _once(self, asked: Hashable, look: Callable[[], T]) -> T:
        """What `look` finds, also when the same is `asked` again."""
        if asked not in self._seen:
            self._seen[asked] = look()
        found: T = self._seen[asked]
        return found


@cache
def _general(language: str) -> Mapping[str, str]:
    return {key: plain(words, language) for key, words in GENERAL.items()}
