"""What this room says."""

from competitions.entries.eligibility_sentences import ELIGIBILITY
from competitions.entries.eligibility_words import RULE_WORDS
from competitions.entries.fields_sentences import FIELDS
from competitions.entries.photo_sentences import PHOTOS
from competitions.entries.quota_sentences import QUOTAS
from competitions.entries.review_sentences import REVIEWS
from competitions.entries.roster_sentences import ROSTERS
from competitions.entries.step_sentences import STEPS
from foundation.translation import N_

SENTENCES = {
    "field_choice_unknown": N_("“%(given)s” is not one of the answers offered. Choose one of the list."),
    "field_date_wrong": N_("Write a day such as 2026-11-22."),
    "field_text_long": N_("At most %(most)s characters."),
    "field_yes_or_no": N_("Answer yes or no."),
    "field_kind_unknown": N_(
        "The short name has small letters, digits and _ and begins with a letter, such as shirt_size."
    ),
    "field_options_missing": N_("A choice offers at least two answers, one a line."),
    "field_options_twice": N_("Two answers have the same name."),
    "field_label_missing": N_("Write the question as it stands in the notice."),
    "field_key_taken": N_("This competition already has a field of this short name."),
    "field_kind:text": N_("Free text"),
    "fields_unanswered": N_("%(name)s has not answered yet: %(fields)s."),
    "field_kind:choice": N_("Choice"),
    "field_kind:date": N_("Day"),
    "field_kind:declaration": N_("Declaration"),
    "filled_by:candidate": N_("Candidate, leader or organizer"),
    "filled_by:leader": N_("Leader or organizer"),
    "filled_by:organizer": N_("Organizer alone"),
    "audit:field:added": N_("Registration field added"),
    "audit:field:retired": N_("Registration field retired"),
    "audit:field:answered": N_("Registration fields answered"),
    "delegation_name_missing": N_("Write the name of the body that sends the delegation."),
    "deadline_after_start": N_("Registration ends at the latest on the first day, %(day)s."),
    "audit:registration:deadline_set": N_("End of registration set"),
    "officer_role_unknown": N_("Choose leader or coach."),
    "account_beyond_office": N_(
        "This person holds other offices too. They change the password themselves, or a platform administrator resets it."
    ),
    "nothing_to_submit": N_("Everything has been handed in already."),
    "nobody_entered": N_("Nobody is entered yet: there is nothing to print."),
    "submit_first": N_("Hand in every entry first; then the summary is printed."),
    "summary_code_wrong": N_("No summary of this delegation carries this code. Compare it with the foot of the sheet."),
    "summary_void": N_(
        "The entries were changed after summary %(code)s was printed: the sheet is void. Print it again and have the new one sealed."
    ),
    "summary_filed": N_("The sealed scan of summary %(code)s is filed already."),
    "officer_role:leader": N_("Leader"),
    "officer_role:coach": N_("Coach"),
    "origin:delegation": N_("Entered by the delegation"),
    "entry_move:change": N_("Review a change"),
    "audit:delegation:opened": N_("Delegation opened"),
    "audit:delegation:officer_appointed": N_("Officer of a delegation appointed"),
    "audit:delegation:officer_dismissed": N_("Officer of a delegation dismissed"),
    "audit:delegation:officer_reset": N_("Password of a leader reset"),
    "audit:delegation:submitted": N_("Delegation handed in"),
    "audit:delegation:summary_printed": N_("Summary of a delegation printed"),
    "audit:delegation:summary_filed": N_("Sealed summary filed"),
    "name_missing": N_("Write the name as it stands on the identity document."),
    "name_form": N_("A name has no digits or signs such as “%(sign)s”. Write it as on the identity document."),
    "name_private_character": N_(
        "“%(sign)s” is a private-use character that other systems and printers cannot show. Use the standard character, or write "
        "its syllable in pinyin as on the identity document."
    ),
    "phone_form": N_("A mobile phone has 11 digits and begins with 1."),
    "years_wrong": N_("Years in the trade: a whole number from 0 to 70."),
    "birth_date_disagrees": N_(
        "The identity number says another birth date. Correct one of the two, or leave the date empty."
    ),
    "sex_disagrees": N_("The identity number says the other sex. Correct one of the two, or leave it empty."),
    "held_grade_incomplete": N_("For a grade already held, name the occupation it was given for."),
    "basis_wrong": N_("A held grade is either declared or verified."),
    "identity_name_differs": N_(
        "This identity number is already noted under another name. Compare name and number with the document itself."
    ),
    "identity_known_elsewhere": N_(
        "This number is already noted for another person. Withdraw this entry and enter the person anew with the right number."
    ),
    "identity_fixed": N_(
        "The identity number of a person who has an account or other entries is not changed here. Withdraw this entry and enter the "
        "person anew with the right number."
    ),
    "identity_not_confirmed": N_(
        "These details could not be confirmed. Compare every character with your identity document and the slip. If your unit entered "
        "you, claim the entry with the code on the slip; otherwise ask the organizers."
    ),
    "identity_not_own": N_(
        "You are signed in with another name or identity document. Register yourself only, or sign out first."
    ),
    "already_entered": N_("This person is already entered in this event. Look for the entry in the list."),
    "entry_team_size_wrong": N_("This event takes %(size)s people per entry; %(given)s were given."),
    "team_by_unit": N_("Teams are entered by their unit or delegation. Ask your unit."),
    "quota_delegation_full": N_("The delegation has %(taken)s of the %(quota)s places it may fill here (%(where)s)."),
    "quota_unit_full": N_("%(unit)s has %(taken)s of the %(quota)s places a unit may fill here (%(where)s)."),
    "entry_division_wrong": N_("This division does not belong to the event. Choose one of the list."),
    "division_full": N_("All %(quota)s places are taken (%(where)s). Ask the organizers whether one becomes free."),
    "entry_event_cancelled": N_("This event was cancelled; nobody is entered any more."),
    "registration_not_open": N_(
        "Registration is not open now. Ask the organizers, or come back in the announced days."
    ),
    "already_claimed": N_(
        "This entry was claimed before. Sign in with your user name or phone; if it was not you, tell the organizers at once."
    ),
    "sign_in_to_claim": N_("You already have an account here. Sign in first, then enter the code again."),
    "claim_other_person": N_("You are signed in as somebody else. Sign out, then claim your entry."),
    "eligibility_open": N_(
        "Not every condition is met: “%(rule)s” (%(count)s open). Accepting all the same needs a written reason."
    ),
    "eligibility_rule_unknown": N_(
        "The rule set names an unknown condition “%(kind)s”. Correct the rules of the competition."
    ),
    "decision_unknown": N_("Accept, return or refuse: choose one."),
    "entry_fixed": N_(
        "Your entry has been submitted; name, identity and grades no longer change. Ask the organizers to return it."
    ),
    "not_accepted": N_("Only accepted entries get a pass and are checked in."),
    "attendance_note_missing": N_("Write down why: a stop or a correction of the check-in needs a reason."),
    "check_in_identity_open": N_("The identity was doubted at a door. The organizer decides first."),
    "check_in_conflict": N_(
        "Another door noted something else in the meantime. Both notes are kept; the organizer decides."
    ),
    "check_in_settled": N_("This was decided already. Look at the page again."),
    "check_in_malformed": N_("This is no note of a check-in. Open the page again."),
    "check_in_id_reused": N_("This note carries the id of another one. Open the page again and note it once more."),
    "check_in_members_wrong": N_("Some of the %(size)s members may be missing, but not all: then the team is absent."),
    "check_in_step:present": N_("Present"),
    "check_in_step:late": N_("Late"),
    "check_in_step:absent": N_("Absent"),
    "check_in_step:stopped": N_("Stopped"),
    "check_in_step:mismatch": N_("Wrong person"),
    "check_in_step:undo": N_("Taken back"),
    "check_in_step:keep": N_("Kept as it was"),
    "check_in_outcome:received": N_("counts"),
    "check_in_outcome:agrees": N_("agrees"),
    "check_in_outcome:held": N_("held"),
    "identity_decision:present": N_("Admit"),
    "identity_decision:late": N_("Admit as late"),
    "identity_decision:absent": N_("Turn away"),
    "attendance_fixed": N_("The results of this event are published; the check-in no longer changes."),
    "consent_file_kind": N_("Send the signed consent as PDF, or as a photo in JPEG, PNG or WebP."),
    "photo_missing": N_("Choose a photo first."),
    "entry_state:draft": N_("Not submitted"),
    "entry_state:submitted": N_("Waits for review"),
    "entry_state:returned": N_("Returned"),
    "entry_state:accepted": N_("Accepted"),
    "entry_state:waiting": N_("In the waiting list"),
    "entry_state:offered": N_("A place is offered"),
    "entry_state:refused": N_("Refused"),
    "entry_state:withdrawn": N_("Withdrawn"),
    "entry_move:submit": N_("Submit"),
    "entry_move:accept": N_("Accept"),
    "entry_move:return": N_("Return for completion"),
    "entry_move:refuse": N_("Refuse"),
    "entry_move:withdraw": N_("Withdraw"),
    "attendance:expected": N_("Expected"),
    "attendance:present": N_("Present"),
    "attendance:late": N_("Late"),
    "attendance:absent": N_("Absent"),
    "attendance:stopped": N_("Stopped"),
    "origin:organizer": N_("Entered by the organizer"),
    "origin:candidate": N_("Registered by the candidate"),
    "origin:import": N_("From a roster"),
    "basis:register": N_("this register"),
    "basis:declared": N_("declared"),
    "basis:verified": N_("verified"),
    "identity_class:worker": N_("Worker"),
    "identity_class:teacher": N_("Teacher"),
    "identity_class:student": N_("Student"),
    "identity_class:other": N_("Other"),
    "verdict:pass": N_("Met"),
    "verdict:fail": N_("Not met"),
    "verdict:needs_evidence": N_("Evidence missing"),
    "eligibility_rule:age": N_("Age"),
    "eligibility_rule:minor_consent": N_("Consent for a minor"),
    "eligibility_rule:barred_titles": N_("Titles that bar"),
    "eligibility_rule:identity_class": N_("Identity class"),
    "eligibility_rule:one_event": N_("One event per person"),
    "eligibility:age_fits": N_("%(age)s years old on %(on)s."),
    "eligibility:too_young": N_("%(age)s years old on %(on)s; at least %(least)s are required."),
    "eligibility:too_old": N_("%(age)s years old on %(on)s; at most %(most)s are admitted."),
    "eligibility:birth_date_unknown": N_("The birth date is not known."),
    "eligibility:of_age": N_("Of age (%(age)s)."),
    "eligibility:consent_there": N_("%(age)s years old; the guardian's consent is on file."),
    "eligibility:consent_missing": N_("%(age)s years old; under %(limit)s the guardian's written consent is required."),
    "eligibility:consent_unknown": N_("The birth date is not known, so it is open whether consent is required."),
    "eligibility:no_barred_title": N_("No title on record that bars from taking part."),
    "eligibility:title_barred": N_("Holds the title %(title)s: holders do not take part again."),
    "eligibility:title_barred_pending": N_(
        "Has earned the title %(title)s and waits for its document: holders do not take part again."
    ),
    "eligibility:class_fits": N_("%(identity)s: admitted."),
    "eligibility:class_not_admitted": N_("%(identity)s: not admitted by the notice."),
    "eligibility:only_event": N_("Entered in this event alone."),
    "eligibility:other_event": N_("Also entered in %(count)s other events of this competition."),
    "evidence:identity_document": N_("Needed: the identity document."),
    "evidence:guardian_consent": N_("Needed: the consent signed by a guardian, as a photo or PDF."),
    "gap:identity_document": N_("identity number"),
    "gap:sex": N_("sex"),
    "gap:birth_date": N_("birth date"),
    "gap:ethnic_group": N_("ethnic group"),
    "gap:education": N_("education"),
    "gap:phone": N_("mobile phone"),
    "gap:address": N_("address"),
    "gap:photo": N_("photo"),
    "gap:unit": N_("unit or school"),
    "gap:identity_class": N_("identity class"),
    "gap:years_in_trade": N_("years in the trade"),
    "gap:held_grade_number": N_("number of the certificate held"),
    "message:entry_accepted": N_("Your entry for %(event)s was accepted. %(note)s"),
    "message:entry_returned": N_("Your entry for %(event)s was returned to you: %(note)s"),
    "message:entry_refused": N_("Your entry for %(event)s was refused: %(note)s"),
    "card:entries_to_review": N_("%(count)s entries wait for review."),
    "card:lights_missing": N_("%(count)s accepted entries still lack data for a certificate."),
    "card:review": N_("Review"),
    "card:who_lacks_what": N_("See who lacks what"),
    "card:entries": N_("Entries accepted"),
    "card:entries_note": N_("%(waiting)s wait for review"),
    "card:checked_in": N_("Checked in"),
    "card:checked_in_note": N_("late %(late)s, absent %(absent)s"),
    "card:own_entry_incomplete": N_("Your entry for %(event)s still needs: %(gaps)s."),
    "card:own_entry_draft": N_("Your entry for %(event)s has not been submitted."),
    "card:open": N_("Open"),
    "audit:entry:entered": N_("Entry made"),
    "audit:entry:registered": N_("Candidate registered"),
    "audit:entry:corrected": N_("Data of an entry corrected"),
    "audit:entry:submit": N_("Entry submitted"),
    "audit:entry:reviewed": N_("Entry reviewed"),
    "audit:entry:withdrawn": N_("Entry withdrawn"),
    "audit:entry:photo_kept": N_("Photo of a candidate filed"),
    "audit:entry:consent_kept": N_("Consent of a guardian filed"),
    "audit:entry:passes_issued": N_("Passes numbered"),
    "audit:entry:attendance_noted": N_("Check-in noted"),
    "audit:entry:attendance_held": N_("Check-in note held for a decision"),
    "audit:entry:attendance_settled": N_("Check-in decided"),
    "audit:entry:attendance_fixed": N_("Check-in closed"),
    "audit:entry:claimed": N_("Entry claimed"),
    "audit:entry:identity_revealed": N_("Identity number revealed"),
    "audit:entry:exported": N_("Entries exported"),
    **STEPS,
    **ROSTERS,
    **FIELDS,
    **RULE_WORDS,
    **PHOTOS,
    **QUOTAS,
    **REVIEWS,
    **ELIGIBILITY,
}
