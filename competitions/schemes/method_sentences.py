"""What scoring methods say: their options, their explanations, what is wrong with a setting."""

from foundation.translation import N_

SENTENCES = {
    "mark_below_minimum": N_("This aspect gives at least %(least)s."),
    "mark_off_grid": N_("Marks go in steps of %(grid)s here."),
    "mark_judge_absent": N_(
        "The rule of this aspect does not say what happens without a judge; every judge must mark."
    ),
    "hint:tolerance": N_(
        "%(nominal)s %(unit)s, +%(plus)s −%(minus)s: full marks from %(low)s to %(high)s, both included."
    ),
    "hint:band": N_("Up to %(beyond)s %(unit)s outside: %(lost)s %% lost."),
    "hint:range": N_("%(low)s to %(high)s %(unit)s: %(worth)s"),
    "hint:range_up_to": N_("Up to %(high)s %(unit)s: %(worth)s"),
    "hint:range_from": N_("From %(low)s %(unit)s on: %(worth)s"),
    "hint:fault": N_("Each costs %(unit)s."),
    "hint:fault_step": N_("Every %(step)s %(unit_name)s cost %(unit)s."),
    "hint:zero_over": N_("More than %(over)s %(unit)s: nothing is left."),
    "hint:time": N_("Full marks up to %(full)s s, none from %(zero)s s on."),
    "points:no_judge": N_("No judge marked this."),
    "points:judges_factor": N_(
        "Judges gave %(marks)s; dropped %(dropped_marks)s; %(aggregate)s of %(kept_marks)s × %(scale)s = %(panel)s; × factor %(factor)s."
    ),
    "points:faults_over": N_("%(count)s is more than %(over)s: the whole item is lost."),
    "points:within": N_("%(value)s %(unit)s lies within %(low)s to %(high)s: full marks."),
    "points:beyond": N_("%(value)s %(unit)s is %(beyond)s outside %(low)s to %(high)s: %(lost)s %% lost."),
    "points:range": N_("%(value)s %(unit)s lies in range %(number)s: %(lost)s %% of %(max)s is lost."),
    "points:no_range": N_("%(value)s %(unit)s lies in no range: no marks."),
    "points:deducted_zero_sub": N_("%(count)s is over the limit: the whole sub-criterion gives nothing."),
    "points:deducted_zero_criterion": N_("%(count)s is over the limit: the whole criterion gives nothing."),
    "points:deducted_zero_all": N_("%(count)s is over the limit: everything counts zero."),
    "points:deducted_stop": N_("%(count)s is over the limit: the attempt is stopped and has no place."),
    "points:time_kept": N_("%(taken)s s of %(limit)s s: in time."),
    "points:time_over": N_("%(taken)s s of %(limit)s s: %(lost)s deducted."),
    "points:time_bonus": N_("%(taken)s s of %(limit)s s: %(lost)s added for finishing early."),
    "points:time_zero_sub": N_("%(over)s s over %(limit)s s: the whole sub-criterion gives nothing."),
    "points:time_zero_criterion": N_("%(over)s s over %(limit)s s: the whole criterion gives nothing."),
    "points:time_zero_all": N_("%(over)s s over %(limit)s s: everything counts zero."),
    "points:time_stop": N_("%(over)s s over %(limit)s s: the attempt is stopped and has no place."),
    "points:time_score": N_("%(taken)s s; full marks up to %(full)s s, none from %(zero)s s on."),
    "points:attempts": N_("Attempts %(times)s; %(dropped)s dropped."),
    "points:no_time": N_("Attempts %(times)s: %(count)s without a time, so there is no result."),
    "explain:criterion_rescaled": N_("Criterion %(item)s: %(sum)s × %(factor)s, making up for what was left out"),
    "explain:criterion_adjusted": N_(
        "Criterion %(item)s: its aspects sum to %(sum)s; after zeroing and rounding of the module it counts as shown."
    ),
    "aspect_method:tolerance": N_("Measured, with tolerance"),
    "aspect_method:range": N_("Measured, by ranges"),
    "aspect_method:time_score": N_("Marks for the time taken"),
    "aspect_method:time_limit": N_("Deducted for time"),
    "aspect_method:time_attempts": N_("Time of several attempts"),
    "trial_at": N_("Row %(row)s, column %(column)s: %(message)s"),
    "trial_method_unknown": N_("There is no method “%(method)s”. Known are %(right)s."),
    "trial_option_wrong": N_("%(message)s"),
    "trial_options_unreadable": N_(
        "The options are not a JSON object (line and column %(at)s). Write name and value as the documentation shows."
    ),
    "trial_max_mark_wrong": N_("“%(value)s” is not a maximum mark. Write a number above 0, such as 1.5."),
    "trial_empty": N_(
        "The spreadsheet holds no row to work out. Its first row names the columns: entry, item, one for each judge."
    ),
    "trial_too_large": N_("At most %(rows)s rows and %(columns)s columns."),
    "trial_not_text": N_("This is neither a CSV text (UTF-8 or GB 18030) nor an .xlsx workbook."),
    "trial_formula": N_("Cell %(cell)s holds a formula. Paste its value instead."),
    "trial_no_judges": N_("There is no column with marks. Add one for each judge."),
    "trial_twice": N_("“%(entry)s” already has item “%(item)s” in row %(first)s. Keep one."),
    "trial_head_twice": N_("The column “%(head)s” stands there twice. Keep one."),
    "trial_head_missing": N_("The column “%(head)s” is missing. Name one %(right)s."),
    "trial_cell_without_head": N_("“%(text)s” stands under no column name. Name the column or empty the cell."),
    "trial_cell_empty": N_("This cell is empty. Fill it in."),
    "trial_factor_wrong": N_("“%(value)s” is not a factor. Write a number such as 3.1."),
    "trial_total:stopped": N_("Stopped: no total and no rank."),
    "trial_total:missing": N_("No total: %(missing)s of %(items)s items have no points."),
    "trial_total:sum": N_("Sum of %(items)s items = %(exact)s, shown as %(shown)s."),
}

FINDINGS = {
    "option_wrong": N_("Aspect %(aspect)s, %(option)s: “%(value)s” is not possible. Right is: %(right)s."),
    "option_unknown": N_("Aspect %(aspect)s: there is no option “%(value)s” here. Known are %(right)s."),
    "option_line_number": N_("Aspect %(aspect)s: line %(number)s holds “%(value)s” where a number is needed."),
    "option_bands_order": N_("Aspect %(aspect)s: the bands must grow from line to line and begin above 0."),
    "option_range_order": N_("Aspect %(aspect)s: range %(number)s ends before it begins."),
    "option_scale_above": N_(
        "Aspect %(aspect)s: judges could give %(value)s, more than its %(most)s. Lower the highest mark or the multiplier."
    ),
    "option_least_above": N_("Aspect %(aspect)s: the highest mark of a judge must be above the lowest."),
    "option_zero_before_full": N_(
        "Aspect %(aspect)s: the time for no marks must be longer than the time for full marks."
    ),
}

OPTION_WORDS = {
    "unit": N_("Deducted each time"),
    "step": N_("Size of one step (empty: count occurrences)"),
    "part": N_("A step that is not full"),
    "zero_over": N_("Zero when more than"),
    "unit_name": N_("Unit of measurement"),
    "mark_places": N_("Decimals of an entered mark"),
    "round_at": N_("Rounded at"),
    "places": N_("Decimals"),
    "steps": N_("Number to complete"),
    "choices": N_("Levels"),
    "nominal": N_("Nominal value"),
    "plus": N_("Upper deviation"),
    "minus": N_("Lower deviation"),
    "bands": N_("Bands outside the tolerance"),
    "ranges": N_("Ranges"),
    "full_at": N_("Full marks up to (s)"),
    "zero_at": N_("No marks from (s)"),
    "aggregate": N_("Put together"),
    "drop_high": N_("Highest marks dropped"),
    "drop_low": N_("Lowest marks dropped"),
    "scale": N_("Multiplied by"),
    "missing": N_("When a judge is missing"),
    "least": N_("Lowest mark of a judge"),
    "most": N_("Highest mark of a judge"),
    "grid": N_("Marks go in steps of"),
    "cap": N_("Largest deduction"),
    "zero_what": N_("What is zeroed"),
    "stop_over": N_("Stopped when more than"),
    "limit": N_("Time limit (s)"),
    "grace": N_("Free over-time (s)"),
    "over_unit": N_("Deducted for each step over time"),
    "over_step": N_("Step of over-time (s)"),
    "over_part": N_("A step of over-time that is not full"),
    "over_cap": N_("Largest deduction for over-time"),
    "early_unit": N_("Bonus for each step early"),
    "early_step": N_("Step of early finish (s)"),
    "early_cap": N_("Largest bonus"),
    "shortest": N_("Shortest time (s)"),
    "short_unit": N_("Deducted when shorter"),
    "drop_best": N_("Best attempts dropped"),
    "drop_worst": N_("Worst attempts dropped"),
}

CHOICE_WORDS = {
    "judge": N_("each judge's mark"),
    "aspect": N_("each aspect"),
    "module": N_("each module"),
    "end": N_("the total only"),
    "full": N_("does not count"),
    "started": N_("counts as a whole one"),
    "exact": N_("counts by its share"),
    "mean": N_("mean"),
    "sum": N_("sum"),
    "best": N_("best"),
    "wait": N_("wait: no result without"),
    "average": N_("the mean of the others stands in"),
    "without": N_("count without"),
    "sub_criterion": N_("the sub-criterion"),
    "criterion": N_("the criterion"),
    "all": N_("everything"),
}

SENTENCES |= {f"scheme_finding:{code}": text for code, text in FINDINGS.items()}
SENTENCES |= {f"scoring_option:{name}": text for name, text in OPTION_WORDS.items()}
SENTENCES |= {f"scoring_choice:{name}": text for name, text in CHOICE_WORDS.items()}
