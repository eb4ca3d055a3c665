"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "scheme_has_errors": N_("Nothing was imported: %(errors)s errors were found. They are listed below."),
    "scheme_frozen": N_(
        "Version %(number)s has been frozen since the first mark (%(when)s); a frozen scheme is not replaced. An aspect can still be voided by the chief judge."
    ),
    "scheme_moved_on": N_("Meanwhile version %(number)s took the place of this one (%(when)s). Look at it first."),
    "balance_itself": N_("Choose another aspect to take the difference."),
    "balance_impossible": N_("Aspect %(aspect)s would be left with %(left)s: it cannot take the difference."),
    "mark_not_a_choice": N_("Choose one of the %(most)s levels; the first is 1."),
    "points:choice": N_("Level %(number)s, “%(label)s”: %(lost)s %% of %(max)s is lost."),
    "scheme_state:in_force": N_("In force"),
    "scheme_state:frozen": N_("Frozen"),
    "scheme_state:superseded": N_("Replaced"),
    "scheme_move:freeze": N_("Freeze"),
    "scheme_move:supersede": N_("Replace"),
    "audit:scheme:imported": N_("Marking scheme imported"),
    "audit:scheme:frozen": N_("Marking scheme frozen"),
    "scheme_noun:scheme": N_("scheme"),
    "scheme_noun:criterion": N_("criterion"),
    "scheme_noun:sub": N_("sub-criterion"),
    "scheme_noun:aspect": N_("aspect"),
    "scheme_noun:section": N_("section"),
    "scheme_change:added": N_("Added"),
    "scheme_change:removed": N_("Removed"),
    "scheme_change:changed": N_("Changed"),
    "scheme_part:title": N_("title"),
    "scheme_part:mark": N_("marks"),
    "scheme_part:name": N_("text"),
    "scheme_part:day": N_("day"),
    "scheme_part:method": N_("method"),
    "scheme_part:options": N_("options"),
    "scheme_part:guidance": N_("guidance"),
    "scheme_part:descriptors": N_("descriptors"),
    "scheme_part:section": N_("section of the standard"),
    "scheme_part:parent": N_("place in the scheme"),
    "aspect_kind:measurement": N_("Measurement"),
    "aspect_kind:judgement": N_("Judgement"),
    "aspect_kind:points": N_("Points"),
    "aspect_kind:deduction": N_("Deduction"),
    "aspect_method:pass_fail": N_("Full mark or nothing"),
    "aspect_method:count": N_("Share of the number done"),
    "aspect_method:deduct_from_full": N_("Marks lost for each fault"),
    "aspect_method:choice": N_("One of several levels"),
    "aspect_method:value": N_("Marks agreed by the panel"),
    "aspect_method:judgement_0_3": N_("Levels 0 to 3 by each judge"),
    "aspect_method:points": N_("Points by each judge"),
    "aspect_method:deduction": N_("Deducted each time"),
    "next_step:scheme": N_("“%(event)s” has no marking scheme yet. Import a workbook."),
    "next_step:scheme_link": N_("Import the marking scheme"),
}

FINDINGS = {
    "layout_unknown": N_(
        "Neither of the two known layouts was found (sheets: %(found)s). Send the CIS workbook with its heads, or fill in Laurel's template with the sheets 评分项 and 评分标准."
    ),
    "sheet_missing": N_("There is no sheet “%(sheet)s” (found: %(found)s). Name the sheet so."),
    "heads_missing": N_("Sheet “%(sheet)s” lacks the columns %(missing)s. Write these heads in one row."),
    "formula_in_cell": N_("Cell %(cell)s holds a formula (%(formula)s). Paste its value instead."),
    "number_unreadable": N_("“%(text)s” under “%(label)s” is not a number. Write it as %(right)s."),
    "number_not_whole": N_("“%(text)s” under “%(label)s” must be a whole number, such as 1."),
    "scheme_empty": N_("The workbook holds no criterion. List at least one, such as A, with its mark."),
    "criterion_mark_missing": N_("Criterion %(criterion)s has no mark. Write the sum of its aspects."),
    "criterion_unknown": N_(
        "Sub-criterion %(sub)s belongs to criterion “%(criterion)s”, which is not in the list of criteria. Add it there or correct the code."
    ),
    "criterion_without_sub": N_(
        "Criterion %(criterion)s has no sub-criterion. Add one with its aspects, or remove the criterion."
    ),
    "sub_without_aspects": N_("Sub-criterion %(sub)s has no aspect. Add one, or remove the sub-criterion."),
    "sub_code_wrong": N_("“%(code)s” is not the code of a sub-criterion. Write a letter and a number, such as A1."),
    "sub_said_twice": N_(
        "“%(label)s” of sub-criterion %(sub)s is given twice and differs; the first was “%(first)s”. Keep one."
    ),
    "day_missing": N_("Sub-criterion %(sub)s names no day of marking; it can be marked on any day."),
    "day_impossible": N_("Sub-criterion %(sub)s is marked on day %(day)s. Write a day from 1 to %(last)s."),
    "aspect_before_sub": N_(
        "This aspect stands before any sub-criterion. Put the sub-criterion's code above or beside it."
    ),
    "aspect_type_unknown": N_("The type “%(type)s” is unknown. Write M for measurement or J for judgement."),
    "kind_unknown": N_("Aspect %(aspect)s: the type “%(text)s” is unknown. Choose one of %(right)s."),
    "method_unknown": N_("Aspect %(aspect)s: “%(text)s” is no method for the type %(kind)s. Choose one of %(right)s."),
    "method_wrong": N_("Aspect %(aspect)s: the method “%(method)s” does not fit its type. Right would be %(right)s."),
    "max_mark_missing": N_("Aspect %(aspect)s has no maximum mark. Write one, such as 0.50."),
    "max_mark_not_positive": N_("Aspect %(aspect)s has the maximum mark %(mark)s. It must be above 0."),
    "max_mark_too_fine": N_("The maximum mark of aspect %(aspect)s has more than %(places)s decimals. Write fewer."),
    "aspect_above_criterion": N_(
        "Aspect %(aspect)s gives %(mark)s, more than its whole criterion %(criterion)s with %(declared)s. Lower it or correct the criterion."
    ),
    "descriptors_missing": N_(
        "Aspect %(aspect)s is judged and needs four descriptors, for 0, 1, 2 and 3; missing: %(missing)s. Describe each level."
    ),
    "descriptor_without_judgement": N_(
        "This descriptor does not stand under a judged aspect. Put it directly under an aspect of type J."
    ),
    "descriptor_score_wrong": N_("A descriptor for %(score)s is not possible; levels are 0, 1, 2 and 3."),
    "descriptor_twice": N_("Aspect %(aspect)s describes level %(score)s twice. Keep one."),
    "section_unknown": N_("Aspect %(aspect)s names section “%(section)s”, which is not listed. Listed are %(right)s."),
    "section_missing": N_("Aspect %(aspect)s names no section of the standard."),
    "calculation_missing": N_(
        "Row %(row)s of the sheet Calculations is named here, but that sheet has %(most)s rows. Correct the number or add the row."
    ),
    "calculation_unsupported": N_(
        "The calculation “%(type)s” is not known. Known are PASS_FAIL, NUMBER_COMPLETED, CHOICE and RANGED_SCORE with percentages."
    ),
    "calculation_ranges_unclear": N_(
        "Aspect %(aspect)s is worked out by ranges whose bounds the file does not make clear. The panel agrees the marks themselves; the ranges stand in the guidance."
    ),
    "option_unused": N_(
        "Aspect %(aspect)s: %(columns)s is filled in but means nothing for its method; it was left out."
    ),
    "deduction_with_mark": N_("Aspect %(aspect)s is a deduction and carries no marks of its own. Leave them empty."),
    "option_steps_wrong": N_(
        "Aspect %(aspect)s: the number to complete is “%(value)s”. Write a whole number of at least 1."
    ),
    "option_unit_wrong": N_(
        "Aspect %(aspect)s: the deduction for each is “%(value)s”. Write a number above 0, such as 0.5."
    ),
    "option_unit_above": N_("Aspect %(aspect)s loses %(value)s each time, more than its %(most)s. Write at most that."),
    "option_cap_wrong": N_(
        "Aspect %(aspect)s: the largest deduction is “%(value)s”. Write a number above 0, or leave it empty."
    ),
    "option_places_wrong": N_("Aspect %(aspect)s: “%(value)s” decimals are not possible. Write 0 to %(most)s."),
    "option_drop_wrong": N_("Aspect %(aspect)s: “%(value)s” marks cannot be dropped. Write 0, 1 or 2."),
    "option_aggregate_wrong": N_("Aspect %(aspect)s: “%(value)s” is unknown. Choose 平均 (mean) or 求和 (sum)."),
    "option_choices_few": N_("Aspect %(aspect)s offers fewer than two levels. Write one a line, as “no faults｜0”."),
    "option_choice_unnamed": N_("Aspect %(aspect)s: level %(number)s has no text. Write it as “no faults｜0”."),
    "option_choice_share": N_(
        "Aspect %(aspect)s: level %(number)s loses “%(value)s”. Write a percentage from 0 to 100, as “one fault｜33.3”."
    ),
    "code_missing": N_("The %(noun)s “%(name)s” has no code. Give it one."),
    "code_twice": N_("The code %(code)s is used for more than one %(noun)s. Every code stands once."),
    "name_missing": N_("The %(noun)s %(code)s has no text. Write what is marked."),
    "text_too_long": N_("“%(text)s” is too long. Write at most %(limit)s characters."),
    "criterion_sum_differs": N_(
        "Criterion %(criterion)s declares %(declared)s, but its aspects sum to %(sum)s: a difference of %(difference)s. Make them equal."
    ),
    "scheme_sum_short": N_("The scheme sums to %(sum)s; it must be exactly 100.00: %(difference)s are missing."),
    "scheme_sum_over": N_("The scheme sums to %(sum)s; it must be exactly 100.00: %(difference)s too many."),
    "scheme_sum_short_in": N_(
        "The scheme sums to %(sum)s; it must be exactly 100.00: %(difference)s are missing. Look at criterion %(criteria)s, which differs from its declared mark."
    ),
    "scheme_sum_over_in": N_(
        "The scheme sums to %(sum)s; it must be exactly 100.00: %(difference)s too many. Look at criterion %(criteria)s, which differs from its declared mark."
    ),
    "section_sum_differs": N_(
        "Section %(section)s declares %(declared)s; its aspects sum to %(sum)s (%(difference)s away)."
    ),
    "section_sum_far": N_(
        "Section %(section)s declares %(declared)s, but its aspects sum to %(sum)s: %(difference)s away, and at most %(leeway)s is allowed."
    ),
}

SENTENCES |= {f"scheme_finding:{code}": text for code, text in FINDINGS.items()}
