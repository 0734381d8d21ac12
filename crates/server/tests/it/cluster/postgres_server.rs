//! A PostgreSQL of its own, which a story may kill and start again.

use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::{
        fs::MetadataExt,
        process::{CommandExt, ExitStatusExt},
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    time::{Duration, Instant},
};

const DEADLINE: Duration = Duration::from_secs(30);

pub struct PostgresServer {
    pub url: String,
    folder: PathBuf,
    /// What started it, and stops it when its input ends.
    script: Child,
    input: Option<ChildStdin>,
    /// The server itself, once it was started again here.
    again: Option<Child>,
    killed: Option<Killed>,
}

/// How to start it again.
struct Killed {
    arguments: Vec<String>,
    user: u32,
    group: u32,
}

impl PostgresServer {
    pub fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/with-postgres");
        let mut script = Command::new(script)
            .args(["sh", "-c", "echo \"$PARLOR_TEST_POSTGRES\"; exec cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = script.stdin.take();
        let mut url = String::new();
        BufReader::new(script.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        let folder = PathBuf::from(url.split_once("host=").expect("a server in a folder").1);
        Self { url, folder, script, input, again: None, killed: None }
    }

    /// The socket that it listens on.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Ends it in the middle of whatever it does, with all that it works with.
    pub fn kill(&mut self) {
        let pid: i32 = fs::read_to_string(self.folder.join("data/postmaster.pid"))
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let process = PathBuf::from(format!("/proc/{pid}"));
        let arguments = fs::read(process.join("cmdline")).unwrap();
        let arguments = arguments.split(|byte| *byte == 0).filter(|part| !part.is_empty());
        let arguments = arguments.map(|part| String::from_utf8(part.to_vec()).unwrap()).collect();
        let owner = fs::metadata(&process).unwrap();
        self.killed = Some(Killed { arguments, user: owner.uid(), group: owner.gid() });
        let children = fs::read_to_string(process.join(format!("task/{pid}/children"))).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
        // They notice that it is gone by themselves, but not all at once, and answer until then.
        for child in children.split_whitespace() {
            // It may have noticed.
            let _ = kill_process(Pid::from_raw(child.parse().unwrap()).unwrap(), Signal::KILL);
            let status = PathBuf::from(format!("/proc/{child}/status"));
            let begun = Instant::now();
            while fs::read_to_string(&status).is_ok_and(|text| !text.contains("State:\tZ")) {
                assert!(begun.elapsed() < DEADLINE, "{child} does not end");
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        if let Some(mut again) = self.again.take() {
            assert_eq!(again.wait().unwrap().signal(), Some(9));
        }
    }

    /// Starts it again where it was and waits until it takes connections.
    pub fn begin(&mut self) {
        let Killed { arguments, user, group } = self.killed.take().expect("it was killed");
        let begun = Instant::now();
        while begun.elapsed() < DEADLINE {
            let mut command = Command::new(&arguments[0]);
            command.args(&arguments[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            if rustix::process::getuid().is_root() {
                command.uid(user).gid(group);
            }
            let mut child = command.current_dir(&self.folder).spawn().unwrap();
            // It refuses while a process of the one that was killed is still there.
            loop {
                if child.try_wait().unwrap().is_some() {
                    break;
                }
                if store::testing::answers(&self.url) {
                    self.again = Some(child);
                    return;
                }
                assert!(begun.elapsed() < DEADLINE, "PostgreSQL does not answer again");
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        panic!("PostgreSQL does not start again");
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Some(again) = &mut self.again {
            // "Fast": ends the sessions, then stops.
            let _ = kill_process(Pid::from_child(again), Signal::INT);
            let _ = again.wait();
        }
        drop(self.input.take());
        let _ = self.script.wait();
    }
}
