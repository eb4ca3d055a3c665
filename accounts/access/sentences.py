"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "role:platform_administrator": N_("Platform administrator"),
    "role:region_officer": N_("Region officer"),
    "role:organizer": N_("Organizer"),
    "role:chief_judge": N_("Chief judge"),
    "role:judge": N_("Judge"),
    "role:floor_judge": N_("Floor judge"),
    "role:blinding_judge": N_("Blinding judge"),
    "role:tally_clerk": N_("Tally clerk"),
    "role:supervisor": N_("Supervisor"),
    "role:arbiter": N_("Arbiter"),
    "role:delegation_leader": N_("Delegation leader"),
    "role:unit_operator": N_("Unit operator"),
    "role:candidate": N_("Candidate"),
    "role:evaluation_officer": N_("Evaluation officer"),
    "role:examiner": N_("Examiner"),
    "role:quality_supervisor": N_("Quality supervisor"),
    "role:approving_authority": N_("Approving authority"),
    "role:auditor": N_("Auditor"),
    "audit:role:granted": N_("Role given"),
    "audit:role:withdrawn": N_("Role withdrawn"),
}
