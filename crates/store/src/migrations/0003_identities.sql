-- Who an account is at another service by which it signs in. The service's own id counts (subject): names and addresses
-- change hands there.
CREATE TABLE identities (
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    -- What the service calls its owner, for people to recognise.
    login TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (provider, subject),
    UNIQUE (account_id, provider)
);
