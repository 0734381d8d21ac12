//! The program `proof`. What it shows is in `docs/reliability.md`.

use std::process::ExitCode;

fn main() -> ExitCode {
    proof::main()
}
