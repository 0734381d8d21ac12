-- The first tables. One text for both engines: the words in capitals that SQL does not know (ID_KEY, BLOB,
-- SORTED_TEXT) are replaced by dialect.rs. Integers, yes/no and moments (milliseconds since 1970) are BIGINT.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE accounts (
    id ID_KEY,
    username TEXT NOT NULL,
    username_skeleton TEXT NOT NULL UNIQUE,
    -- Lower case: for signing in, mentions, and finding people by how a name begins.
    username_key SORTED_TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    display_name_key SORTED_TEXT NOT NULL,
    email TEXT UNIQUE,
    phone TEXT UNIQUE,
    password_hash TEXT,
    kind TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deactivated_at BIGINT,
    -- Raised when everything signed for the account before must stop working.
    auth_epoch BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX accounts_by_display_name ON accounts (display_name_key);

CREATE TABLE sessions (
    id ID_KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    -- Null for sessions whose token is a JWT.
    token_hash BLOB UNIQUE,
    kind TEXT NOT NULL,
    user_agent TEXT,
    ip TEXT,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE refresh_tokens (
    id ID_KEY,
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    token_hash BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE conversations (
    id ID_KEY,
    kind TEXT NOT NULL,
    name TEXT,
    description TEXT NOT NULL DEFAULT '',
    creator_id BIGINT REFERENCES accounts (id),
    direct_key TEXT UNIQUE,
    last_seq BIGINT NOT NULL DEFAULT 0,
    last_rev BIGINT NOT NULL DEFAULT 0,
    rev BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    archived_at BIGINT
);
-- General, the first row and so number 1 in every installation.
INSERT INTO conversations (kind, name, created_at) VALUES ('general', 'General', 0);

CREATE TABLE memberships (
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    history_from_seq BIGINT NOT NULL DEFAULT 0,
    read_seq BIGINT NOT NULL DEFAULT 0,
    notify TEXT NOT NULL DEFAULT 'all',
    muted_until BIGINT,
    rev BIGINT NOT NULL DEFAULT 0,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, account_id)
);
CREATE INDEX memberships_by_account ON memberships (account_id, state);
CREATE INDEX memberships_by_rev ON memberships (conversation_id, rev);
CREATE INDEX memberships_by_state ON memberships (conversation_id, state, account_id);

CREATE TABLE invites (
    id ID_KEY,
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    code_hash BLOB NOT NULL UNIQUE,
    created_by BIGINT NOT NULL REFERENCES accounts (id),
    needs_approval BIGINT NOT NULL,
    max_uses BIGINT,
    uses BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX invites_by_conversation ON invites (conversation_id);

CREATE TABLE messages (
    id ID_KEY,
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    seq BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    -- The rev with which the message was posted; grows with seq and never changes.
    posted_rev BIGINT NOT NULL,
    author_id BIGINT NOT NULL REFERENCES accounts (id),
    cid TEXT NOT NULL,
    body_hash BLOB,
    kind TEXT NOT NULL,
    body TEXT,
    reply_to BIGINT REFERENCES messages (id),
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    UNIQUE (conversation_id, seq),
    UNIQUE (conversation_id, author_id, cid)
);
-- Only what changed after it was posted: the rest is found by seq, and posting stays cheap.
CREATE INDEX messages_changed ON messages (conversation_id, rev) WHERE rev > posted_rev;

CREATE TABLE message_edits (
    message_id BIGINT NOT NULL REFERENCES messages (id),
    rev BIGINT NOT NULL,
    body TEXT NOT NULL,
    edited_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, rev)
);

CREATE TABLE reactions (
    message_id BIGINT NOT NULL REFERENCES messages (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    emoji TEXT NOT NULL,
    -- The change that put it there, so that reactions keep their order.
    rev BIGINT NOT NULL,
    PRIMARY KEY (message_id, account_id, emoji)
);

CREATE TABLE mentions (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    seq BIGINT NOT NULL,
    message_id BIGINT NOT NULL REFERENCES messages (id),
    PRIMARY KEY (account_id, conversation_id, seq)
);
CREATE INDEX mentions_by_message ON mentions (message_id);

CREATE TABLE jobs (
    id ID_KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    failed_at BIGINT
);
CREATE INDEX jobs_by_run_at ON jobs (run_at);

CREATE TABLE audit (
    id ID_KEY,
    at BIGINT NOT NULL,
    actor_id BIGINT REFERENCES accounts (id),
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL DEFAULT ''
);
