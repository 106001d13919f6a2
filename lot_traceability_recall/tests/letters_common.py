from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.mail.tests.common import MockEmail
from odoo.tests import new_test_user

from .common import RecallCommon


class LettersCommon(MockEmail, RecallCommon):
    """Letters are written by quality and approved by `recaller`; the shop has a mail address, the
    café none.

    - `written`, `approved`: a frozen recall with letters; `queued`: they are sent, nothing has left
    - `run_sender`: the job in the background, each commit as in `commits`
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if (
            not cls._registry_patched
        ):  # what is written in transactions of its own stays in the test
            cls.registry_enter_test_mode_cls()
        cls.cafe.write({"street": "Ring 1", "city": "Wien", "phone": "+43 1 5550"})
        cls.second = new_test_user(
            cls.env,
            login="flow_second_recaller",
            email="second@example.com",
            groups="lot_traceability.group_recall_manager",
        )
        cls.recaller.write({"email": "recaller@example.com", "name": "Ruth Recaller"})

    def written(self, *args, **values):
        recall = self.frozen(*args, **{"reason": "Found in a test of 2 March.", **values})
        recall.with_env(self.laboratory).write_letters()
        return recall

    def approved(self, *args, **values):
        recall = self.written(*args, **values)
        recall.approve_letters()
        return recall

    def queued(self, *args, **values):
        recall = self.approved(*args, **values)
        recall.send_letters()
        return recall

    def consignee(self, recall, partner):
        return recall.consignee_ids.filtered(lambda one: one.partner_id == partner)

    def notice(self, recall, partner):
        return recall.notice_ids.filtered(lambda one: one.consignee_id.partner_id == partner)

    def mails(self, recall):
        return recall.sudo().notice_ids.mail_id  # sudo: mails are of administrators alone

    @contextmanager
    def commits(self, crash_at=None):
        """Commits of a job as savepoints; with `crash_at`, the server dies in that commit."""
        seen = []

        def commit(*_args, **_kwargs):
            self.env.flush_all()
            seen.append(1)
            if crash_at == len(seen):
                raise Crash
            self.env.cr.execute("SAVEPOINT committed")
            return 1.0

        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT committed")
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", commit):
            yield seen

    def run_sender(self, crash_at=None):
        """The job; whether it came to its end."""
        with self.commits(crash_at):
            try:
                self.env["lot.recall.sender"]._cron_send()
            except Crash:
                self.env.cr.execute("ROLLBACK TO SAVEPOINT committed")
                self.env.invalidate_all(flush=False)
                self.env.cr.clear()
                return False
        return True


class Crash(BaseException):
    """The server dies here: nothing catches it."""
