"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "notice_contacts_missing": N_(
        "A public notice needs the host's phone and the phone of the discipline office. Add them to the data of the competition."
    ),
    "document_missing": N_("Write the number of the document that announces the results."),
    "document_in_future": N_("The document cannot be dated after today."),
    "document_date_missing": N_("Choose the date of the document."),
    "ruling_missing": N_("Choose whether the objection is upheld or dismissed."),
    "notice_missing": N_("These results were not on public notice yet."),
    "notice_running": N_(
        "The public notice runs until the end of %(last)s. Results can be announced from the next day."
    ),
    "event_held": N_("The whole event is held; nothing of it can become final now."),
    "signatures_missing": N_("The signature of the %(role)s is missing."),
    "third_person_needed": N_("Whoever signed the results cannot publish them: a third person does."),
    "published_already": N_("Published already, as No. %(number)s on %(when)s."),
    "publication_reason_missing": N_(
        "This takes the place of No. %(number)s. Write down why: the reason is published with it."
    ),
    "objection_name_missing": N_("An objection needs the real name of the person or body that raises it."),
    "objection_matter_missing": N_("Write down what is objected to."),
    "objection_not_to_a_notice": N_("Objections are raised against a public notice."),
    "objection_late": N_("The public notice ended on %(last)s."),
    "answer_missing": N_("Write down the answer that is given."),
    "prize:gold_medal": N_("Gold medal"),
    "prize:silver_medal": N_("Silver medal"),
    "prize:bronze_medal": N_("Bronze medal"),
    "prize:first_prize": N_("First prize"),
    "prize:second_prize": N_("Second prize"),
    "prize:third_prize": N_("Third prize"),
    "prize:merit_prize": N_("Merit prize"),
    "prize:special_prize": N_("Special prize"),
    "prize:excellence_prize": N_("Excellence prize"),
    "publication_kind:posted": N_("Posted on site"),
    "publication_kind:proposed": N_("Public notice of results"),
    "publication_kind:decided": N_("Announcement of results"),
    "publication_kind:interim": N_("Interim standing"),
    "publication_kind:external": N_("External results"),
    "publish:posted": N_("Post on site"),
    "publish:proposed": N_("Start the public notice"),
    "publish:decided": N_("Announce the results"),
    "publish_effect:posted": N_("Everybody can read the standing at once. It is not final."),
    "publish_effect:proposed": N_(
        "Everybody can read the notice at once; the period is counted in working days from tomorrow. Objections hold up the entry concerned alone."
    ),
    "publish_effect:decided": N_(
        "The results become final, are written to the people's records, and award cases for grades can be opened. Entries with an open objection stay held."
    ),
    "objection_state:open": N_("Not settled yet"),
    "objection_state:upheld": N_("Upheld"),
    "objection_state:dismissed": N_("Dismissed"),
    "objection_move:uphold": N_("Uphold"),
    "objection_move:dismiss": N_("Dismiss"),
    "audit:results:published": N_("Results published"),
    "audit:objection:received": N_("Objection received"),
    "audit:objection:settled": N_("Objection settled"),
    "flag:objections_open": N_("%(count)s objections to results are open."),
    "step:sign_run": N_("A standing waits for your signature: %(event)s."),
    "step:look": N_("Look at the results"),
}
