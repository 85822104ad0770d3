"""Who can sign in to the demo: one account for each role, with one password that everybody may know."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.settings import Settings
from deliberation.web.site import DemoSignIn

PASSWORD = "jinxiu2026"  # noqa: S105 - printed at the demo's start and on its sign-in page


@dataclass(frozen=True)
class DemoAccount:
    """`key` is the sign-in name. Owners carry the name that stands on the sample roll for their head."""

    key: str
    chinese: str
    english: str
    name: str
    head_key: str | None = None
    role: str | None = None
    tie: str | None = None
    home: str = ""


ACCOUNTS = (
    DemoAccount(
        "resident", "提出充电桩议题的业主", "Owner who raised the charging piles", "谢玉志", "Y0001", None, "owner"
    ),
    DemoAccount("neighbor", "邻居，业主", "A neighbor, owner", "张建强", "Y0002", None, "owner"),
    DemoAccount("owner", "还没有投票的业主", "Owner who has not cast yet", "吴志燕", "Y0003", None, "owner"),
    DemoAccount("tenant", "租户", "Tenant", "周小燕", None, None, "tenant", "水仙里1幢1单元0204"),
    DemoAccount(
        "secretary", "支部书记，主持人", "Branch secretary, moderator", "苏志燕", "Y0011", "moderator", "owner"
    ),
    DemoAccount("recorder", "记录人", "Recorder", "邱玉英", "Y0021", "recorder", "owner"),
    DemoAccount("committee", "业主委员会", "Owners' committee", "吴海婷", "Y0031", "committee", "owner"),
    DemoAccount("desk", "服务台一号", "Desk, first clerk", "李小琴", None, "desk"),
    DemoAccount("desk2", "服务台二号", "Desk, second clerk", "王小梅", None, "desk"),
    DemoAccount("leader", "楼栋长", "Building leader", "陈桂芳", None, "building", "family", "紫荆里3幢1单元0301"),
    DemoAccount("property", "物业服务企业", "Property firm", "郑经理", None, "property"),
    DemoAccount("community", "社区工作人员", "Community officer", "周干事"),
    DemoAccount("supervisor", "居务监督", "Supervisor", "林委员", None, "supervisor"),
    DemoAccount("admin", "平台管理员", "Platform admin", "平台管理员"),
)


def say_accounts(settings: Settings) -> None:
    print(f"可用的账号，密码都是 {PASSWORD} / accounts to try, password {PASSWORD} for all:")
    for account in ACCOUNTS:
        print(f"  {account.key:<11} {account.chinese} / {account.english}")
    print(f"也可在 {settings.base_url}/sign-in 点一下就登录 / or sign in there with one tap", flush=True)


def demo_sign_ins() -> tuple[DemoSignIn, ...]:
    return tuple(DemoSignIn(one.chinese, one.english, one.key, PASSWORD) for one in ACCOUNTS)
