-- Administrators find accounts by how an address begins, too. The unique key sorts as the server's language does, which
-- does not answer that.
CREATE INDEX accounts_by_email ON accounts (email BY_CODE_POINT);
