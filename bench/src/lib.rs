//! Parlor's benchmark: Parlor's own program, a bare loop of writes (the floor) and the usual chat example on axum, in turn,
//! on the same work and cores. Everything that is acknowledged must be delivered to everyone once and in order, or the
//! benchmark fails; how fast it is never fails anything.
#![cfg(target_os = "linux")]

mod contestant;
mod cores;
mod fixture;
mod generator;
mod measure;
mod options;
mod parlor;
mod process;
mod rivals;
mod table;
mod works;

use options::{Command, Options};
use std::{io::Write, process::ExitCode};

/// What can go wrong here ends the run and is told to a person.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Does what the arguments ask for.
pub fn main() -> ExitCode {
    let done = match options::read() {
        Command::Serve(rival) => rivals::serve(rival),
        Command::Measure(options) => measure_all(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nobody else to tell.
            let _ = writeln!(std::io::stderr(), "\nBENCH FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure_all(options: &Options) -> Outcome<()> {
    if cfg!(debug_assertions) {
        return Err("an unoptimised generator measures itself: cargo run --release -p bench".into());
    }
    process::allow_many_files()?;
    let bench = works::Bench::prepare(options)?;
    table::say(&format!("{}\n", measure::machine::describe()))?;
    for figure in &options.figures {
        works::measure(&bench, *figure, &mut |table| {
            table.print()?;
            match &options.json {
                Some(file) => table.append_json(file),
                None => Ok(()),
            }
        })?;
    }
    Ok(())
}
