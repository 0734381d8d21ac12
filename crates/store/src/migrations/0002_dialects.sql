-- What clients of other chat systems bring along, and the tables that their documents name, as views to read from.

ALTER TABLE messages ADD COLUMN dialect TEXT;
ALTER TABLE accounts ADD COLUMN first_name TEXT;
ALTER TABLE accounts ADD COLUMN last_name TEXT;

-- A join makes a view one that PostgreSQL does not write through; SQLite writes through none.
CREATE VIEW users AS
    SELECT a.id, a.username, a.email, a.password_hash
      FROM accounts a CROSS JOIN (SELECT 1 AS one) AS only_to_read
     WHERE a.kind = 'person';

CREATE VIEW registered_users AS
    SELECT a.id, a.display_name AS name, a.email, a.password_hash AS password
      FROM accounts a CROSS JOIN (SELECT 1 AS one) AS only_to_read
     WHERE a.kind = 'person' AND a.email IS NOT NULL;

CREATE VIEW chat_rooms AS
    SELECT c.id, c.creator_id, c.name, c.description,
           '/chats/room/' || CAST(c.id AS TEXT) || '/invite' AS invite_link
      FROM conversations c CROSS JOIN (SELECT 1 AS one) AS only_to_read
     WHERE c.kind = 'room';

CREATE VIEW room_members AS
    SELECT m.account_id AS user_id, m.conversation_id AS room_id,
           CASE WHEN m.state = 'active' THEN 1 ELSE 0 END AS is_approved
      FROM memberships m JOIN conversations c ON c.id = m.conversation_id
     WHERE c.kind = 'room' AND m.state IN ('active', 'pending');

CREATE VIEW room_messages AS
    SELECT m.id, m.conversation_id AS room_id, m.author_id AS user_id, m.body AS content,
           MOMENT(m.created_at) AS timestamp, 'room' AS chat_type
      FROM messages m JOIN conversations c ON c.id = m.conversation_id
     WHERE c.kind = 'room' AND m.deleted_at IS NULL;
