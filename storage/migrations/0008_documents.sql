-- A message may bring a file, as it may bring a picture. It goes once the server has it.
ALTER TABLE outbox ADD COLUMN document BLOB;
ALTER TABLE outbox ADD COLUMN document_name TEXT;
