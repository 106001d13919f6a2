from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_date

# Context key: who is told of these lots does not become their follower.
NOT_FOLLOWED = "lot_traceability_not_followed"
ACTIVITY = "lot_traceability.activity_lot_expiry"
TEMPLATE = "lot_traceability.mail_template_lot_expiry"
MORNING = timedelta(hours=6)  # after the day began: mails and messages of the day wait until then


class LotExpiryMessages(models.AbstractModel):
    """Tells people what reached a stage: an activity on each lot, a mail a warehouse, a message
    on the screen."""

    _name = "lot.expiry.messages"
    _description = "Messages of expiry stages"

    # -- who ---------------------------------------------------------------------------------

    @api.model
    def _users(self, notice) -> "models.BaseModel":
        """Who is told: the role's users that work in the company, else the product's responsible,
        else quality: nothing that expires is nobody's business."""
        company = notice.company_id
        group = notice.stage_id.group_id
        if not group:
            responsible = notice.lot_id.product_id.with_company(company).responsible_id
            if responsible.active and company in responsible.company_ids:
                return responsible
            group = self.env.ref("lot_traceability.group_quality")
        return group.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    # -- activities --------------------------------------------------------------------------

    @api.model
    def _schedule_activities(self, notices) -> None:
        """One open activity for each lot and user: a later stage takes the place of an earlier
        one."""
        kind = self.env.ref(ACTIVITY)
        model_id = self.env["ir.model"]._get_id("stock.lot")
        values = {}
        for notice in notices.filtered("stage_id.raise_activity")._by_urgency():
            for user in self._users(notice):
                values.setdefault(
                    (notice.lot_id.id, user.id),
                    {
                        "res_model_id": model_id,
                        "res_id": notice.lot_id.id,
                        "activity_type_id": kind.id,
                        "user_id": user.id,
                        "date_deadline": self.env["lot.calendar"]._today(notice.company_id),
                        "summary": self._summary(notice.with_context(lang=user.lang)),
                        "automated": True,
                    },
                )
        if not values:
            return
        lots = self.env["stock.lot"].browse({lot for lot, _user in values})
        lots._open_expiry_activities().unlink()
        # Users see them in their list of activities: a mail for each lot, and for whatever is said
        # of it later, would drown them.
        self.env["mail.activity"].with_context(
            mail_activity_quick_update=True, **{NOT_FOLLOWED: True}
        ).create(list(values.values()))

    @api.model
    def _summary(self, notice) -> str:
        calendar = self.env["lot.calendar"]
        date = calendar._day(notice.date, notice.company_id)
        day = format_date(notice.env, date)
        stage = notice.stage_id
        if stage.basis == "expiration_date" and date < calendar._today(notice.company_id):
            return notice.env._("Expired on %(day)s", day=day)
        return notice.env._(
            "%(date)s on %(day)s (%(stage)s)",
            date=dict(stage._fields["basis"]._description_selection(notice.env))[stage.basis],
            day=day,
            stage=stage.name,
        )

    # -- mail and screen ---------------------------------------------------------------------

    @api.model
    def _send_due(self, company) -> None:
        """What is due in one company, in one transaction: all of it or nothing. In the morning,
        and a mail at most once a day."""
        calendar = self.env["lot.calendar"]
        today = calendar._today(company)
        if fields.Datetime.now() < calendar._day_start(today, company) + MORNING:
            return
        notices = self.env["lot.expiry.notice"]
        screen = notices.search([("company_id", "=", company.id), ("screen_due", "=", True)])
        self._show(screen)
        screen.screen_due = False
        if company.expiry_mail_day and company.expiry_mail_day >= today:
            return
        mail = notices.search([("company_id", "=", company.id), ("mail_due", "=", True)])
        if mail:
            self._mail(mail)
            mail.mail_due = False
            company.expiry_mail_day = today

    @api.model
    def _mail(self, notices) -> None:
        """One mail a warehouse.

        :param notices: all that are due, of one company
        """
        company = notices.company_id
        template = self.env.ref(TEMPLATE)
        warehouses = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        for warehouse, rows in warehouses._expiry_mail_rows(notices).items():
            partners = warehouse.expiry_partner_ids
            for row in rows:
                partners |= self._users(row["notice"]).partner_id
            if partners:
                template.send_mail(
                    warehouse.id, email_values={"recipient_ids": [Command.set(partners.ids)]}
                )

    @api.model
    def _show(self, notices) -> None:
        """One message a user, with the number of lots at each stage."""
        counts: dict = {}
        seen = set()
        for notice in notices._by_urgency():
            for user in self._users(notice):
                if (user, notice.lot_id) not in seen:
                    seen.add((user, notice.lot_id))
                    counts.setdefault(user, Counter())[notice.stage_id] += 1
        for user, stages in counts.items():
            env = self.with_context(lang=user.lang).env
            lines = [
                env._("%(stage)s: %(count)s lots", stage=stage.with_env(env).name, count=count)
                for stage, count in stages.items()
            ]
            user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "title": env._("Lots to use, move or remove"),
                    "message": ", ".join(lines),
                    "sticky": True,
                },
            )
