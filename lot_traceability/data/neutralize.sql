-- printers in the network: what is printed becomes a file
UPDATE lot_label_printer
   SET connection = 'report', host = NULL
 WHERE connection = 'network';

-- labels that wait for a printer: the real database prints them
UPDATE lot_label_job
   SET state = 'download', next_try = NULL
 WHERE state IN ('waiting', 'failed');

-- RFID readers send to the real database
UPDATE lot_rfid_reader
   SET active = false;

-- receipts of the audit log: to whom they are mailed, and which authority stamps them
DELETE FROM ir_config_parameter
 WHERE key IN ('lot_traceability.audit_receipt_mail', 'lot_traceability.audit_tsa_url');
