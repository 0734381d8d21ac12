//! Kill -9 in each migration: whoever starts next finishes what was begun, and the tables are as they would be without it.

use crate::{
    Result,
    house::House,
    program::{Program, Recipe},
    report::Report,
    scene::violation,
    servers::postgres::Postgres,
    truth,
};
use std::{path::PathBuf, time::Instant};

/// More than there will ever be.
const MIGRATIONS_MAX: u32 = 1_000;
/// Who moves into a house that was finished.
const PEOPLE: usize = 2;

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Migrations {
    /// The server.
    pub(crate) recipe: Recipe,
    /// The same program, built to die at named points.
    pub(crate) seeded: Option<PathBuf>,
    /// Whether the database is a PostgreSQL that the run starts.
    pub(crate) on_postgres: bool,
    /// What happens by chance follows from it.
    pub(crate) seed: u64,
}

/// Runs it.
///
/// # Errors
/// When the run itself could not be done. What it found wrong with Parlor is in the report.
pub(crate) async fn run(asked: &Migrations) -> Result<Report> {
    let begun = Instant::now();
    let seeded = asked.seeded.as_ref().ok_or("dying in a migration takes a program that can be told to")?;
    let postgres = match asked.on_postgres {
        true => Some(tokio::task::spawn_blocking(|| Postgres::start(false)).await??),
        false => None,
    };
    let calm = database(asked, postgres.as_ref(), "calm")?;
    Program::start(&calm).await?.stop().await?;
    let wanted = truth::schema(&calm).await?;
    let (mut kills, mut found) = (0, Vec::new());
    for migration in 1..MIGRATIONS_MAX {
        let recipe = database(asked, postgres.as_ref(), &format!("killed{migration}"))?;
        let mut dying = recipe.with("PARLOR_KILL_AT", &format!("in-migration:{migration}"));
        dying.program.clone_from(seeded);
        if let Ok(program) = Program::start(&dying).await {
            // It has no migration of that number any more.
            program.stop().await?;
            break;
        }
        kills += 1;
        let program = match Program::start(&recipe).await {
            Ok(program) => program,
            Err(error) => {
                found
                    .push(violation("who starts next finishes a migration", format!("{migration}: {error}")));
                continue;
            }
        };
        House::furnish(program.address, PEOPLE, 1, asked.seed).await?;
        program.stop().await?;
        if truth::schema(&recipe).await? != wanted {
            let what = format!("other tables after a death in migration {migration}");
            found.push(violation("a migration happens whole or not at all", what));
        }
    }
    if kills == 0 {
        found.push(violation("a program dies where it is told to", "it lived through all migrations"));
    }
    tokio::task::spawn_blocking(move || drop(postgres)).await?;
    Ok(Report {
        name: format!("kill -9 in migrations, {}", if asked.on_postgres { "PostgreSQL" } else { "SQLite" }),
        seed: asked.seed,
        figures: vec![
            ("kills", kills.to_string()),
            ("tables and indexes", wanted.len().to_string()),
            ("seconds", begun.elapsed().as_secs().to_string()),
        ],
        violations: found,
    })
}

/// A database that is empty still.
fn database(asked: &Migrations, postgres: Option<&Postgres>, name: &str) -> Result<Recipe> {
    let mut recipe = asked.recipe.clone();
    recipe.folder = recipe.folder.join(name);
    if let Some(postgres) = postgres {
        recipe.postgres = Some(postgres.new_database(name)?);
    }
    Ok(recipe)
}
