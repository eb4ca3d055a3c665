"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "certificate_kind:grade": N_("Certificate of vocational skill level"),
    "certificate_kind:prize": N_("Prize certificate"),
    "certificate_kind:honour": N_("Certificate of honour"),
    "certificate_kind:participation": N_("Certificate of participation"),
    "certificate_state:approved": N_("Approved"),
    "certificate_state:numbered": N_("Numbered"),
    "certificate_state:reported": N_("Reported"),
    "certificate_state:issued": N_("Issued"),
    "certificate_state:revoked": N_("Revoked"),
    "certificate_state:withdrawn": N_("Certificate no longer valid"),
    "certificate_move:number": N_("Number"),
    "certificate_move:report": N_("Report"),
    "certificate_move:issue": N_("Issue"),
    "certificate_move:revoke": N_("Revoke"),
    "certificate_move:withdraw": N_("Withdraw the certificate"),
    "certificate_move:correct": N_("Correct and issue anew"),
    "certificate_move:reissue": N_("Reissue"),
    "certificate_change_state:asked": N_("Waits for a decision"),
    "certificate_change_state:agreed": N_("Agreed and done"),
    "certificate_change_state:refused": N_("Request refused"),
    "certificate_change_state:taken_back": N_("Request taken back"),
    "certificate_change_move:agree": N_("Agree to the request"),
    "certificate_change_move:refuse": N_("Refuse the request"),
    "certificate_change_move:take_back": N_("Take the request back"),
    "certificate_asked_as:holder": N_("the holder"),
    "certificate_asked_as:officer": N_("an officer"),
    "printed:name_en": N_("name in English"),
    "printed:photo": N_("photo"),
    "change_needs_person": N_("Only a named person asks for this."),
    "change_other_person": N_("Somebody else decides: neither whoever asked nor the holder."),
    "change_not_holders": N_("A holder asks for a correction or a reissue; revoking and withdrawing are the issuer’s."),
    "change_reason_missing": N_("Write down why: the reason stays with the certificate."),
    "change_evidence_missing": N_("A correction needs evidence: the document that shows what is right."),
    "change_nothing_differs": N_("Nothing differs from what is printed. Write what should stand there."),
    "change_waits": N_("Another request about this certificate waits for its decision. One after the other."),
    "change_overtaken": N_("The certificate was corrected meanwhile. Look at it and ask again."),
    "change_date_wrong": N_("The day lies between the day of issue and today: from %(first)s to %(last)s."),
    "change_replacement_unknown": N_("This person has no certificate with the number %(number)s here."),
    "change_replacement_not_issued": N_("The certificate %(number)s is not in force and replaces nothing."),
    "change_serial_taken": N_("The print serial %(serial)s stands on another paper."),
    "certificate_changes_waiting": N_("%(number)s requests about certificates wait for your decision."),
    "certificate_changes_waiting_link": N_("To the requests"),
    "certificate_message:revoke": N_("Certificate %(number)s was revoked. Reason: %(reason)s"),
    "certificate_message:withdraw": N_("Certificate %(number)s was withdrawn. Reason: %(reason)s"),
    "certificate_message:correct": N_("Certificate %(number)s was corrected; the new file lies ready."),
    "certificate_message:reissue": N_("Certificate %(number)s was reissued on new paper."),
    "certificate_message:refused": N_("%(act)s for certificate %(number)s was refused: %(note)s"),
    "move_not_allowed": N_("“%(move)s” is not possible while the state is “%(state)s”."),
    "certificate_grade:apprentice": N_("Apprentice"),
    "certificate_grade:L5": N_("Level 5 / Elementary Worker"),
    "certificate_grade:L4": N_("Level 4 / Intermediate Worker"),
    "certificate_grade:L3": N_("Level 3 / Senior Worker"),
    "certificate_grade:L2": N_("Level 2 / Technician"),
    "certificate_grade:L1": N_("Level 1 / Senior Technician"),
    "certificate_grade:special_technician": N_("Special-grade technician"),
    "certificate_grade:chief_technician": N_("Chief technician"),
    "printed:name": N_("name"),
    "printed:document_number": N_("document number"),
    "printed:occupation": N_("occupation name"),
    "printed:work_type": N_("work type"),
    "printed:issuer": N_("issuer’s name"),
    "number_pattern_wrong": N_(
        "“%(pattern)s” is not a layout of certificate numbers: prefix, year, grade and serial stand once each, as in %(example)s."
    ),
    "number_pattern_mismatch": N_("%(number)s does not match the pattern the issuer set: %(pattern)s."),
    "number_prefix_wrong": N_(
        "The issuer’s prefix “%(prefix)s” does not fit: %(length)s characters are needed, one capital letter and then digits."
    ),
    "number_grade_unknown": N_("There is no certificate number for the grade “%(grade)s”."),
    "number_range_exhausted": N_("The serials of this grade are used up for %(year)s; the last one is %(last)s."),
    "number_length_wrong": N_("%(number)s has %(length)s characters; %(expected)s are right."),
    "number_of_another_issuer": N_(
        "%(number)s begins with %(found)s, the prefix of another issuer; ours is %(expected)s."
    ),
    "number_grade_wrong": N_("%(number)s carries the grade digit %(found)s; this person’s is %(expected)s."),
    "number_year_wrong": N_("%(number)s carries the year %(found)s; %(expected)s would be right."),
    "number_serial_wrong": N_("%(number)s ends in %(found)s, which is not a serial."),
    "number_taken": N_("%(number)s was given to another certificate before. A number is never given twice."),
    "number_twice_in_list": N_("%(number)s stands in this list more than once."),
    "number_not_returned": N_("The certificate number is empty."),
    "returned_person_unknown": N_(
        "Nobody in the list sent out has this document number and occupation (%(name)s). Was the list made for another issuer?"
    ),
    "returned_name_differs": N_("“%(name)s” is not the name under which this document number was sent out."),
    "person_not_returned": N_("%(name)s (%(occupation)s) was sent out and is not in the returned list."),
    "returned_list_heads_missing": N_(
        "No sheet of this file has a row of heads with %(heads)s. Use the file that was sent out, with the numbers filled in."
    ),
    "returned_list_formula": N_("Cell %(cell)s of sheet “%(sheet)s” holds a formula. Write the value itself."),
    "issuer_numbers_returned": N_(
        "%(issuer)s does not give numbers itself: send the list to the authority and bring back the numbers it returns."
    ),
    "not_filed": N_(
        "%(issuer)s is not filed for %(occupation)s, %(grade)s, on %(day)s, or the standard does not offer that grade. "
        "No number was given."
    ),
    "report_reference_missing": N_("Write down the receipt of the upload: its number stays with the certificates."),
    "nothing_chosen": N_("Choose at least one certificate."),
    "certificate_person_missing": N_("%(record)s: the person is no longer on record."),
    "certificate_name_missing": N_("%(record)s: the name is missing."),
    "certificate_document_missing": N_("%(record)s: the identity document is missing."),
    "certificate_photo_missing": N_("%(record)s: the photo is missing. A one-inch portrait on white ground is needed."),
    "certificate_photo_small": N_(
        "%(record)s: the photo has %(width)s × %(height)s pixels; %(least)s are the least for a sharp print."
    ),
    "certificate_photo_unreadable": N_(
        "%(record)s: the photo is no JPEG picture in colour or grey. Put in another one."
    ),
    "certificate_duplicate": N_(
        "%(record)s holds the same grade of the same occupation already: certificate %(number)s is in force."
    ),
    "certificate_character_missing": N_(
        "%(record)s: no font has the character “%(character)s” (%(code_point)s) in the %(part)s. Put a font that has it "
        "into the folder of fonts; nothing was issued."
    ),
    "certificate_character_look_alike": N_(
        "%(record)s: “%(character)s” (%(code_point)s) in the %(part)s looks like “%(meant)s” (%(meant_point)s) but is another "
        "character: searching would not find it. Correct it in the person’s data; nothing was issued."
    ),
    "issuer_name_reserved": N_("The name “%(issuer)s” uses reserved words: %(words)s."),
    "certificates_waiting": N_("%(number)s certificates wait for the next step."),
    "certificates_waiting_link": N_("To the batch"),
    "my_photo_missing": N_(
        "A photo is missing: without it your certificate cannot be issued. Send a one-inch portrait on white ground."
    ),
    "signing_key_unreadable": N_("The signing key of %(issuer)s cannot be opened here. Nothing was issued."),
    "signing_key_needs_person": N_("Keys are made, imported and retired by a named person."),
    "signing_file_wrong": N_("This file holds no key with its certificate, or the passphrase is another."),
    "signing_key_kind": N_("The key must be RSA (2048 bits or more) or ECDSA on P-256."),
    "signing_key_expired": N_("The certificate of this key is not valid today (until %(until)s)."),
    "signing_key_reason_missing": N_("Write down why this key signs no more."),
    "file_verdict:genuine": N_("Genuine and in force: exactly the file that was issued here."),
    "file_verdict:sample": N_("A sample, exactly as it was printed here. It proves nothing."),
    "file_verdict:revoked": N_("Issued here and revoked: it was wrong from the start and proves nothing."),
    "file_verdict:withdrawn": N_("Issued here and withdrawn since: no longer valid."),
    "file_verdict:replaced": N_(
        "Issued here and replaced since: a corrected certificate with the same number is in force."
    ),
    "file_verdict:altered": N_(
        "Altered: it names a key of an issuer known here, and the signature does not fit the file."
    ),
    "file_verdict:unregistered": N_(
        "The signature fits an issuer known here, but this register has no such certificate."
    ),
    "file_verdict:key_unknown": N_("Signed with a key that is unknown here. Ask the body that is named on it."),
    "file_verdict:foreign": N_("Not issued on this platform, or its signature was removed."),
    "signing_origin:made": N_("made here"),
    "signing_origin:imported": N_("imported"),
    "signing_holder:file": N_("key file"),
    "signing_holder:token": N_("device (PKCS#11)"),
    "design_text_missing": N_("Write something for “%(part)s”."),
    "design_text_long": N_("“%(part)s” has %(length)s characters; at most %(most)s have room."),
    "design_placeholder_unknown": N_("“%(placeholder)s” is no name that is filled in. There are: %(known)s."),
    "design_word_reserved": N_(
        "“%(part)s” uses words reserved for bodies filed under them: %(words)s. Let the name of the competition be filled in from the publication instead."
    ),
    "design_colour_wrong": N_("“%(value)s” is not a colour such as #8c1c1c."),
    "design_colour_unreadable": N_("“%(part)s” can hardly be told from the paper. Choose a darker or a lighter one."),
    "design_signatories_many": N_("At most %(most)s signatories have room."),
    "design_seal_unknown": N_("Choose what is to be done about the seal."),
    "design_seal_picture_missing": N_("Choose the picture of the seal."),
    "design_needs_person": N_("Versions are published by a named person."),
    "design_name_missing": N_("Write a name: what is new in it."),
    "design_emblem": N_(
        "Files of this design show a state emblem or flag: %(files)s. That is not allowed on a certificate."
    ),
    "design_pictures_not_allowed": N_(
        "A logo or the picture of a seal needs somebody who answers for it: tick the sentence, your name stands on record."
    ),
    "design_part:title": N_("Heading"),
    "design_part:title_en": N_("Title in English"),
    "design_part:body": N_("What it says"),
    "design_part:body_en": N_("What it says in English"),
    "design_part:closing": N_("Closing words"),
    "design_part:issuer": N_("Issuer as printed"),
    "design_part:issuer_en": N_("Issuer in English as printed"),
    "design_part:signatories": N_("Signatories"),
    "design_part:with_photo": N_("With the holder’s photo"),
    "design_part:seal": N_("Seal"),
    "design_part:logo": N_("Logo"),
    "design_part:seal_picture": N_("Picture of the seal"),
    "design_colour:title": N_("Colour of the title"),
    "design_colour:prize": N_("Colour of the prize"),
    "design_colour:accent": N_("Colour of the English lines"),
    "design_colour:line": N_("Colour of the fine lines"),
    "design_colour:paper": N_("Colour of the paper"),
    "design_seal:space": N_("Space over issuer and date, to be sealed by hand"),
    "design_seal:service": N_("Electronic seal, put on by the seal service"),
    "design_seal:picture": N_("Picture of a seal (no electronic seal)"),
    "design_picture:added": N_("added"),
    "design_picture:replaced": N_("another picture"),
    "design_picture:removed": N_("taken away"),
    "design_answer:yes": N_("yes"),
    "design_answer:no": N_("no"),
    "audit:design:published": N_("Version of a design published"),
    "audit:signing_key:made": N_("Signing key made"),
    "audit:signing_key:imported": N_("Signing key imported"),
    "audit:signing_key:retired": N_("Signing key retired"),
    "audit:certificate:registered": N_("Certificate registered"),
    "audit:certificate:numbered": N_("Certificate numbered"),
    "audit:certificate:reported": N_("Certificate reported"),
    "audit:certificate:issued": N_("Certificate issued"),
    "audit:certificate:revoked": N_("Certificate revoked"),
    "audit:certificate:withdrawn": N_("Certificate withdrawn"),
    "audit:certificate:corrected": N_("Certificate corrected and issued anew"),
    "audit:certificate:reissued": N_("Certificate reissued"),
    "audit:certificate_change:asked": N_("Act on a certificate asked for"),
    "audit:certificate_change:refused": N_("Act on a certificate refused"),
    "audit:certificate_change:taken_back": N_("Request about a certificate taken back"),
}
