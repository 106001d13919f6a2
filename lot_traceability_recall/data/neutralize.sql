-- letters of recalls as text messages
DELETE FROM ir_config_parameter
 WHERE key = 'lot_traceability_recall.sms';

-- letters and reminders that wait in the outbox: the real database sends them
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state = 'outgoing'
   AND (id IN (SELECT mail_id FROM lot_recall_notice WHERE mail_id IS NOT NULL)
        OR id IN (SELECT mail_id FROM lot_recall_reminder WHERE mail_id IS NOT NULL));
