"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "duty_state:invited": N_("Invited"),
    "duty_state:accepted": N_("Invitation accepted"),
    "duty_state:declined": N_("Declined"),
    "duty_state:relieved": N_("Relieved"),
    "duty_move:accept": N_("Accept the invitation"),
    "duty_move:decline": N_("Decline"),
    "duty_move:relieve": N_("Relieve"),
    "duty_move:invite_again": N_("Invite again"),
    "entry_mode:own_tablet": N_("Each judge on an own tablet"),
    "entry_mode:panel_tablet": N_("One tablet for the panel, three columns"),
    "duty_unknown": N_("There is no duty called “%(role)s”. Choose one of the list."),
    "duty_there": N_("This person already has this duty in this event."),
    "chief_judge_taken": N_(
        "The event already has a chief judge. Relieve that person first: exactly one is in charge."
    ),
    "duty_outside_judges": N_(
        "Supervisors and arbiters stand outside the judges: this person already has the duty “%(other)s” in this event."
    ),
    "duty_custodian": N_(
        "Whoever keeps the codes must not mark: this person already has the duty “%(other)s” in this event."
    ),
    "duty_organizer": N_("Organizers of the competition can read registrations and so must not mark in it."),
    "duty_candidate": N_("This person is entered in this event and cannot be one of its judges."),
    "judge_login_unknown": N_("Nobody signs in with “%(login)s”. Leave it empty to invite by name."),
    "invitation_over": N_("This invitation was already answered or taken back. Ask the organizers for a new one."),
    "invitation_other_name": N_(
        "You are signed in under another name than the one invited. Sign out, or ask the organizers to correct the name."
    ),
    "invitation_sign_in": N_("There is an account for the person invited. Sign in with it and open the link again."),
    "duty_not_active": N_("This card no longer opens anything: the duty has ended. Ask the organizers."),
    "relieve_reason_missing": N_("Write down why the judge is relieved: the reason stays with the record."),
    "seat_frozen": N_(
        "Panel “%(panel)s” has started to mark and keeps its seats. Name another judge who takes this seat over."
    ),
    "seat_replacement_wrong": N_(
        "Only an accepted judge of this event who does not sit in this panel can take the seat."
    ),
    "panel_name_missing": N_("Give the panel a name."),
    "panel_name_taken": N_("Another panel of this event is called “%(name)s”."),
    "panel_mode_unknown": N_("Choose how the panel enters its marks."),
    "panel_without_judges": N_("Choose at least one judge for the panel."),
    "panel_needs_three_judges": N_(
        "“%(aspect)s” is a judgement, and a judgement is made by three judges; this panel has %(judges)s."
    ),
    "seat_not_judge": N_("Only judges and the chief judge of this event who have not declined can sit in a panel."),
    "sub_criterion_unknown": N_("This sub-criterion is not in the scheme in force. Load the page again."),
    "sub_criterion_taken": N_("%(sub_criterion)s is already marked by panel “%(panel)s”. One panel marks each."),
    "panel_frozen": N_("Panel “%(panel)s” has started to mark; its seats and sub-criteria no longer change."),
    "scheme_missing": N_("The event has no marking scheme yet. Import it first."),
    "card:judges_accepted": N_("Judges accepted"),
    "card:panels_complete": N_("Panels complete"),
    "card:sub_criteria_unassigned": N_("%(event)s: %(count)s sub-criteria have no panel yet."),
    "audit:judge:invited": N_("Judge invited"),
    "audit:judge:invited_again": N_("Judge invited again"),
    "audit:judge:accepted": N_("Duty accepted"),
    "audit:judge:declined": N_("Duty declined"),
    "audit:judge:carded": N_("Judge's card issued"),
    "audit:judge:relieved": N_("Judge relieved"),
    "audit:judge:seat_handed_over": N_("Seat handed over"),
    "audit:panel:set_up": N_("Panel set up"),
    "audit:panel:changed": N_("Panel changed"),
    "audit:panel:dissolved": N_("Panel dissolved"),
    "audit:panel:frozen": N_("Panel frozen at the first mark"),
}
