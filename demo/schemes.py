"""Workbooks for the demo: 网站技术 in the layout of WorldSkills' system, 焊工 and 电工 in our own template. All texts are invented."""

from __future__ import annotations

import io
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl

from competitions.rules.scheme import AspectDraft, CriterionDraft, SchemeDraft, SubCriterionDraft, mark_text
from competitions.schemes.chinese_template import written_scheme
from competitions.schemes.welding_example import welding_scheme

# code, name, English, section, measured aspects and their marks, judged aspects and their marks, sub-criteria
_WEBSITE: tuple[tuple[str, str, str, int, int, str, int, str, tuple[tuple[str, str], ...]], ...] = (
    ("A", "静态页面设计与制作", "Static pages", 3, 33, "9.5", 7, "7", (
        ("公共区域", "Common parts"), ("首页", "Home page"), ("景区介绍页", "Scenic area page"), ("票务页", "Ticket page"),
        ("响应式布局", "Responsive layout"), ("网页规范与无障碍", "Standards and accessibility"))),
    ("B", "服务端动态网站", "Server-side website", 5, 45, "20", 3, "3", (
        ("数据库设计", "Database"), ("用户登录与权限", "Sign-in and roles"), ("景区管理", "Managing scenic areas"),
        ("订单管理", "Orders"), ("内容检索", "Search"), ("后台统计", "Statistics"), ("部署与说明", "Deployment and notes"))),
    ("C", "接口服务开发", "Interface service", 5, 34, "14.75", 2, "2", (
        ("鉴权接口", "Authentication"), ("票务接口", "Ticket endpoints"), ("库存接口", "Stock endpoints"),
        ("错误处理", "Error answers"), ("缓存与日志", "Cache and log"), ("接口文档", "Documentation"))),
    ("D", "前端交互应用", "Interactive front end", 4, 40, "17.75", 4, "4.25", (
        ("地图组件", "Map"), ("选座组件", "Seat picker"), ("购物流程", "Checkout"), ("离线使用", "Offline use"),
        ("状态同步", "Keeping in step"), ("动效与反馈", "Motion and feedback"))),
    ("E", "综合应用与质量", "Quality", 1, 18, "14.75", 2, "2", (
        ("自动化测试", "Automated tests"), ("安全加固", "Hardening"), ("深色主题", "Dark theme"), ("协作与交付", "Delivery"))),
    ("F", "创意模块", "Free module", 2, 3, "4", 1, "1", (("创意实现", "Idea"), ("现场展示", "Presentation"))),
)  # fmt: skip
_CHECKS = (
    ("功能按任务书要求可用", "works as the task asks"), ("输入校验完整并有提示", "checks input and says what is wrong"),
    ("数据显示与样例一致", "shows the sample data"), ("页面标题与导航状态正确", "has the right title and navigation state"),
    ("键盘可以完成操作", "can be used by keyboard"), ("窄屏下无横向滚动", "does not scroll sideways on narrow screens"),
    ("空数据时有说明", "says so when there is no data"), ("出错时保留已填内容", "keeps what was typed after an error"),
    ("重复提交只生效一次", "takes a second click once"), ("加载过程有反馈", "shows that it is loading"),
    ("代码结构清晰、命名规范", "has clear structure and names"),
)  # fmt: skip
_LEVELS = (
    "未完成，或不可用\nNot done, or not usable", "基本可用，存在明显不足\nUsable with plain defects",
    "达到行业一般水平，个别细节不足\nUp to the trade, small defects", "完整、细致，优于行业一般水平\nComplete and fine, above the trade",
)  # fmt: skip
_HEADS = (
    "Sub\nCriterion\nID", "Sub Criterion\nName or Description", "Day of Marking", "Aspect\nType\nM = Meas\nJ = Judg",
    "Aspect - Description", "Judg Score", "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)", "WSOS Section", "Calculation Row \n(Export only)", "Max\nMark",
)  # fmt: skip
_SECTIONS = ("工作组织与管理", "沟通与表达", "页面设计", "前端开发", "后端开发")


def shares(total: str, parts: int, step: str = "0.05") -> list[Fraction]:
    """`total` in `parts` nearly equal marks, each a multiple of `step`, the larger ones first."""
    units, rest = divmod(Fraction(total) / Fraction(step), 1)
    if rest:
        raise ValueError(f"{total} is no multiple of {step}")
    each, more = divmod(int(units), parts)
    return [(each + (number < more)) * Fraction(step) for number in range(parts)]


def website_workbook() -> bytes:
    """A workbook of the real file's shape: 6 criteria, 31 sub-criteria, 192 aspects, 173 M = 80.75, 19 J = 19.25."""
    book = openpyxl.Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = "CIS Marking Scheme Import"
    sheet.append(["网站技术"])
    sheet.append([])
    sheet.append(["WorldSkills Occupational Standards"])
    sheet.append(["Section", "WSOS Marks", *[None] * 6, "WSOS Marks", "Aspect Marks", "Variation"])
    for number, name in enumerate(_SECTIONS, start=1):
        declared = sum((Fraction(row[5]) + Fraction(row[7]) for row in _WEBSITE if row[3] == number), Fraction(0))
        row = sheet.max_row + 1
        formulas = [f"=SUMIF(I24:I600,A{row},K24:K600)", f"=ABS(I{row}-J{row})"]
        sheet.append([number, name, *[None] * 6, _cell(declared), *formulas])
    sheet.append([])
    sheet.append(["Criteria"])
    sheet.append(["ID", "Name", *[None] * 8, "Mark"])
    for code, name, english, *_ in _WEBSITE:
        worth = next(Fraction(row[5]) + Fraction(row[7]) for row in _WEBSITE if row[0] == code)
        sheet.append([code, f"{name}\n{english}", *[None] * 8, _cell(worth)])
    for criterion in _WEBSITE:
        _block(sheet, criterion)
    calculations: Any = book.create_sheet("Calculations")
    calculations.append(["Measurement", "PASS_FAIL", "TRUE", ""])
    for count in (4, 3, 5):
        calculations.append(
            [f"Number Completed {count}", "NUMBER_COMPLETED", "TRUE", f"NUM_POSSIBLE:::{count}.00000000#x~x#"]
        )
    levels = (
        ("全部页面无错误", "0E-8"),
        ("每页不超过2处错误", "33.30000000"),
        ("每页不超过3处错误", "66.60000000"),
        ("错误更多", "100.00000000"),
    )
    pairs = ["DEDUCTION_TYPE:::#x~x#PERCENT"]
    for number, (label, lost) in enumerate(levels, start=1):
        pairs += [f"CHOICE{number}_LABEL:::#x~x#{label}", f"CHOICE{number}_DEDUCTION:::{lost}#x~x#"]
    calculations.append(["", "CHOICE", "FALSE", "#-#".join(pairs)])
    return _saved(book)


def _block(sheet: Any, criterion: tuple[Any, ...]) -> None:
    code, _name, _english, section, measured, marks, judged, judged_marks, subs = criterion
    sheet.append([])
    head = sheet.max_row + 1
    sheet.append([*_HEADS, f"Criterion {code}", "Total\nMark", f"=SUM(K{head + 1}:K{head + 90})"])
    worth, judged_worth = shares(marks, measured), shares(judged_marks, judged, "0.25")
    for place, (topic, english) in enumerate(subs):
        day = 1 if code in "AB" else 2 if code in "CD" else 3
        sheet.append([f"{code}{place + 1}", f"{topic}\n{english}", day])
        mine = worth[place :: len(subs)]
        for number, mark in enumerate(mine):
            check, check_english = _CHECKS[number % len(_CHECKS)]
            calculation = 5 if (code, place, number) == ("A", 5, 0) else 2 if number == 3 else 1
            text = f"{topic}：{check}\n{english}: {check_english}"
            sheet.append([None, None, None, "M", text, None, None, None, section, calculation, _cell(mark)])
        for number, mark in enumerate(judged_worth[place :: len(subs)]):
            text = f"{topic}：整体质量{number + 1 if number else ''}\n{english}: overall quality{f' {number + 1}' if number else ''}"
            sheet.append([None, None, None, "J", text, None, None, None, section, None, _cell(mark)])
            for score, level in enumerate(_LEVELS):
                sheet.append([None] * 5 + [score, level])


def _cell(mark: Fraction) -> Any:
    return Decimal(mark_text(mark))


def _saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def welding_workbook() -> bytes:
    """焊工: measurement, judgement, points and deductions; 100.00 in all."""
    return written_scheme(welding_scheme())


def electrician_workbook() -> bytes:
    """电工: 100.00 in all."""
    return written_scheme(electrician_scheme())


def electrician_scheme() -> SchemeDraft:
    """电工: control cabinet, fault finding, programming."""
    levels = ("布线杂乱，不符合工艺", "布线基本符合工艺", "布线横平竖直，捆扎整齐", "布线美观，线号齐全，便于检修")
    data: tuple[tuple[str, str, str, tuple[tuple[str, str, int, tuple[tuple[Any, ...], ...]], ...]], ...] = (
        ("A", "电气安装", "Installation", (
            ("A1", "元件安装", 1, (
                ("count", "8", "元件按图安装到位（共8件）", {"steps": 8}), ("pass_fail", "4", "接地保护线连接可靠", {}),
                ("deduct_from_full", "6", "接线端子压接不良", {"unit": "0.5"}))),
            ("A2", "布线工艺", 1, (("judgement_0_3", "8", "线槽与布线", {}), ("pass_fail", "4", "线号标注齐全正确", {}))))),
        ("B", "故障检测与排除", "Fault finding", (
            ("B1", "主电路故障", 1, (("count", "12", "查出并排除故障（共3处）", {"steps": 3}), ("pass_fail", "4", "检修记录填写完整", {}))),
            ("B2", "控制电路故障", 2, (("count", "12", "查出并排除故障（共4处）", {"steps": 4}),)))),
        ("C", "可编程控制系统", "Programmable control", (
            ("C1", "程序设计", 2, (
                ("pass_fail", "8", "手动方式功能正确", {}), ("pass_fail", "8", "自动循环功能正确", {}),
                ("value", "6", "人机界面功能", {"places": 1}))),
            ("C2", "通电调试", 2, (
                ("choice", "10", "一次通电成功", {"choices": [
                    {"label": "第一次通电成功", "deduction": "0"}, {"label": "第二次通电成功", "deduction": "50"},
                    {"label": "未成功", "deduction": "100"}]}),
                ("points", "5", "调试过程规范性", {"drop_high": 1, "drop_low": 1, "aggregate": "mean", "places": 1}))))),
        ("D", "职业素养", "Conduct", (
            ("D1", "安全文明生产", 2, (
                ("pass_fail", "3", "停电验电、悬挂标示牌", {}), ("pass_fail", "2", "工具仪表使用规范", {}),
                ("deduction", None, "违反电气安全操作规程", {"unit": "3", "cap": "15"}))),)),
    )  # fmt: skip
    kinds = {"judgement_0_3": "judgement", "points": "points", "deduction": "deduction"}
    criteria = []
    for code, name, english, subs in data:
        made = tuple(
            SubCriterionDraft(
                sub, sub_name, "", day,
                tuple(
                    AspectDraft(
                        f"{sub}-{number}", kinds.get(method, "measurement"), method, None if mark is None else Fraction(mark),
                        text, options=options, descriptors=levels if method == "judgement_0_3" else (),
                    )
                    for number, (method, mark, text, options) in enumerate(aspects, start=1)
                ),
            )
            for sub, sub_name, day, aspects in subs
        )  # fmt: skip
        criteria.append(CriterionDraft(code, name, english, CriterionDraft(code, name, "", None, made).total, made))
    return SchemeDraft("电工实操评分标准", tuple(criteria))
