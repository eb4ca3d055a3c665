"""What a column of a roster holds, recognised by its head; which known form a roster is; what our own export calls things."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from competitions.entries.roster.answers import head_values
from foundation.spreadsheets.reading import Cell, Sheet

# Field → what rosters call it. The first is what our template writes. Sources: 评价机构考生信息模板, 考生报名数据 of appraisal
# centres, 企业技能竞赛报名表, 参赛人员报名表, and this application's own export in both languages.
HEADS: dict[str, tuple[str, ...]] = {
    "name_zh": ("姓名", "选手姓名", "竞赛选手姓名", "参赛选手", "参赛人员", "考生姓名", "name", "nameoftheperson"),
    "document_kind": ("证件类型", "证件种类", "kindofidentitydocument"),
    "identity_number": (
        "身份证号", "证件号码", "身份证号码", "居民身份证号", "身份证", "公民身份号码", "identitydocumentnumber", "idnumber",
    ),
    "sex": ("性别", "sex"),
    "birth_date": ("出生日期", "出生年月日", "出生年月", "生日", "birthdate"),
    "ethnic_group": ("民族", "ethnicgroup"),
    "education": ("文化程度", "学历", "education"),
    "phone": ("手机号码", "手机号", "手机", "移动电话", "联系电话", "联系方式", "mobilephone"),
    "address": ("通讯地址", "联系地址", "地址", "address"),
    "identity_class": ("参赛身份", "身份类别", "人员类别", "考生来源", "identityclass"),
    "unit_name": ("工作单位", "单位名称", "所在单位", "单位", "单位学校", "学校", "院校", "所在学校", "unitorschool"),
    "post": ("岗位", "职务", "岗位职务", "职务岗位", "post"),
    "years_in_trade": ("本职业工作年限", "从事本职业年限", "工作年限", "从业年限", "本职业年限", "yearsinthetrade"),
    "held_grade": ("技能等级", "现有技能等级", "职业技能等级", "已持等级", "原技能等级", "现有等级"),
    "held_occupation_name": ("原职业工种", "原职业", "证书职业", "已持证书职业", "等级证书职业工种"),
    "held_number": ("原证书号", "证书编号", "证书号码", "原证书编号", "等级证书编号"),
    "event": ("参赛项目", "赛项", "竞赛工种", "参赛工种", "竞赛项目", "参赛赛项", "event"),
    "division": ("组别", "参赛组别", "division"),
    "delegation": ("代表队", "代表团", "参赛代表队", "区县市", "市州", "地市", "delegation"),
    "team": ("参赛队", "队名", "队伍", "组号", "队号", "team"),
    "entry_number": ("编号", "报名编号", "no"),
}  # fmt: skip
FIELDS = tuple(HEADS)
TEMPLATE = tuple(field for field in FIELDS if field not in ("entry_number", "team"))
_BY_HEAD = {head: field for field, heads in HEADS.items() for head in heads}
# Forms in use, told by heads that no other form has together.
FORMS: dict[str, tuple[str, ...]] = {
    "appraisal": ("考生申报条件", "考生来源"),  # 在线考务 考生报名数据
    "enterprise": ("竞赛工种", "竞赛选手姓名"),  # 企业技术技能竞赛报名表
    "district": ("区县市",),  # 比武 参赛人员报名表
    "own_export": ("序号", "参赛证", "证件号码", "参赛身份", "办证缺项"),
    "own_grid": ("序号", "认领时间", "办证缺项"),
    "own_grid_en": ("no", "claimed", "stillmissingforacertificate"),
    "own_export_en": ("no", "admissionpass", "identitydocumentnumber", "identityclass"),
}
_NOISE = re.compile(r"[\s*＊:：()（）、/／.．,，\-—_“”\"']+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a roster's heads stand and what its columns hold (index from 0 → field). `unit` is named above the table, and so are
    answers of the delegation (`above`: field key → row, column index, text)."""

    sheet: int
    head: int
    heads: tuple[str, ...]
    columns: Mapping[int, str]
    form: str = ""
    unit: str = ""
    above: Mapping[str, tuple[int, int, str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The row of heads as a hash: under it a body's own assignment is remembered."""
        return hashlib.sha256("\x1f".join(plain_head(head) for head in self.heads).encode()).hexdigest()


def plain_head(text: str) -> str:
    """A head without blanks, stars, brackets and signs, in lower case."""
    return _NOISE.sub("", text).lower()


def find_layout(
    sheets: Sequence[Sheet], extra: Mapping[str, str] | None = None, above: Mapping[str, str] | None = None
) -> Layout | None:
    """The first row of a sheet, among its first 20, that names a person and something more; None when there is none.

    `extra` and `above` are the heads of the competition's own fields, in the table and above it (plain head → field).
    """
    for index, sheet in enumerate(sheets):
        for number, row in enumerate(sheet.rows[:20]):
            columns = _recognised(row, extra or {})
            if "name_zh" in columns.values() and len(columns) > 1:
                heads = tuple(cell.text for cell in row)
                form = _form(heads)
                if form in ("own_export", "own_grid"):  # there the number of the entry, elsewhere a running number
                    columns |= {place: "entry_number" for place, head in enumerate(heads) if plain_head(head) == "序号"}
                said = head_values(sheet.rows[:number], plain_head)
                unit = next((text for head, (_r, _c, text) in said.items() if _BY_HEAD.get(head) == "unit_name"), "")
                answers = {name: said[head] for head, name in (above or {}).items() if head in said}
                return Layout(index, number, heads, columns, form, unit, answers)
    return None


def _recognised(row: Sequence[Cell], extra: Mapping[str, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for index, cell in enumerate(row):
        head = plain_head(cell.text) if cell.value is not None else ""
        name = extra.get(head) or _BY_HEAD.get(head)  # a competition's own question goes before the usual word
        if name is not None and name not in found.values():
            found[index] = name
    return found


def _form(heads: Sequence[str]) -> str:
    plain = {plain_head(head) for head in heads}
    return next((form for form, needed in FORMS.items() if set(needed) <= plain), "")
