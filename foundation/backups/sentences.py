"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "backup_folder_used": N_("%(folder)s is not empty: a backup goes into a folder of its own."),
    "backup_unreadable": N_("%(folder)s holds no backup, or one that was not finished: manifest.json is missing."),
    "backup_damaged": N_("The backup is damaged: %(part)s differs from the manifest. Nothing was restored."),
    "backup_other_version": N_(
        "The backup was made by another version (%(theirs)s, here %(ours)s). Restore it with that version, then upgrade."
    ),
    "restore_not_empty": N_("The database is not empty (%(table)s): restore into an empty one."),
    "restore_differs": N_("What was restored differs from the backup in %(table)s. Do not use it."),
    "keys_do_not_fit": N_("These are not the keys the backup was made with. Give the sealed key file with --keys."),
    "keys_wrong_passphrase": N_("The passphrase does not open this key file, or the file was changed."),
    "keys_unreadable": N_("%(file)s is not a sealed key file."),
    "keys_in_use": N_("The database holds data sealed with other keys: keys are taken in before anything is stored."),
    "keys_passphrase_short": N_(
        "At least %(least)s characters: whoever has file and passphrase has every personal datum."
    ),
    "keys_file_there": N_("%(file)s exists already."),
}
