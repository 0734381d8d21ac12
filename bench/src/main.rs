//! The program `bench`. What it measures is in `docs/performance.md`.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    bench::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("bench reads /proc and waits with epoll: it runs on Linux.");
    ExitCode::FAILURE
}
