-- the folder in which an SFTP or AS2 gateway takes and leaves ship notices
DELETE FROM ir_config_parameter
 WHERE key = 'lot_traceability_fsma.asn_folder';
