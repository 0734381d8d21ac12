-- A message from which on a member wants to see the conversation as unread. What is read goes forward only, so this stands
-- beside it.

ALTER TABLE memberships ADD COLUMN unread_from BIGINT;
