"""What the verifier says (SPEC S12.2), in plain Chinese and English. Codes are stable; sentences may be bettered at any time."""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

CHECKS: dict[str, Pair] = {
    "archive": (
        "存档完整：每个字节都合规，每条记录与自己的校验码一致",
        "The file is whole: every byte is as it must be, every record matches its fingerprint",
    ),
    "chain": ("记录前后相连，顺序正确，没有断开或插入", "The entries form one unbroken chain in the right order"),
    "setup": ("开始时的三份文件与记录的校验码一致", "The three setup files match their recorded fingerprints"),
    "election": ("表决内容与公钥合规", "The questions and the public key are well-formed"),
    "trustees": (
        "每位计票受托人都证明持有自己的密钥，合成的公钥正确",
        "Each trustee proved to hold a key; together they give the public key",
    ),
    "credentials": (
        "有权投票的凭证名单合规，没有重复",
        "The list of those who may cast is well-formed, without duplicates",
    ),
    "bindings": (
        "每张表决票都认定了同一份权重名单和受托人",
        "Every ballot commits to this very list of weights and these trustees",
    ),
    "ballots": (
        "每张表决票的签名和全部证明成立，选择数量合规",
        "Every ballot's signature and proofs hold; no ballot chooses too much",
    ),
    "tally": (
        "加密的合计正好由每人最后一张票算出，不多不少",
        "The encrypted sum is exactly that of each voter's last ballot",
    ),
    "shares": (
        "每一份解密都出自持有该密钥的受托人，人数足够",
        "Each decryption is by the holder of that trustee's key, and enough took part",
    ),
    "factors": (
        "每一份解密都有完整的第二份证明：解得正确，谁也做不了假",
        "Each decryption is fully proved to be right by its second proof: nobody can falsify it",
    ),
    "result": ("公布的结果正是加密合计解开的数字", "The published result is what the encrypted sum opens to"),
    "finished": ("表决已经结束并公布结果", "The poll is finished and has a result"),
    "head": ("最后一条记录与张贴的校验码一致", "The last entry matches the posted fingerprint"),
    "earlier": ("较早的副本原样包含在内，没有丢失或替换", "The earlier copy is contained unchanged"),
}

FAULTS: dict[str, Pair] = {
    "archive.truncated": (
        "文件在第 {offset} 字节处断了，多半没有下载完整，请重新下载再核验",
        "the file breaks off at byte {offset}; most likely the download is incomplete: fetch it again",
    ),
    "archive.header": ("第 {offset} 字节处的文件头不合规", "a header near byte {offset} is not as it must be"),
    "archive.padding": ("第 {offset} 字节后的填充不为零", "the padding after byte {offset} is not zero"),
    "archive.name": ("有一条记录的名称不合规：{name}", "an entry has a wrong name: {name}"),
    "archive.hash": (
        "记录 {name} 的内容与名称中的校验码不符：文件被改动，或者下载有误，请重新下载再核验",
        "entry {name} does not match its fingerprint: the file was changed or is damaged, fetch it again",
    ),
    "archive.size": ("有一条记录过大：{size} 字节", "an entry is too large: {size} bytes"),
    "chain.order": (
        "第 {height} 条记录“{type}”不能出现在“{after}”之后",
        "entry {height}, {type}, may not follow {after}",
    ),
    "chain.parent": ("第 {height} 条记录没有接在前一条之后", "entry {height} does not name the one before it"),
    "chain.height": ("记录编号 {height} 不连续", "number {height} breaks the sequence"),
    "chain.payload": ("第 {height} 条记录与它的内容不符", "entry {height} does not match its contents"),
    "chain.left_over": ("末尾有不属于任何记录的内容", "data at the end belongs to no entry"),
    "chain.empty": ("存档里没有任何记录", "there is no entry in it"),
    "chain.mixnet": (
        "这是排序或打分的题目，本程序不核验这一种",
        "ranked or graded questions are not checked by this program",
    ),
    "setup.posted": (
        "开始校验码与张贴的不同（{posted}，这里是 {found}）：这份存档用的可能是别人的密钥，不要用它做票",
        "the first entry is not the posted one ({posted}, here {found}): its key may be somebody else's, make no ballot with it",
    ),
    "setup.hashes": ("开始时的文件与校验码不符", "a setup file does not match its fingerprint"),
    "election.group": (
        "使用了本程序不核验的密码群 {name}",
        "it uses the group {name}, which this program does not check",
    ),
    "election.question_kind": ("题目类型 {kind} 不在核验范围", "question kind {kind} is not checked by this program"),
    "election.uuid": (
        "编号应为 14 到 64 个字母和数字，其中没有 0、I、O、l",
        "the uuid must be 14 to 64 letters and digits, without 0, I, O, l",
    ),
    "election.public_key": ("公钥不合规", "the public key is not a proper one"),
    "trustees.public_key": ("受托人的密钥合起来不是这次表决的公钥", "the trustees' keys do not give the public key"),
    "trustees.proof_of_knowledge": ("有受托人没有证明持有密钥", "a trustee did not prove to hold the key"),
    "trustees.verification_key": (
        "第 {place} 位受托人的核对密钥不对",
        "the verification key of member {place} is wrong",
    ),
    "trustees.many": (
        "结果由 {combining} 位受托人合解，多于 {most} 位：他们若全体串通，能算出假结果而不被查出；其余各项照常核验",
        "{combining} trustees combine, more than {most}: together they could forge a result unseen; all else was checked",
    ),
    "trustees.duplicate": ("同一把密钥出现两次", "one key stands there twice"),
    "credentials.order": ("凭证 {credential}… 重复或次序不对", "credential {credential}… is doubled or out of order"),
    "credentials.member": ("凭证 {credential}… 不是合规的数", "credential {credential}… is not a proper element"),
    "credentials.heavy": (
        "权重合计 {total}，超过能解开的上限 {most}；请改用较大的单位，例如整平方米",
        "the weights add up to {total}, more than the {most} that can be decrypted: use a larger unit, say whole m²",
    ),
    "bindings.credentials": (
        "名单或权重与表决票认定的不同",
        "the list or its weights are not those the ballots commit to",
    ),
    "bindings.heads": (
        "名单名为“按人数”，却给了别的权重",
        "the list is called that by heads, yet it gives other weights than one",
    ),
    "bindings.trustees": ("受托人与表决票认定的不同", "the trustees are not those the ballots commit to"),
    "bindings.created": ("存档的时间与表决票认定的不同", "the time is not the one the ballots commit to"),
    "ballot.replayed": ("同一张票 {tracker} 出现了两次", "ballot {tracker} stands there twice"),
    "ballot.credential": ("票 {tracker} 的凭证不在名单上", "the credential of ballot {tracker} is not on the list"),
    "ballot.election": ("票 {tracker} 属于另一次表决", "ballot {tracker} belongs to another poll"),
    "ballot.signature": ("票 {tracker} 的签名不成立", "the signature of ballot {tracker} does not hold"),
    "ballot.signature_hash": ("票 {tracker} 在签名之后被改动", "ballot {tracker} was changed after it was signed"),
    "ballot.individual_proof": (
        "票 {tracker} 第 {question} 题的选择不是零或一",
        "ballot {tracker}, question {question}: a choice is not zero or one",
    ),
    "ballot.overall_proof": (
        "票 {tracker} 第 {question} 题的选择数量不合规",
        "ballot {tracker}, question {question}: the number of choices is not allowed",
    ),
    "ballot.blank_proof": (
        "票 {tracker} 第 {question} 题同时选了空白和答案",
        "ballot {tracker}, question {question}: blank and an answer together",
    ),
    "ballot.unnamed": (
        "全部票合在一起不合规，逐张再看却都合规：核验时文件被改动过，或者这台电脑出了错",
        "all ballots together do not hold, yet each does when read again: the file changed while it was read, or this machine errs",
    ),
    "ballot.member": ("票 {tracker} 里有不合规的数", "ballot {tracker} contains a number outside the group"),
    "ballot.reused_ciphertext": ("票 {tracker} 重复使用同一密文", "ballot {tracker} uses one ciphertext twice"),
    "ballot.too_many_faults": ("不合规的票已有 {most} 张，不再往下查", "{most} faults found; the rest was not read"),
    "tally.product": ("加密的合计不是由名单上的票算出的", "the encrypted sum is not that of the ballots"),
    "tally.size": ("应计 {ballots} 张、权重 {weight}，记录不符", "it should say {ballots} ballots of weight {weight}"),
    "share.proof": ("第 {owner} 位受托人的解密没有正确的证明", "the decryption by trustee {owner} is not proved"),
    "share.duplicate": ("第 {owner} 位受托人的解密出现两次", "trustee {owner} handed in twice"),
    "share.owner": ("没有第 {owner} 位受托人", "there is no trustee {owner}"),
    "share.one_proof": (
        "第 {owner} 位受托人的解密缺少第二份证明，请交“trustee decrypt”生成的整个文件",
        "the decryption by trustee {owner} lacks its second proof: hand in the whole file of trustee decrypt",
    ),
    "share.second_proof": (
        "第 {owner} 位受托人解密的第二份证明不成立，没有收下",
        "the second proof of the decryption by trustee {owner} does not hold; it was not taken",
    ),
    "share.false": (
        "第 {owners} 位受托人的解密是错的，已记下并剔除，请重新解密",
        "the decryptions by trustees {owners} are false; they are recorded and left out: decrypt again",
    ),
    "share.doubtful": (
        "第 {owners} 位受托人的解密中有错的，分不清是哪一份；请这几位用“trustee decrypt”重新解密",
        "some decryptions by trustees {owners} are false, which ones cannot be told: decrypt again with trustee decrypt",
    ),
    "share.missing": ("还差 {lacking} 位受托人的解密（{of}）", "{lacking} more of the trustees {of} must decrypt"),
    "result.value": ("第 {question} 题公布的数字不是解开的数字", "question {question}: the figures are not what opens"),
    "result.bound": ("数字超过了总权重 {most}", "a figure exceeds the total weight {most}"),
    "finished.differs": ("表决还没有走完：{stage_zh}", "the poll is not at its end: {stage_en}"),
    "head.differs": (
        "最后一条记录是 {head}，与您给的校验码不同：请逐字核对，再重新下载一次；仍然不同，就请向居务监督提出",
        "the last entry is {head}, not the posted one: check your copy, fetch the file again, then ask the supervisor",
    ),
    "ballot.choice": ("选择不合规，没有制作表决票", "these choices are not allowed; no ballot was made"),
    "credential.form": ("凭证应为 22 个字母和数字", "a credential has 22 letters and digits"),
    "credential.check": ("凭证有一个字符打错了", "one character of the credential is wrong"),
    "credential.unlisted": (
        "这个凭证不在这次表决的名单上，没有制作表决票；请核对有没有打错",
        "this credential is not on this poll's list; no ballot was made: check for a typing error",
    ),
    "credentials.twice": (
        "第 {line} 行的名称前面已经有了，请写得可以区分",
        "the label in line {line} stands there already; make them different",
    ),
    "credentials.voter": (
        "第 {line} 行应写成“名称”或“名称,权重”：用半角逗号，权重写整数，各行写法一致",
        "line {line} is not LABEL or LABEL,WEIGHT, or not as the lines before it",
    ),
    "decrypt.archive": (
        "存档不成立，或者张贴的校验码不符（见上面打 ✗ 的一行），不解密",
        "the archive does not hold, or not under this head (see ✗ above); nothing was decrypted",
    ),
    "decrypt.early": ("投票尚未结束并合计，不解密", "the ballots are not closed and summed up; nothing was decrypted"),
    "decrypt.second": (
        "这把密钥已经解过这次表决的另一份合计（见 {path}）；两份放在一起会露出单张票。确要再解，请加 --second-tally",
        "this key has decrypted another tally of this poll (see {path}); both show single ballots. Insist: --second-tally",
    ),
    "decrypt.record": (
        "解密记录 {path} 读不出来，不解密",
        "the record of earlier decryptions, {path}, cannot be read; nothing was decrypted",
    ),
    "decrypt.key": (
        "这把密钥不属于这次表决的受托人，请核对是不是为这次表决生成的密钥文件",
        "this key belongs to no trustee of this poll; is it the file made for this one?",
    ),
    "key.passphrase": ("口令至少 {least} 个字符", "the passphrase needs at least {least} characters"),
    "key.different": ("两次输入的口令不同，请重来", "the two passphrases differ; try again"),
    "key.wrong": (
        "口令不对，或文件被改动；请核对大小写和输入法再试一次",
        "the passphrase is wrong, or the file was changed; check capitals and try again",
    ),
    "key.exists": (
        "文件 {path} 已经存在，不会覆盖，请换一个文件名",
        "the file {path} exists and is not overwritten; choose another name",
    ),
    "earlier.unreadable": ("较早的副本读不出来：{reason}", "the earlier copy cannot be read: {reason}"),
    "earlier.differs": (
        "从第 {height} 条记录起与较早的副本不同；{lost_zh}",
        "it departs from the earlier copy at entry {height}; {lost_en}",
    ),
}

# What `earlier.differs` says of ballots: that none vanished, or which.
LOST: tuple[Pair, Pair] = (
    (
        "没有丢票；请看是不是两个文件写反了，--earlier 后面写较早的",
        "no ballot vanished; are the two files the wrong way round? --earlier takes the older",
    ),
    ("不见了 {vanished} 张票：{trackers}", "{vanished} ballots vanished: {trackers}"),
)

# Families of codes without a sentence of their own: the form of a message is wrong in one way or another.
FORMS: dict[str, Pair] = {
    "ballot": ("票 {tracker} 的写法不合规", "ballot {tracker} is not written as it must be"),
    "share": ("第 {owner} 位受托人的解密写法不合规", "the decryption by trustee {owner} is not written as it must be"),
    "key": (
        "这不是密钥文件或凭证文件；要的是加密保存的那一个，不是公钥",
        "this is no file of a key or of credentials; the sealed one is needed, not the public one",
    ),
    "": ("写法不合规", "it is not written as it must be"),
}

LISTS: dict[str, Pair] = {"heads": ("按人数", "by heads"), "area": ("按面积", "by area")}

STAGES: dict[str, Pair] = {
    "": ("没有记录", "no entry"),
    "Setup": ("投票尚未开始或还没有人投票", "no ballot yet"),
    "Ballot": ("正在投票，还没有结果", "ballots are being cast; no result yet"),
    "EndBallots": ("投票结束，尚未计票", "closed, not yet tallied"),
    "EncryptedTally": ("已合计，等待受托人解密", "summed up, waiting for the trustees"),
    "PartialDecryption": ("受托人正在解密", "the trustees are decrypting"),
    "Result": ("已结束，有结果", "finished, with a result"),
}

NOT_PROMISED: tuple[Pair, ...] = (
    (
        "没有核验：名单上的人是否真是业主，凭证是否送到本人手里",
        "Not checked: whether those on the list are the owners, and got their credentials themselves",
    ),
    (
        "没有核验：投票时是否有人在旁胁迫，手机是否可靠",
        "Not checked: whether anybody stood beside the voter, and whether the phone was honest",
    ),
    (
        "足够多的受托人串通可以看到单张票；谁投过票是公开的",
        "Enough trustees acting together can open single ballots; who took part is public",
    ),
)
UNBOUND: Pair = (
    "表决票没有写定各人的权重，权重名单须另行核对",
    "The ballots do not commit to the weights: check the list",
)
# Said where no posted fingerprint was compared.
NO_HEAD: Pair = (
    "没有核对张贴的校验码（--head）：无法知道服务器是否给别人看了另一份存档",
    "Without the posted fingerprint (--head) another archive may have been shown to others",
)


def list_name(counts: str) -> Pair:
    """What a ballot weighs in this archive, by the name that the election gives its list."""
    other = plain(counts)
    return LISTS.get(counts, (f"按名单“{other}”", f"by the list called {other}"))


# Said of an archive whose election does not demand the second proof, as of all that other programs make.
UNPROVED: Pair = (
    "这次表决没有要求第二份证明：一位受托人若与一位投票人串通，可以做出假结果而查不出来",
    "This poll demands no second proof: one trustee together with one voter could falsify the result unseen",
)


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def fault(code: str, facts: Mapping[str, object]) -> Pair:
    """Both sentences, with the code for those who look closer."""
    zh, en = FAULTS.get(code) or FORMS.get(code.partition(".")[0]) or FORMS[""]
    shown = _Facts({name: plain(value) for name, value in facts.items()})
    if "stage" in facts:
        shown["stage_zh"], shown["stage_en"] = STAGES.get(str(facts["stage"]), STAGES[""])
    if code == "earlier.differs":
        shown["lost_zh"], shown["lost_en"] = (each.format_map(shown) for each in LOST[facts.get("vanished") != 0])
    exact = "" if code in FAULTS else f" [{code}]"
    return zh.format_map(shown) + exact, en.format_map(shown) + exact


def plain(value: object) -> str:
    text = ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:400]
