"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "choice_wrong": N_(
        "How people are chosen is not complete or not clear: look at “%(name)s” (a number, or a percentage above 0)."
    ),
    "seats_too_few": N_("%(total)s seats are fewer than the %(needed)s that every body is to get at least."),
    "seats_not_listed": N_("Every body needs its number of seats, together not more than %(total)s."),
    "link_division_wrong": N_("Choose a division of each of the two events."),
    "link_ring": N_("An event cannot select for itself, neither directly nor through others."),
    "link_delegation_missing": N_("Say which delegation those who go on will join."),
    "link_exists": N_("These two divisions are linked already."),
    "link_used": N_("Somebody was confirmed through this link; it stays."),
    "nomination_team_size": N_("The event above is for teams of %(size)s; this entry has %(given)s."),
    "nomination_identity": N_(
        "%(name)s has no settled identity document in the register. Complete it in the entry below first."
    ),
    "nomination_state:nominated": N_("Waits for the leader"),
    "nomination_state:waiting": N_("Substitute"),
    "nomination_state:confirmed": N_("Confirmed"),
    "nomination_state:declined": N_("Declined"),
    "nomination_state:withdrawn": N_("Withdrawn"),
    "nomination_move:confirm": N_("Confirm"),
    "nomination_move:decline": N_("Decline"),
    "nomination_move:withdraw": N_("Withdraw"),
    "nomination_move:move_up": N_("Move up as a substitute"),
    "audit:selection_link:made": N_("Selection link made"),
    "audit:selection_link:ended": N_("Selection link taken back"),
    "audit:nomination:made": N_("Nominated from decided results"),
    "audit:nomination:confirmed": N_("Nomination confirmed"),
    "audit:nomination:declined": N_("Nomination declined"),
    "origin:nomination": N_("Nominated from below"),
}
