//! Gives what libFuzzer makes up to the parser that `PARLOR_FUZZ_TARGET` names; `scripts/fuzz` starts it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use server::fuzzing::{TARGETS, Target};
use std::sync::LazyLock;

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("PARLOR_FUZZ_TARGET").unwrap_or_default();
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    TARGETS
        .iter()
        .find(|target| target.name == name)
        .unwrap_or_else(|| panic!("PARLOR_FUZZ_TARGET must be one of {}", names.join(", ")))
});

fuzz_target!(|bytes: &[u8]| (TARGET.run)(bytes));
