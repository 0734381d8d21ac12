-- When somebody was named and when a reaction came, for the list of what concerns one, the newest first. Until now nobody wrote
-- these moments down: what is there already counts from when the message was posted. The author stands beside each
-- reaction, so that the reactions to what one wrote are found without looking at all that one wrote.

ALTER TABLE mentions ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
UPDATE mentions SET created_at = (SELECT m.created_at FROM messages m WHERE m.id = mentions.message_id);
CREATE INDEX mentions_by_moment ON mentions (account_id, created_at, message_id);

ALTER TABLE reactions ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reactions ADD COLUMN author_id BIGINT NOT NULL DEFAULT 0;
UPDATE reactions SET
    created_at = (SELECT m.created_at FROM messages m WHERE m.id = reactions.message_id),
    author_id = (SELECT m.author_id FROM messages m WHERE m.id = reactions.message_id);
CREATE INDEX reactions_by_author ON reactions (author_id, created_at, message_id, rev);
