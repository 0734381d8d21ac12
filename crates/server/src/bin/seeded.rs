//! The program with faults on purpose: what it does wrong, and where it dies, is chosen by the environment (`faults`).

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run(std::env::args_os())
}
