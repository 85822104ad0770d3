"""Minutes in each of their states, from a meeting that was held."""

from dataclasses import dataclass

from deliberation.meeting import presence_actions
from deliberation.minutes import actions, queries
from deliberation.minutes.rules import State, Word
from deliberation.minutes.tables import Minutes, Paragraph
from tests.conftest import Answer, Town
from tests.deliberation.meeting import build as meetings

ATTENDEES = ("resident", "owner", "tenant")


@dataclass
class Built:
    town: Town
    id: int
    meeting_id: int

    @property
    def at(self) -> str:
        return f"/c/jinxiu/minutes/{self.id}"

    def row(self) -> Minutes:
        with self.town.db.read() as session:
            return session.get_one(Minutes, self.id)

    def paragraphs(self) -> list[Paragraph]:
        with self.town.db.read() as session:
            return queries.paragraphs(session, self.id)

    def state(self) -> State:
        return queries.state(self.row())

    def presence(self, who: str) -> int:
        """Where one of the cast signed in."""
        with self.town.db.read() as session:
            given = queries.answers(session, self.row())
        return next(one.presence_id for one in given if one.account_id == self.town.cast.ids[who])

    def put_up(self) -> None:
        with self.town.write("recorder") as tx:
            actions.put_up(tx, self.id)

    def say(
        self, who: str, word: Word = Word.CONFIRMED, position: int | str = "", note: str = "", **more: object
    ) -> Answer:
        fields = {"word": word.value, "version": self.row().version, "position": position, "note": note, **more}
        return self.town.as_(who).post(f"{self.at}/attestation", fields)

    def all_confirm(self) -> None:
        for who in ATTENDEES:
            assert self.say(who).status == 303


def drafted(town: Town, guest: str = "") -> Built:
    """The owner, the resident and the tenant were there; `guest`: somebody whom the desk signed in."""
    meeting = meetings.opened(town) if guest else meetings.closed(town)
    if guest:
        meeting.present("resident", "owner")
        with town.write("desk") as tx:
            presence_actions.sign_in_at_desk(
                tx, meeting.id, account_id=None, name=guest, home="1幢", role="guest", head_key=None
            )
        meeting.close()
    with town.write("recorder") as tx:
        return Built(town, actions.draft(tx, meeting.id).id, meeting.id)


def put_up(town: Town, guest: str = "") -> Built:
    built = drafted(town, guest)
    built.put_up()
    return built
