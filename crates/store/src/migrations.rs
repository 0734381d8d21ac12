//! Migrations: numbered SQL files, one text for both engines, applied in order when the store is opened and written down
//! in `schema_migrations`. A database that a newer program made is refused, and so is a migration whose text changed.

use crate::{
    dialect::Dialect,
    error::{OpenError, Result},
    params,
    tx::Tx,
};
use faults::Point;
use sha2::{Digest, Sha256};
use std::time::{SystemTime, UNIX_EPOCH};

/// One step of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// 1, 2, 3, …
    pub version: i64,
    /// What it brings, in a word or three.
    pub name: &'static str,
    /// The statements, with the words that `dialect.rs` replaces.
    pub sql: &'static str,
}

/// Every migration, oldest first. Their texts never change; what is wrong is put right by the next.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "the_house", sql: include_str!("migrations/0001_the_house.sql") },
    Migration { version: 2, name: "dialects", sql: include_str!("migrations/0002_dialects.sql") },
    Migration { version: 3, name: "identities", sql: include_str!("migrations/0003_identities.sql") },
    Migration { version: 4, name: "small_numbers", sql: include_str!("migrations/0004_small_numbers.sql") },
    Migration { version: 5, name: "preferences", sql: include_str!("migrations/0005_preferences.sql") },
    Migration { version: 6, name: "inbox", sql: include_str!("migrations/0006_inbox.sql") },
    Migration { version: 7, name: "records", sql: include_str!("migrations/0007_records.sql") },
    Migration { version: 8, name: "unread_from", sql: include_str!("migrations/0008_unread_from.sql") },
    Migration { version: 9, name: "security_log", sql: include_str!("migrations/0009_security_log.sql") },
];

/// A migration that a database says it has.
pub(crate) struct Applied {
    version: i64,
    name: String,
    checksum: String,
}

/// Makes the table in which migrations are written down, and reads it.
pub(crate) fn applied(tx: &mut Tx<'_>) -> Result<Vec<Applied>> {
    tx.batch(
        "CREATE TABLE IF NOT EXISTS schema_migrations (
            version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)",
    )?;
    tx.query("SELECT version, name, checksum FROM schema_migrations ORDER BY version", params![], |row| {
        Ok(Applied { version: row.get(0)?, name: row.get(1)?, checksum: row.get(2)? })
    })
}

/// What is still to be applied, or why this program must not touch the database.
pub(crate) fn pending<'a>(
    known: &'a [Migration],
    applied: &[Applied],
) -> Result<Vec<&'a Migration>, OpenError> {
    let newest_known = known.iter().map(|migration| migration.version).max().unwrap_or(0);
    if let Some(newer) = applied.iter().rev().find(|done| done.version > newest_known) {
        return Err(OpenError::Newer { found: newer.version, known: newest_known });
    }
    for done in applied {
        let same = known
            .iter()
            .any(|migration| migration.version == done.version && checksum(migration.sql) == done.checksum);
        if !same {
            return Err(OpenError::Changed { version: done.version, name: done.name.clone() });
        }
    }
    Ok(known
        .iter()
        .filter(|migration| applied.iter().all(|done| done.version != migration.version))
        .collect())
}

/// Applies a migration and writes it down, both in the transaction given.
pub(crate) fn apply(tx: &mut Tx<'_>, dialect: Dialect, migration: &Migration) -> Result<()> {
    tracing::info!(version = migration.version, name = migration.name, "migrating the database");
    tx.batch(&dialect.translate(migration.sql))?;
    let now_ms = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX));
    tx.execute(
        "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
        params![migration.version, migration.name, &checksum(migration.sql), now_ms],
    )
    .map(drop)?;
    faults::point(Point::InMigration);
    Ok(())
}

/// SHA-256 of the text in hexadecimal. Line ends don't count: some checkouts change them.
fn checksum(sql: &str) -> String {
    let digest = Sha256::digest(sql.replace("\r\n", "\n").as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Migration = Migration { version: 1, name: "one", sql: "SELECT 1;\n" };
    const TWO: Migration = Migration { version: 2, name: "two", sql: "SELECT 2;\n" };

    fn done(migration: &Migration) -> Applied {
        Applied {
            version: migration.version,
            name: migration.name.to_owned(),
            checksum: checksum(migration.sql),
        }
    }

    #[test]
    fn only_what_is_missing_is_applied() {
        let missing = pending(&[ONE, TWO], &[done(&ONE)]).unwrap();
        assert_eq!(missing.iter().map(|migration| migration.version).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn a_newer_database_and_a_changed_migration_are_refused() {
        assert!(matches!(
            pending(&[ONE], &[done(&ONE), done(&TWO)]),
            Err(OpenError::Newer { found: 2, known: 1 })
        ));
        let changed = Migration { sql: "SELECT 3;", ..ONE };
        assert!(matches!(pending(&[changed], &[done(&ONE)]), Err(OpenError::Changed { version: 1, .. })));
    }

    #[test]
    fn line_ends_do_not_change_a_migration() {
        assert_eq!(checksum("a\r\nb"), checksum("a\nb"));
    }

    #[test]
    fn migrations_are_numbered_without_gaps() {
        for (migration, version) in MIGRATIONS.iter().zip(1..) {
            assert_eq!(migration.version, version);
        }
    }
}
