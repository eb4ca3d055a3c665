"""Award policy files: read, checked, told in sentences."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from certification.rules.policy import Policy
from certification.rules.policy_text import Problem, parse
from foundation.translation import sentence

FOLDER = Path(__file__).resolve().parents[2] / "data" / "policies"


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """One file read: its plain content, the policy when it is right, and every problem when it is not."""

    name: str
    content: Mapping[str, Any]
    policy: Policy | None
    problems: tuple[Problem, ...]

    @property
    def content_hash(self) -> str:
        """SHA-256 of the content, whatever the order of keys and the comments."""
        text = json.dumps(self.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def read_policy(data: bytes, name: str) -> PolicyFile:
    """A policy file's content; a file that is not TOML is a problem like any other."""
    try:
        content = _plain(tomllib.loads(data.decode("utf-8")))
    except UnicodeDecodeError:
        return PolicyFile(name, {}, None, (Problem("", "", "policy_not_utf8"),))
    except tomllib.TOMLDecodeError as wrong:
        return PolicyFile(name, {}, None, (Problem("", "", "policy_not_toml", {"where": str(wrong)}),))
    policy, problems = parse(content)
    return PolicyFile(name, content, policy, problems)


def told(problem: Problem, name: str) -> str:
    """A problem as a sentence that names file, clause and key."""
    what = sentence(problem.code, **problem.facts)
    where = (
        "policy_problem_clause" if problem.clause else "policy_problem_head" if problem.key else "policy_problem_file"
    )
    return sentence(where, file=name, clause=problem.clause, key=problem.key, what=what)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
