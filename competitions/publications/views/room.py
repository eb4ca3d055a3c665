"""The room's blueprint."""

from flask import Blueprint

blueprint = Blueprint("publications", __name__)
