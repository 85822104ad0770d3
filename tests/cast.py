"""The named people of the tests: who they are, and what each is in the council."""

from __future__ import annotations

from dataclasses import dataclass, field

from deliberation.council.roll.actions import keep
from deliberation.council.tables import Council, Membership, Seat
from deliberation.db.engine import Tx
from deliberation.people.actions import create_account, sign_in
from votes.roll import from_table

ROLL = """组团,幢,单元,房号,用途,专有部分面积,业主编号,业主姓名,共有情况,行使表决权人,交付状态
水仙里,1幢,1单元,0101,住宅,100.00,Y01,谢玉志,单独所有,谢玉志,已交付
水仙里,1幢,1单元,0102,住宅,100.00,Y02,张建强,单独所有,张建强,已交付
水仙里,1幢,1单元,0103,住宅,80.50,Y03,吴志燕,单独所有,吴志燕,已交付
水仙里,1幢,1单元,0104,住宅,120.00,Y04,郑志婷,共同共有,郑志婷,已交付
水仙里,1幢,1单元,0201,住宅,100.00,Y05,王淑英,单独所有,王淑英,已交付
水仙里,1幢,1单元,0202,住宅,100.00,Y01,谢玉志,单独所有,谢玉志,已交付
红茶里,2幢,1单元,0101,住宅,90.00,Y06,黄文辉,单独所有,黄文辉,已交付
红茶里,2幢,1单元,0102,住宅,90.00,Y07,刘玉雅,单独所有,刘玉雅,已交付
红茶里,商铺,—,S01,商业,60.00,Y08,庄淑辉,单独所有,庄淑辉,已交付
红茶里,2幢,1单元,0301,住宅,90.00,D01,建设单位,单独所有,建设单位,未售
"""
"""10 units, 9 heads, 930.50 m2; Y01 has two units."""


@dataclass
class Cast:
    """Account numbers and sign-in tokens by the names used in the tests."""

    council_id: int = 0
    other_council_id: int = 0
    roll_id: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


# name -> (account name, seat roles, tie, home, head key)
COUNCIL: dict[str, tuple[str, tuple[str, ...], str | None, str, str | None]] = {
    "moderator": ("林主持", ("moderator",), None, "", None),
    "recorder": ("陈记录", ("recorder",), None, "", None),
    "desk": ("服务台甲", ("desk",), None, "", None),
    "desk2": ("服务台乙", ("desk",), None, "", None),
    "supervisor": ("监督员", ("supervisor",), None, "", None),
    "property": ("物业经理", ("property",), None, "", None),
    "committee": ("张建强", ("committee",), "owner", "水仙里1幢1单元0102", "Y02"),
    "resident": ("谢玉志", (), "owner", "水仙里1幢1单元0101", "Y01"),
    "neighbor": ("吴志燕", (), "owner", "水仙里1幢1单元0103", "Y03"),
    "owner": ("郑志婷", (), "owner", "水仙里1幢1单元0104", "Y04"),
    "owner5": ("王淑英", (), "owner", "水仙里1幢1单元0201", "Y05"),
    "owner6": ("黄文辉", (), "owner", "红茶里2幢1单元0101", "Y06"),
    "owner7": ("刘玉雅", (), "owner", "红茶里2幢1单元0102", "Y07"),
    "tenant": ("租户甲", (), "tenant", "红茶里2幢1单元0102", "Y07"),
    "family": ("家属甲", (), "family", "水仙里1幢1单元0101", "Y01"),
}
OTHERS = {"other_resident": ("外区居民", (), "owner"), "other_moderator": ("外区主持", ("moderator",), None)}


def enter(tx: Tx) -> Cast:
    """Write the cast: the council "jinxiu" with its roll, the council "other", a stranger and the platform admin."""
    cast = Cast()
    council = Council(
        slug="jinxiu", name="锦绣邻里议事会", compound="锦绣小区", community="锦绣社区", created_at=tx.now
    )
    other = Council(slug="other", name="东园邻里议事会", compound="东园小区", community="东园社区", created_at=tx.now)
    tx.session.add_all([council, other])
    tx.session.flush()
    cast.council_id, cast.other_council_id = council.id, other.id
    for number, (who, (name, roles, tie, home, head)) in enumerate(COUNCIL.items()):
        _person(tx, cast, who, name, f"138000000{number:02d}")
        _place(tx, cast, who, council.id, roles, tie, home, head)
    for number, (who, (name, other_roles, other_tie)) in enumerate(OTHERS.items()):
        _person(tx, cast, who, name, f"139000000{number:02d}")
        _place(tx, cast, who, other.id, other_roles, other_tie, "1幢", None)
    _person(tx, cast, "stranger", "路人", "13700000001")
    _person(tx, cast, "admin", "平台管理员", "13700000002", platform_admin=True)
    tx.actor_id, tx.council_id = cast.ids["moderator"], council.id
    roll = from_table([line.split(",") for line in ROLL.strip().splitlines()])
    cast.roll_id = keep(tx, roll, file_name="roll.csv").id
    tx.actor_id = tx.council_id = None
    return cast


def _person(tx: Tx, cast: Cast, who: str, name: str, phone: str, *, platform_admin: bool = False) -> None:
    account = create_account(tx, name=name, phone=phone, platform_admin=platform_admin)
    cast.ids[who] = account.id
    cast.tokens[who] = sign_in(tx, account.id, "tests")


def _place(
    tx: Tx, cast: Cast, who: str, council_id: int, roles: tuple[str, ...], tie: str | None, home: str, head: str | None
) -> None:
    tx.session.add_all(Seat(council_id=council_id, account_id=cast.ids[who], role=role, since=tx.now) for role in roles)
    if tie:
        tx.session.add(
            Membership(
                council_id=council_id,
                account_id=cast.ids[who],
                tie=tie,
                home=home,
                head_key=head,
                state="verified",
                level=2,
                asked_at=tx.now,
            )
        )
