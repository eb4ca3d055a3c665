"""焊工: an invented scheme with every kind of aspect, shown as the worked example of the template."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from competitions.rules.scheme import AspectDraft, CriterionDraft, SchemeDraft, SectionDraft, SubCriterionDraft

_LEVELS = (
    ("焊缝成形差，宽窄明显不一", "成形一般，局部宽窄不均", "成形较好，接头平顺", "成形美观，波纹细密均匀"),
    ("工位凌乱，工具随意摆放", "基本整齐，离场未清理", "整齐，离场已清理", "始终整齐有序，物料定置摆放"),
    ("动作生疏，频繁返工", "操作基本连贯", "操作连贯，姿态正确", "操作熟练，节奏稳定，节约用材"),
)


def _m(
    method: str, mark: str, name: str, english: str, section: str, guidance: str = "", **options: Any
) -> tuple[Any, ...]:
    return "measurement", method, mark, name, english, section, guidance, options, ()


def _j(mark: str, name: str, english: str, section: str, levels: tuple[str, ...]) -> tuple[Any, ...]:
    return "judgement", "judgement_0_3", mark, name, english, section, "", {}, levels


def _p(mark: str, name: str, english: str, section: str) -> tuple[Any, ...]:
    options = {"drop_high": 1, "drop_low": 1, "aggregate": "mean", "places": 1}
    return (
        "points",
        "points",
        mark,
        name,
        english,
        section,
        "各裁判独立打分，去掉一个最高分和一个最低分后取平均分。",
        options,
        (),
    )


def _d(name: str, english: str, guidance: str, **options: str) -> tuple[Any, ...]:
    return "deduction", "deduction", None, name, english, "", guidance, options, ()


_SCHEME: Mapping[tuple[str, str, str], Mapping[tuple[str, str, str, int], tuple[tuple[Any, ...], ...]]] = {
    ("A", "焊前准备与安全文明生产", "Preparation and safe working"): {
        ("A1", "劳动防护与设备检查", "Protection and equipment check", 1): (
            _m("count", "4", "劳动防护用品穿戴齐全", "Protective equipment worn", "1", "面罩、焊接手套、阻燃服、防护鞋共四项", steps=4),
            _m("pass_fail", "2", "开机前检查气路、电缆与接地", "Gas, cables and earth checked", "1"),
            _m("pass_fail", "2", "焊接电流、气体流量调节在工艺卡范围内", "Current and gas flow within the process card", "2"),
        ),
        ("A2", "坡口清理与装配", "Cleaning and fitting", 1): (
            _m("pass_fail", "2", "坡口及两侧20 mm内清理至露出金属光泽", "Groove and 20 mm beside cleaned to bright metal", "2"),
            _m("value", "4", "装配间隙与错边量", "Gap and misalignment", "2", "间隙2—3 mm、错边不大于0.5 mm得满分，由评分组按偏差给分", places=1),
        ),
        ("A3", "现场管理", "Workplace", 2): (
            _j("4", "工位整理与物料摆放", "Order of the workplace", "1", _LEVELS[1]),
            _d("违反安全操作规程", "Breach of safety rules", "每发生一次扣2分", unit="2", cap="10"),
        ),
    },
    ("B", "焊缝外观质量", "Appearance of the weld"): {
        ("B1", "板对接立焊（3G）", "Plate butt weld, vertical (3G)", 1): (
            _m("value", "6", "焊缝余高与余高差", "Reinforcement and its variation", "3", "余高0—3 mm，余高差不大于2 mm", places=1),
            _m("value", "4", "焊缝宽度差", "Variation of width", "3", "宽度差不大于2 mm得满分", places=1),
            _m("deduct_from_full", "6", "咬边", "Undercut", "3", "深度不大于0.5 mm，每5 mm长计一处", unit="1"),
            _m("deduct_from_full", "4", "表面气孔与夹渣", "Surface pores and slag", "3", "每发现一处计一次", unit="2"),
            _j("6", "正面成形", "Face of the weld", "3", _LEVELS[0]),
        ),
        ("B2", "管对接水平固定焊（5G）", "Pipe butt weld, fixed horizontal (5G)", 2): (
            _m("value", "6", "焊缝余高与余高差", "Reinforcement and its variation", "3", "余高0—3 mm，余高差不大于2 mm", places=1),
            _m("deduct_from_full", "6", "咬边", "Undercut", "3", "深度不大于0.5 mm，每5 mm长计一处", unit="1"),
            _m("pass_fail", "4", "通球检验", "Ball test", "3", "85%管内径的钢球通过"),
            _j("6", "外观成形", "Look of the weld", "3", _LEVELS[0]),
        ),
    },
    ("C", "焊缝内部质量", "Inside of the weld"): {
        ("C1", "射线检测", "Radiography", 2): (
            _m(
                "choice", "16", "3G试件射线检测评级", "Radiographic grade of the 3G piece", "4", "按射线检测报告评级",
                choices=[
                    {"label": "Ⅰ级", "deduction": "0"}, {"label": "Ⅱ级", "deduction": "30"},
                    {"label": "Ⅲ级", "deduction": "60"}, {"label": "Ⅳ级", "deduction": "100"},
                ],
            ),
            _m(
                "choice", "12", "5G试件射线检测评级", "Radiographic grade of the 5G piece", "4", "按射线检测报告评级",
                choices=[
                    {"label": "Ⅰ级", "deduction": "0"}, {"label": "Ⅱ级", "deduction": "30"},
                    {"label": "Ⅲ级", "deduction": "60"}, {"label": "Ⅳ级", "deduction": "100"},
                ],
            ),
        ),
    },
    ("D", "操作过程", "Work in progress"): {
        ("D1", "操作技能", "Handling", 2): (
            _j("3", "操作熟练程度", "Fluency", "1", _LEVELS[2]),
            _p("3", "操作规范与用材节约", "Proper handling and economy", "1"),
            _d("超出规定时间", "Over time", "每超1 min扣1分，超过10 min停止操作", unit="1", cap="10"),
        ),
    },
}  # fmt: skip
_SECTIONS = {"1": "职业素养与安全", "2": "焊前准备", "3": "焊接操作", "4": "质量检验"}


def welding_scheme() -> SchemeDraft:
    """The example, whose aspects sum to 100.00."""
    criteria = []
    for (code, name, english), subs in _SCHEME.items():
        made = tuple(
            SubCriterionDraft(
                sub,
                sub_name,
                sub_english,
                day,
                tuple(
                    AspectDraft(
                        f"{sub}-{number}", kind, method, None if mark is None else Fraction(mark), text, english_text, guidance,
                        options, levels, section,
                    )
                    for number, (kind, method, mark, text, english_text, section, guidance, options, levels) in enumerate(aspects, 1)
                ),
            )
            for (sub, sub_name, sub_english, day), aspects in subs.items()
        )  # fmt: skip
        total = CriterionDraft(code, name, english, None, made).total
        criteria.append(CriterionDraft(code, name, english, total, made))
    sections = []
    for code, name in _SECTIONS.items():
        marks = [each.counted for criterion in criteria for each in criterion.aspects() if each.section == code]
        sections.append(SectionDraft(code, name, sum(marks, Fraction(0))))
    return SchemeDraft("焊工实操评分标准（示例）", tuple(criteria), tuple(sections))
