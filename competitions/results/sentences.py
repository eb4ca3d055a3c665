"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "medal:gold": N_("Gold"),
    "medal:silver": N_("Silver"),
    "medal:bronze": N_("Bronze"),
    "score_columns_missing": N_(
        "No sheet has the columns “%(number)s” and “%(score)s” among its first ten rows. Use the template."
    ),
    "score_list_wrong": N_(
        "Nothing was stored: %(count)s places in the list are wrong. Mend them and send the list again."
    ),
    "score_list_empty": N_("There is no score in this list."),
    "score_formula": N_("A formula is not taken over. Replace it by its value."),
    "pass_number_missing": N_("The pass number is missing."),
    "pass_number_twice": N_("Pass number %(number)s stands here for the second time; the first is in %(first)s."),
    "pass_number_unknown": N_("No accepted entry of this event has the pass number %(number)s."),
    "score_of_absent": N_(
        "%(number)s was absent and cannot have a score. Leave the cell empty or correct the attendance."
    ),
    "score_given_before": N_("%(number)s has a score in another list already. Withdraw that list first."),
    "score_missing": N_("The score of %(number)s is missing."),
    "score_not_a_number": N_("“%(raw)s” is not a number. Write one such as 86.5."),
    "score_negative": N_("A score cannot be below zero."),
    "score_above_full_mark": N_("%(raw)s is above the full mark, %(most)s."),
    "score_too_fine": N_("At most %(places)s decimals."),
    "scores_entered_meanwhile": N_(
        "Somebody else has just entered scores for the same pass numbers. Look at the lists again."
    ),
    "second_person_needed": N_(
        "Whoever entered this list cannot confirm it: a second person compares it and confirms."
    ),
    "scores_open": N_("%(count)s lists of scores wait for a second person to confirm them."),
    "attendance_open": N_("Nobody has noted yet whether %(count)s entries came. The counting base needs it."),
    "nobody_competed": N_("This division has no accepted entry."),
    "inputs_changed": N_("Something was confirmed while this was computed. Compute again."),
    "correction_reason_missing": N_("Run %(number)s is signed. A different one needs its reason."),
    "sign_role_not_held": N_("You are not %(role)s of this event."),
    "run_outdated": N_(
        "Marks, scores or the floor record have changed since run %(number)s was computed. Compute it again and sign the new one."
    ),
    "run_not_latest": N_("Run %(number)s has taken the place of this one."),
    "run_signed_already": N_("Signed already, by %(by)s on %(when)s."),
    "other_person_needed": N_("You have signed this run in another role. Two different people sign."),
    "score_import_state:entered": N_("Waiting for confirmation"),
    "score_import_state:confirmed": N_("Confirmed"),
    "score_import_state:withdrawn": N_("Withdrawn"),
    "score_import_move:confirm": N_("Confirm"),
    "score_import_move:withdraw": N_("Withdraw"),
    "entry_status:ranked": N_("Ranked"),
    "entry_status:absent": N_("Absent"),
    "entry_status:stopped": N_("Stopped"),
    "entry_status:incomplete": N_("Marks missing"),
    "part:theory": N_("Theory"),
    "part:practice": N_("Practice"),
    "tie:practice": N_("higher score in practice"),
    "tie:theory": N_("higher score in theory"),
    "tie:time": N_("less time"),
    "tie:heaviest_part": N_("higher score in the part of greatest weight"),
    "tie:criterion_order": N_("higher score in the criteria, in their order"),
    "tie:equal_rank": N_("equal rank"),
    "tie:chief_decides": N_("left to the chief judge"),
    "explain:criterion": N_("Criterion %(item)s"),
    "explain:sub_criterion": N_("Sub-criterion %(item)s"),
    "explain:floor": N_("Violations in the floor record"),
    "explain:floor_stopped": N_("Violations in the floor record: the attempt was stopped"),
    "floor_unsigned": N_(
        "%(count)s floor records with violations are not signed by the chief judge yet; they take from the total."
    ),
    "explain:part": N_("%(item)s: %(score)s of %(full)s, weight %(weight)s"),
    "explain:gate": N_("%(item)s: %(score)s of %(full)s; only passing counts (%(pass_mark)s)"),
    "explain:part_missing": N_("%(item)s: no score"),
    "explain:total": N_("Total, rounded half up to %(places)s decimals: %(shown)s"),
    "explain:total_missing": N_("No total: something is missing"),
    "audit:scores:entered": N_("List of scores entered"),
    "audit:scores:confirmed": N_("List of scores confirmed"),
    "audit:scores:withdrawn": N_("List of scores withdrawn"),
    "audit:run:computed": N_("Standing computed"),
    "audit:run:signed": N_("Standing signed"),
}
