"""What conversations may look up, answered from the database and from what is known now."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot import spoken_times
from bot.knowledge import Knowledge
from bot.language import plain
from bot.store import Connection, broadcasts, drafts, people, roles, sessions, signups, unfound
from conversations.agenda import line
from conversations.general import GENERAL
from conversations.people import Person
from conversations.world import (
    Answer,
    Employer,
    Found,
    Headcount,
    Hold,
    Library,
    Order,
    Outcome,
    Place,
    Report,
    Role,
    Room,
    Session,
    SignUp,
    SpokenTimes,
    Tip,
    Unanswered,
)

T = TypeVar("T")


class LiveWorld:
    """The `World` of one turn, inside its transaction; nothing changes meanwhile, so it looks only once."""

    def __init__(self, db: Connection, knowledge: Knowledge, now: datetime) -> None:
        self._db = db
        self._content = knowledge.content
        self._organisations = knowledge.organisations
        self._search = knowledge.search
        self._bot_name = knowledge.bot_name
        self._send_rate = knowledge.send_rate
        self._now = now
        self._seen: dict[Hashable, Any] = {}

    def search(self, question: str, person: Person) -> Found:
        return self._once(("search", question, person.employer), lambda: self._look_for(question, person))

    def _look_for(self, question: str, person: Person) -> Found:
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

    def newest(self, library: str) -> Session | None:
        row = sessions.newest(self._db, library, self._now)
        return self._session(row) if row else None

    def session(self, session: int) -> Session | None:
        row = self._once(("session", session), lambda: sessions.find(self._db, session))
        return self._session(row) if row else None

    def following(self, session: Session) -> Sequence[Session]:
        day = session.starts_at.date().isoformat()
        return [self._session(row) for row in sessions.following(self._db, session.series, day, self._now)]

    def of_library(self, library: str, since: datetime, limit: int) -> Sequence[Session]:
        return [self._session(row) for row in sessions.of_library(self._db, library, since, limit)]

    def sign_up(self, person: Person, session: int) -> SignUp | None:
        return signups.find(self._db, session, person.id)

    def room(self, session: int, *, keep: bool = False) -> Room:
        return signups.room(self._db, session, keep=keep)

    def sign_ups(self, session: int) -> Sequence[SignUp]:
        return signups.of_session(self._db, session)

    def signed_up(self, person: Person) -> Sequence[Session]:
        return [self._session(row) for row in signups.of_person(self._db, person.id, self._now)]

    def hold(self, code: str) -> Hold | None:
        return signups.held(self._db, code, self._now)

    def hold_code(self, person: Person, session: int) -> str:
        return self._once(("hold", person.id, session), lambda: self._hold_code(person, session))

    def _hold_code(self, person: Person, session: int) -> str:
        return signups.code_for(self._db, session, person.id, self._now)

    def outcome(self, session: int) -> Outcome:
        return sessions.outcome(self._db, session)

    def places(self, library: str) -> Sequence[Place]:
        own = [place for owner, place in self._own_places if owner == library]
        return [*self._organisations.places_of.get(library, ()), *own]

    def times(self, said: str, now: datetime) -> SpokenTimes | None:
        return spoken_times.understand(said, now)

    def days(self, said: str, now: datetime) -> Sequence[date]:
        return spoken_times.understand_days(said, now)

    def draft(self, person: Person, kind: str) -> Mapping[str, Any] | None:
        return drafts.find(self._db, person.id, kind)

    def interests(self, person: Person) -> frozenset[str]:
        return people.interests_of(self._db, person.id)

    def headcount(self, order: Order, begins_at: datetime, expires_at: datetime, author: Person) -> Headcount:
        reach = self.reach(order, begins_at, expires_at, author)
        return broadcasts.headcount(self._db, reach, self._now, self._send_rate)

    def reach(self, order: Order, begins_at: datetime, expires_at: datetime, author: Person) -> broadcasts.Reach:
        """The order with all that the database needs to know to find its people."""
        employers = tuple(e.id for e in self._organisations.employers if order.library in e.libraries)
        return broadcasts.Reach(order, employers, author.id, begins_at, expires_at)

    def report(self, broadcast: int) -> Report | None:
        return broadcasts.report(self._db, broadcast, self._now, self._send_rate)

    def broadcasts(self, library: str, limit: int) -> Sequence[Report]:
        return broadcasts.of_library(self._db, library, limit, self._now, self._send_rate)

    def link(self, payload: str) -> str:
        return f"https://t.me/{self._bot_name}?start={payload}"

    def joined(self, employer: str) -> int:
        return people.count_of(self._db, employer)

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
        own = {place.id: place for _library, place in self._own_places}
        return own | {place.id: place for place in self._organisations.places}

    @cached_property
    def _own_places(self) -> list[tuple[str, Place]]:
        return sessions.own_places(self._db)

    def _session(self, row: Any) -> Session:
        zone = ZoneInfo(row.zone)
        return Session(
            id=row.id,
            uid=f"session-{row.id}@digihulp",
            library=row.library,
            place=self._places.get(row.place, Place(row.place, row.place)),
            starts_at=row.starts_at.astimezone(zone),
            ends_at=row.ends_at.astimezone(zone),
            remark=row.remark,
            kind=row.kind,
            capacity=row.capacity,
            language=row.language,
            series=row.slot,
            from_file=not row.slot.startswith(sessions.PLANNED_IN_CHAT),
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
