"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "mark_not_a_number": N_("“%(raw)s” is not a number."),
    "mark_negative": N_("A mark cannot be below zero."),
    "mark_above_maximum": N_("This aspect gives at most %(most)s."),
    "mark_too_fine": N_("At most %(places)s decimals here."),
    "mark_not_whole": N_("A whole number is needed here."),
    "points:missing": N_("%(missing)s marks are still missing."),
    "points:not_attempted": N_("Not attempted: no points."),
    "points:not_attempted_disputed": N_("Some judges say not attempted, others gave a mark: discuss it."),
    "points:pass": N_("Meets the requirement: %(max)s."),
    "points:fail": N_("Does not meet the requirement: 0."),
    "points:count": N_("%(count)s of %(steps)s, each an equal share of %(max)s."),
    "points:faults": N_("%(count)s faults at %(unit)s each, taken from %(max)s."),
    "points:deducted": N_("%(count)s × %(unit)s: %(lost)s deducted."),
    "points:value": N_("Marked as %(value)s."),
    "points:judgement": N_("Judges gave %(marks)s on 0–3, of %(max)s."),
    "points:discuss_again": N_(
        "Judges gave %(marks)s: a difference of %(spread)s, more than %(limit)s. Discuss it again."
    ),
    "points:judges": N_("Judges gave %(marks)s; %(dropped)s dropped, %(kept)s counted."),
    "points:too_few_judges": N_("%(judges)s judges are too few when %(dropped)s marks are dropped."),
}
