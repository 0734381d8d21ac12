//! Whether a database has the tables and columns that are moved, no more and no fewer.

use super::tables::TABLES;
use crate::{Result, Tx, params};
use std::collections::BTreeSet;

/// What each database writes down for itself.
const OWN: [&str; 2] = ["schema_migrations", "unfinished_move"];

/// What the database holds that would not be moved, and what it lacks that should be; nothing when all is as it must be.
pub(super) fn strangeness(tx: &mut Tx<'_>) -> Result<Option<String>> {
    let found =
        tx.query("SELECT c.table_name, c.column_name, c.kind FROM TABLE_COLUMNS AS c", params![], |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?))
        })?;
    let found: BTreeSet<_> = found.into_iter().filter(|(table, ..)| !OWN.contains(&table.as_str())).collect();
    let known: BTreeSet<_> = TABLES
        .iter()
        .flat_map(|table| table.columns.iter().map(|(column, kind)| (table.name, *column, kind.word())))
        .map(|(table, column, kind)| (table.to_owned(), column.to_owned(), kind.to_owned()))
        .collect();
    let listed = |columns: Vec<&(String, String, String)>, what: &str| {
        columns
            .iter()
            .map(|(table, column, kind)| format!("{table}.{column} ({kind}) {what}"))
            .collect::<Vec<_>>()
    };
    let mut wrong = listed(found.difference(&known).collect(), "is not known");
    wrong.extend(listed(known.difference(&found).collect(), "is missing"));
    Ok((!wrong.is_empty()).then(|| wrong.join(", ")))
}
