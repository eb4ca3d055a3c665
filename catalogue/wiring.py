"""Joins the rooms of this package to an application; nothing else."""

from __future__ import annotations

from typing import Any

from flask import Flask

from catalogue import commands
from catalogue.codes import queries as codes
from catalogue.codes import sentences as code_sentences
from catalogue.occupations import queries as occupations
from foundation import translation
from foundation.web import language


def register(app: Flask) -> None:
    """Commands, sentences, and the names of codes for templates."""
    translation.register(code_sentences.SENTENCES)
    app.cli.add_command(commands.reference)

    @app.context_processor
    def code_context() -> dict[str, Any]:
        return {
            "code_name": lambda name, code: codes.code_name(name, code, language.chosen()),
            "region_name": occupations.region_name,
        }
