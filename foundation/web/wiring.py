"""Joins the rooms of foundation to an application; nothing else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Flask
from flask_migrate import Migrate

from foundation import db, translation
from foundation.audit.commands import audit
from foundation.backups import commands as backup_commands
from foundation.backups import sentences as backup_sentences
from foundation.encryption import keys, private_keys
from foundation.files import sentences as file_sentences
from foundation.files import store
from foundation.jobs import actions as job_actions
from foundation.jobs import kinds, queue
from foundation.jobs import sentences as job_sentences
from foundation.jobs.commands import jobs
from foundation.messages import jobs as message_jobs
from foundation.messages import mail, sms
from foundation.messages import sentences as message_sentences
from foundation.print import sentences as print_sentences
from foundation.spreadsheets import sentences as spreadsheet_sentences
from foundation.web import catalogues, setup
from foundation.web import sentences as web_sentences


def register(app: Flask) -> None:
    """Keys, engines, store, queue, mail, sentences, commands and the web layer."""
    folder = app.config["DATA_FOLDER"]
    ring = keys.load(folder / "keys")
    keys.install(ring)
    private_keys.install(folder / "keys" / "signing")
    app.config["SECRET_KEY"] = app.config["LAUREL_SECRET_KEY"] or ring.secret
    app.config |= db.engine_settings(app.config["DATABASE_URL"])
    db.db.init_app(app)
    app.teardown_appcontext(db.release_reader)  # after init_app: it comes before the session is put away
    with app.app_context():
        db.prepare_engines()
    Migrate(app, db.db, directory=str(catalogues.ROOT / "migrations"))
    store.install(store.Store(app.config["LAUREL_FILES_URL"] or f"file://{folder / 'files'}"))
    sms.install(
        sms.SmsGateway(app.config["LAUREL_SMS_URL"], app.config["LAUREL_SMS_TOKEN"], app.config["LAUREL_SMS_SIGN"])
    )
    mail.install(mail.MailServer(app.config["LAUREL_SMTP_URL"], app.config["LAUREL_MAIL_FROM"]))
    _join_queue(app)
    for module in (
        backup_sentences, file_sentences, job_sentences, message_sentences, print_sentences, spreadsheet_sentences, web_sentences,
    ):  # fmt: skip
        translation.register(module.SENTENCES)
    for kind in message_jobs.KINDS:
        kinds.register(kind)
    app.cli.add_command(audit)
    app.cli.add_command(jobs)
    for command in (backup_commands.backup, backup_commands.restore, backup_commands.keys):
        app.cli.add_command(command)
    setup.init_app(app)


def _join_queue(app: Flask) -> None:
    lease = timedelta(seconds=int(app.config["LAUREL_JOB_LEASE_SECONDS"]))
    joined = queue.JobQueue(app.config["DATA_FOLDER"], app.config["LAUREL_REDIS_URL"])

    def run(job_id: UUID) -> None:
        with app.app_context():
            job_actions.run_job(job_id, lease=lease)

    joined.connect(run, app.app_context)
    queue.install(joined)
