"""The first start of a server, and the platform admin's list of councils."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from deliberation.council import actions, queries, rules
from deliberation.council.invitations import invited, phone_of, read_fault
from deliberation.council.recovery import actions as recovery_actions
from deliberation.council.recovery.pages import recovery_slip
from deliberation.council.resting import queries as resting_queries
from deliberation.council.rules import PLATFORM_GIVES, Role, slug
from deliberation.council.seating import actions as seating_actions
from deliberation.council.seating import past_queries
from deliberation.council.seating import queries as seating_queries
from deliberation.council.seating.rules import BY_TWO
from deliberation.council.tables import Council
from deliberation.people import passwords
from deliberation.people.actions import create_account, sign_out_all, sign_out_everywhere, use_link
from deliberation.people.pages import enter
from deliberation.people.password_pages import new_password
from deliberation.people.queries import by_identifier, live_link
from deliberation.people.rules import LEAST_PASSWORD
from deliberation.web import noted
from deliberation.web.routing import act, page
from deliberation.web.viewer import ANYONE, PLATFORM, NotHere
from deliberation.web.visit import Visit
from votes.refusal import Refused


def setup_page(visit: Visit) -> Response:
    if live_link(visit.session, visit.params["token"], "setup", visit.now) is None:
        raise Refused("setup_done")
    return visit.render("council/setup.html", least=LEAST_PASSWORD)


def setup(visit: Visit) -> Response:
    name = visit.form.text("admin", most=40)
    phone = phone_of(visit)
    password = new_password(visit)
    fields = council_fields(visit)
    moderates = visit.form.ticked("moderates")
    visit.form.check()
    hashed = passwords.make(password)
    use_link(visit.tx, visit.params["token"], "setup")
    account = create_account(visit.tx, name=name, phone=phone, password_hash=hashed, platform_admin=True)
    visit.tx.actor_id = account.id
    council = actions.make_council(visit.tx, **fields)
    if moderates:
        actions.appoint(visit.tx, account.id, Role.MODERATOR)
    return enter(visit, account.id, f"/platform/councils/{council.slug}?said=council_made")


def council_fields(visit: Visit) -> dict[str, str]:
    fields = {
        "name": visit.form.text("name", most=60),
        "compound": visit.form.text("compound", most=60),
        "community": visit.form.text("community", most=60),
        "slug": visit.form.text("slug", most=30),
    }
    if fields["slug"]:
        fields["slug"] = read_fault(visit, "slug", slug, fields["slug"])
    return fields


def platform_page(visit: Visit) -> Response:
    councils = queries.all_councils(visit.session)
    moderators = queries.moderators(visit.session, [one.id for one in councils])
    to_agree = seating_queries.to_agree(visit.session, visit.me)
    return visit.render("council/platform.html", councils=councils, moderators=moderators, to_agree=to_agree)


def make_council(visit: Visit) -> Response:
    fields = council_fields(visit)
    visit.form.check()
    council = actions.make_council(visit.tx, **fields)
    return visit.to(f"/platform/councils/{council.slug}", said="council_made")


def named_council(visit: Visit) -> Council:
    council = queries.by_slug(visit.session, visit.params["slug"])
    if council is None:
        raise NotHere
    return council


def council_page(visit: Visit) -> Response:
    council = named_council(visit)
    sits = queries.seats(visit.session, council.id)
    changes = seating_queries.waiting(visit.session, council.id)
    return visit.render(
        "council/platform_council.html",
        council=council,
        holders=[(role, [one for one in sits if one.role == role]) for role in PLATFORM_GIVES],
        to_agree=[one for one in changes if one.agrees(visit.me, rules.PLATFORM)],
        others=[one for one in changes if not one.agrees(visit.me, rules.PLATFORM)],
        reasons=past_queries.reasons(visit.session, council.id) if changes else {},
        answers=past_queries.answers(visit.session, visit.me, visit.now, council.id),
        works_here=any(one.account_id == visit.me and one.role != Role.COMMUNITY for one in sits),
        rests=resting_queries.that_rest(sits),
        roles=PLATFORM_GIVES,
        reach=len(queries.of_community(visit.session, council.community)),
        recoverable=list({one.account_id: one for one in sits if one.role in RECOVERED_BY_PLATFORM}.values()),
    )


def appoint(visit: Visit) -> Response:
    """Those who work for a council and who watches it, or an officer of the community above all its councils. Alone the platform
    gives a council its first ones only: what comes later waits for a second, like a moderator's."""
    council = named_council(visit)
    name, phone = visit.form.text("name", most=40), phone_of(visit)
    role = visit.form.choice("role", PLATFORM_GIVES)
    visit.form.check()
    council_name, community, back = council.name, council.community, f"/platform/councils/{council.slug}"
    visit.tx.council_id = council.id
    if role != Role.COMMUNITY and not seating_actions.platform_seats(visit.tx, role):
        guest = actions.person_at(visit.tx, name=name, phone=phone, link=False)
        seating_actions.put(visit.tx, guest.account_id, role)
        return visit.to(back, said="seat_put")
    guest = actions.person_at(visit.tx, name=name, phone=phone)
    if role == Role.COMMUNITY:
        guest = seating_actions.first_key(visit.tx, guest)
        actions.appoint_officer(visit.tx, community, guest.account_id)
    else:
        guest = seating_actions.seat_at_once(visit.tx, guest, role)
    if guest.token is None:
        return visit.to(back, said="appointed")
    return invited(visit, guest, council=community if role == Role.COMMUNITY else council_name, back=back, role=role)


def end_officer(visit: Visit) -> Response:
    council = named_council(visit)
    account_id = visit.params["account_id"]
    if account_id not in queries.officers(visit.session, council.community):
        raise NotHere
    back = f"/platform/councils/{council.slug}"
    reason = visit.form.text(f"reason_{account_id}", most=200, least=4)
    visit.form.check()
    actions.end_officer(visit.tx, council.community, account_id, reason=reason)
    return visit.to(back, said="seat_ended")


def first_link(visit: Visit) -> Response:
    """Whoever has not signed in yet and lost the slip gets a new one; the platform's admin gives it, and nobody else."""
    council = named_council(visit)
    council_id, name, back = council.id, council.name, f"/platform/councils/{council.slug}"
    sits = [one for one in queries.seats(visit.session, council_id) if one.role in PLATFORM_GIVES]
    seat = next((one for one in sits if one.account_id == visit.params["account_id"]), None)
    if seat is None:
        raise NotHere
    visit.tx.council_id = council_id
    guest = actions.first_link(visit.tx, seat.account_id)
    return invited(visit, guest, council=name, back=back, role=seat.role)


def start_recovery(visit: Visit) -> Response:
    """For those whom a council's staff cannot let back in alone; one of them confirms it, where there is one."""
    council = named_council(visit)
    council_id, name, back = council.id, council.name, f"/platform/councils/{council.slug}"
    sits = [one for one in queries.seats(visit.session, council_id) if one.role in RECOVERED_BY_PLATFORM]
    if visit.params["account_id"] not in {one.account_id for one in sits}:
        raise NotHere
    checked = visit.form.text("checked", most=200)
    visit.form.check()
    visit.tx.council_id = council_id
    person = visit.params["account_id"]
    if recovery_actions.by_platform_alone(visit.tx, person):
        person_name, token = recovery_actions.let_in(visit.tx, person, checked)
        return recovery_slip(visit, person_name, council=name, token=token)
    recovery_actions.start(visit.tx, person, checked)
    return visit.to(back, said="recovery_started")


def sign_out(visit: Visit) -> Response:
    """One person's sign-ins, or everybody's, end at once: a phone is lost and its owner cannot say so, or somebody broke in."""
    everybody = visit.form.ticked("everybody")
    identifier = visit.form.text("identifier", most=60, required=not everybody)
    account = by_identifier(visit.session, identifier) if identifier else None
    if identifier and account is None:
        visit.form.fault("identifier", "no_such_account")
    visit.form.check()
    own = visit.person.sign_in_id if visit.person else 0
    if everybody:
        sign_out_all(visit.tx, but=own)
    elif account:
        sign_out_everywhere(visit.tx, account.id, but=own)
    noted.note(visit, "signed_out_by_admin", who=0 if everybody or account is None else account.id)
    return visit.to("/platform", said="signed_out_others")


RECOVERED_BY_PLATFORM = (*BY_TWO, Role.COMMUNITY)

routes: list[Route] = [
    page("/setup/{token}", setup_page, needs=ANYONE),
    act("/setup/{token}", setup, needs=ANYONE, page="/setup/{token}", rate="20/minute", hashes=True),
    page("/platform", platform_page, needs=PLATFORM),
    act("/platform", make_council, needs=PLATFORM, page="/platform"),
    act("/platform/sign-outs", sign_out, needs=PLATFORM, page="/platform", rate="20/minute"),
    page("/platform/councils/{slug}", council_page, needs=PLATFORM),
    act("/platform/councils/{slug}", appoint, needs=PLATFORM, page="/platform/councils/{slug}"),
    act(
        "/platform/councils/{slug}/officers/{account_id:int}/ending",
        end_officer,
        needs=PLATFORM,
        page="/platform/councils/{slug}",
    ),
    act(
        "/platform/councils/{slug}/people/{account_id:int}/recovery",
        start_recovery,
        needs=PLATFORM,
        page="/platform/councils/{slug}",
        rate="20/minute",
    ),
    act(
        "/platform/councils/{slug}/people/{account_id:int}/link",
        first_link,
        needs=PLATFORM,
        page="/platform/councils/{slug}",
        rate="20/minute",
    ),
]
