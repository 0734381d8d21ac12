-- What members set for a conversation, each for themselves. Nobody could set `notify` before: its old default was never a
-- choice, so every row gets what the server means by no choice. New rows say so themselves.

ALTER TABLE memberships ADD COLUMN favourite BIGINT NOT NULL DEFAULT 0;
UPDATE memberships SET notify = 'usual';
