//! On what it was measured.

use std::fs;

/// Cores, kernel, processor, memory, and how busy the machine is with other things.
pub(crate) fn describe() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models: Vec<&str> = cpu.lines().filter_map(|line| value_of(line, "model name")).collect();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = memory.lines().find_map(|line| value_of(line, "MemTotal")).unwrap_or("unknown").to_owned();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "{} cores of {}, {memory} of memory, Linux {}, load before {}",
        models.len(),
        models.first().unwrap_or(&"an unknown processor"),
        kernel.trim(),
        load.split(' ').next().unwrap_or("unknown"),
    )
}

fn value_of<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (found, value) = line.split_once(':')?;
    (found.trim() == name).then(|| value.trim())
}
