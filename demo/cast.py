"""The people of the demo: invented names, generated identity numbers, drawn portraits. Nobody here exists."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from PIL import Image, ImageDraw

from catalogue.rules.identity_numbers import check_character

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
_GIVEN = ("晓禾", "建国", "志强", "海燕", "立新", "文博", "雨桐", "思远", "俊杰", "晨曦", "明轩", "佳怡", "浩然", "子墨", "诗涵", "宇航",
          "国栋", "秀英", "伟", "敏", "静", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "超", "霞", "平", "刚", "桂芳", "红梅", "永胜",
          "少华", "春生", "世杰", "念慈")  # fmt: skip
UNITS = ("江州重工集团有限公司", "江州船舶修造厂", "临江电力建设公司", "江州轨道交通集团", "青川石化安装公司", "江州软件园科技有限公司",
         "江州技师学院", "临江职业技术学院", "青川工业学校", "江州市第一建筑安装公司", "南渡机械制造有限公司", "白沙港务集团")  # fmt: skip
_TOWNS = ("江州市滨江路", "临江市工人新村", "青川市建设街", "南渡县解放路", "白沙区港口路")
_SKINS = ((241, 205, 178), (232, 190, 160), (222, 178, 148))
_COATS = ((38, 70, 83), (72, 84, 97), (27, 67, 50), (90, 60, 50), (52, 58, 90))


@dataclass(frozen=True, slots=True)
class Player:
    """One invented candidate. `skill` between 0 and 1 decides the marks."""

    name: str
    identity_number: str
    unit: str
    phone: str
    address: str
    ethnic_group: str
    education: str
    years: int
    skill: float
    identity_class: str = "worker"
    name_en: str = ""


def identity_number(rng: random.Random, born: date, female: bool) -> str:
    """A number with a right check digit and an address code that belongs to no place (999…)."""
    sequence = rng.randrange(0, 500) * 2 + (0 if female else 1)
    body = f"99{rng.randrange(10, 99)}{rng.randrange(1, 30):02d}{born:%Y%m%d}{sequence % 1000:03d}"
    return body + check_character(body)


def players(rng: random.Random, count: int, *, student: bool = False) -> list[Player]:
    """`count` people with different names; students are 18 to 20, workers 22 to 55."""
    made: dict[str, Player] = {}
    while len(made) < count:
        name = rng.choice(_SURNAMES) + rng.choice(_GIVEN)
        if name in made:
            continue
        years = rng.randrange(18, 21) if student else rng.randrange(22, 56)
        born = date(2026, 1, 1) - timedelta(days=years * 365 + rng.randrange(30, 340))
        made[name] = Player(
            name=name,
            identity_number=identity_number(rng, born, rng.random() < 0.4),
            unit=rng.choice(UNITS[6:9]) if student else rng.choice(UNITS),
            phone=f"199{rng.randrange(10**8):08d}",
            address=f"{rng.choice(_TOWNS)}{rng.randrange(1, 300)}号",
            ethnic_group=rng.choices(("01", "03", "11", "15"), (90, 5, 3, 2))[0],
            education="47" if student else rng.choice(("30", "41", "47", "20")),
            years=0 if student else max(1, years - 21),
            skill=0.35 + 0.6 * rng.random(),
            identity_class="student" if student else "worker",
        )
    return list(made.values())


def born_on(player: Player, rng: random.Random, born: date) -> Player:
    """The same player with another birth date."""
    return replace(player, identity_number=identity_number(rng, born, female=False))


def portrait(rng: random.Random) -> bytes:
    """A drawn one-inch portrait on white: plainly a drawing, so that nobody takes it for a person."""
    picture = Image.new("RGB", (413, 579), "white")
    draw = ImageDraw.Draw(picture)
    skin, coat = rng.choice(_SKINS), rng.choice(_COATS)
    hair = rng.choice(((30, 28, 28), (52, 42, 36), (80, 80, 84)))
    draw.ellipse((20, 420, 393, 820), fill=coat)
    draw.polygon([(150, 430), (206, 520), (263, 430)], fill="white")
    draw.rectangle((172, 350, 241, 445), fill=skin)
    draw.ellipse((112, 118, 301, 398), fill=skin)
    draw.pieslice((102, 92, 311, 330), 180, 360, fill=hair)
    if rng.random() < 0.4:
        draw.rectangle((102, 200, 130, 360), fill=hair)
        draw.rectangle((283, 200, 311, 360), fill=hair)
    for x in (160, 253):
        draw.ellipse((x - 9, 238, x + 9, 256), fill=(40, 40, 40))
    draw.arc((165, 290, 248, 345), 20, 160, fill=(150, 70, 60), width=5)
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=88)
    return target.getvalue()
