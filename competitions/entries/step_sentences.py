"""What is next for a candidate, in words. Rule: `competitions/rules/candidate_steps.py`."""

from foundation.translation import N_

STEPS = {
    "candidate_step:submit": N_("Complete your data and submit the entry."),
    "candidate_step:deadline_missed": N_(
        "Registration is over and this entry was not submitted. Ask your leader or the organizers at once."
    ),
    "candidate_step:returned": N_("Correct what was marked and submit the entry again."),
    "candidate_step:consent": N_(
        "You are a minor: send the consent signed by a parent or guardian, as a photo or PDF."
    ),
    "candidate_step:review": N_("Your entry is being reviewed. There is nothing for you to do."),
    "candidate_step:complete": N_("Fill in what a certificate still needs; you need not submit again."),
    "candidate_step:waiting_list": N_("You are on the waiting list. You are told as soon as a place is offered."),
    "candidate_step:take_place": N_("A place is offered to you: take it in time."),
    "candidate_step:pass_coming": N_("You take part. Your pass appears here once the organizers have numbered it."),
    "candidate_step:bring_pass": N_("Save your pass as a picture and bring it with your identity document."),
    "candidate_step:go_to_check_in": N_("Go to the check-in with your pass and your identity document."),
    "candidate_step:identity": N_(
        "Your identity is being checked. Stay at the check-in with your identity document; the organizers decide."
    ),
    "candidate_step:checked_in": N_(
        "You are checked in. Follow the judges; results are published after the competition."
    ),
    "candidate_step:checked_in_late": N_(
        "You are checked in as late. Follow the judges; results are published after the competition."
    ),
    "candidate_step:absent": N_(
        "You were noted absent. If that is wrong, go to the check-in or tell your leader at once."
    ),
    "candidate_step:stopped": N_(
        "Your competition was stopped. What you had done is marked; results are published later."
    ),
    "candidate_step:results": N_("The results are decided. Look at your record and your certificates."),
    "candidate_step:was_absent": N_("You did not take part."),
    "candidate_step:over_without_you": N_("The competition is over; this entry was not accepted in time."),
    "candidate_step:refused": N_("Your entry was refused. The reason stands below; questions go to the organizers."),
    "candidate_step:withdrawn": N_("This entry was withdrawn."),
    "candidate_step:competition_cancelled": N_("The competition was cancelled."),
    "candidate_turn:yours": N_("Your turn"),
    "candidate_turn:theirs": N_("The organizers' turn"),
    "candidate_turn:nobodys": N_("Closed"),
}
