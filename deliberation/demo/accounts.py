"""Who can sign in to the demo: one account for each role, with one password that everybody may know."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.settings import Settings

PASSWORD = "jinxiu2026"  # noqa: S105 - the demo's password is printed at its start and on its sign-in page


@dataclass(frozen=True)
class DemoAccount:
    """`key` is also the sign-in name. `chinese`/`english` say what the person is there."""

    key: str
    chinese: str
    english: str
    phone: str
    head_key: str | None = None
    roles: tuple[str, ...] = ()
    tie: str | None = None

    def label(self, lang: str) -> str:
        return self.chinese if lang == "zh" else self.english


ACCOUNTS = (
    DemoAccount(
        "secretary", "支部书记 · 主持人", "Branch secretary, moderator", "13900000010", "Y0011", ("moderator",), "owner"
    ),
    DemoAccount("recorder", "记录人", "Recorder", "13900000020", "Y0021", ("recorder",), "owner"),
    DemoAccount("desk", "服务台（一）", "Desk, first clerk", "13800000001", None, ("desk",)),
    DemoAccount("desk2", "服务台（二）", "Desk, second clerk", "13800000002", None, ("desk",)),
    DemoAccount("committee", "业主委员会", "Owners' committee", "13900000030", "Y0031", ("committee",), "owner"),
    DemoAccount("property", "物业服务企业", "Property firm", "13800000003", None, ("property",)),
    DemoAccount("supervisor", "居务监督", "Supervisor", "13800000004", None, ("supervisor",)),
    DemoAccount(
        "resident", "业主（提出充电桩议题）", "Owner who raised the charging piles", "13900000000", "Y0001", (), "owner"
    ),
    DemoAccount("neighbor", "邻居（业主）", "A neighbor, owner", "13900000001", "Y0002", (), "owner"),
    DemoAccount("owner", "业主（还没有投票）", "Owner who has not cast yet", "13900000002", "Y0003", (), "owner"),
    DemoAccount("tenant", "租户", "Tenant", "13800000005", None, (), "tenant"),
    DemoAccount("admin", "平台管理员", "Platform admin", "13800000006"),
)


def say_accounts(settings: Settings) -> None:
    print(f"示范账号（密码都是 {PASSWORD}）/ demo accounts (password {PASSWORD} for all):")
    for account in ACCOUNTS:
        print(f"  {account.key:<11} {account.chinese} / {account.english}")
    print(f"也可在 {settings.base_url}/sign-in 一键登录 / or sign in with one tap on that page", flush=True)
