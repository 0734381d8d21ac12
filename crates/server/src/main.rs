//! The program `parlor`. What it can do is in [`server::cli`].

use std::process::ExitCode;

// Thousands of connections allocate and free small buffers on several threads at once: this allocator keeps such
// memory from scattering, which shows in what an idle connection costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::run(std::env::args_os())
}
