//! A disk that is full, and a disk that fails.

use crate::{
    Result,
    history::Violation,
    power::run_to_end,
    program::{Program, Recipe},
    report::Report,
    scene::{Scene, violation},
};
use rustix::io::Errno;
use std::{
    ffi::OsStr,
    fs::File,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tokio::time::{sleep, timeout};

/// Room for a database and its log, in MiB, so that it is soon full: at first, and for what comes with each time more.
const ROOM_MIB: u64 = 24;
const ROOM_MIB_EACH: u64 = 2;
/// What is left when the disk is filled, in KiB.
const LEFT_KIB: u64 = 300;
/// As much is taken at once, in bytes.
const PIECE_LEN: u64 = 1024 * 1024;
/// Nothing was acknowledged for so long: it is full.
const STILL: Duration = Duration::from_millis(1_500);
/// A disk that fills up has so long to do so.
const FULL_PATIENCE: Duration = Duration::from_secs(60);
/// Once there is room again something must be acknowledged within this.
const RECOVER_MAX: Duration = Duration::from_secs(5);
/// A server whose disk failed has so long to notice.
const FAIL_PATIENCE: Duration = Duration::from_secs(6);
/// What the program ends with when its disk failed: `EX_IOERR` of sysexits.h.
const IO_ERROR: i32 = 74;
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    /// The server.
    pub(crate) recipe: Recipe,
    /// What happens by chance follows from it.
    pub(crate) seed: u64,
    /// How often.
    pub(crate) times: u32,
    /// How many people talk.
    pub(crate) people: usize,
}

/// Fills the disk, looks that nothing is acknowledged and everything can be read, and makes room again.
///
/// # Errors
/// When the run itself could not be done: it needs root.
pub(crate) async fn fill(disk: &Disk) -> Result<Report> {
    let room = Room::make(&disk.recipe.data(), ROOM_MIB + ROOM_MIB_EACH * u64::from(disk.times))?;
    let mut program = Program::start(&disk.recipe).await?;
    let scene = Scene::open(&disk.recipe, &program, disk.people, disk.seed).await?;
    let (mut found, mut slowest) = (Vec::new(), Duration::ZERO);
    for _ in 0..disk.times {
        scene.something_happens(&mut program).await?;
        room.fill()?;
        if !is_still(&scene).await {
            return Err("the disk does not become full".into());
        }
        // What is refused now is held by people and said again later; what was stored before can be read.
        let asker = scene.house.asker(0, program.address)?;
        if let Err(error) = asker.get::<serde_json::Value>("/api/v1/conversations/1/messages?limit=50").await
        {
            found.push(violation("what is stored can be read while the disk is full", error.to_string()));
        }
        room.free()?;
        let freed = Instant::now();
        if timeout(FULL_PATIENCE, scene.something_happens(&mut program)).await.is_err() {
            found.push(violation("it goes on once there is room", "nothing was acknowledged for a minute"));
            break;
        }
        slowest = slowest.max(freed.elapsed());
        found.extend(ended(&mut program)?);
    }
    if slowest > RECOVER_MAX {
        found.push(violation("it goes on once there is room", format!("it took {slowest:?}")));
    }
    let own = vec![
        ("times full", disk.times.to_string()),
        ("slowest to go on, ms", slowest.as_millis().to_string()),
    ];
    scene.close("disk full", program, own, found).await
}

fn ended(program: &mut Program) -> Result<Option<Violation>> {
    let status = program.has_ended()?;
    Ok(status.map(|status| violation("a full disk stops nothing", format!("it ended with {status}"))))
}

/// Waits until nothing is acknowledged any more.
async fn is_still(scene: &Scene) -> bool {
    let begun = Instant::now();
    let (mut count, mut since) = (scene.crowd.acknowledged(), Instant::now());
    while since.elapsed() < STILL {
        if begun.elapsed() > FULL_PATIENCE {
            return false;
        }
        sleep(LOOK_EVERY).await;
        let now = scene.crowd.acknowledged();
        if now != count {
            (count, since) = (now, Instant::now());
        }
    }
    true
}

/// Lets a flush fail, or a write find no room, at one place after the other.
///
/// # Errors
/// When the run itself could not be done: it needs strace.
pub(crate) async fn fail(disk: &Disk) -> Result<Report> {
    let mut random = fastrand::Rng::with_seed(disk.seed);
    let mut program = Program::start(&disk.recipe).await?;
    let scene = Scene::open(&disk.recipe, &program, disk.people, disk.seed).await?;
    let (mut stopped, mut refused, mut found) = (0, 0, Vec::new());
    for time in 0..disk.times {
        scene.something_happens(&mut program).await?;
        program.kill()?;
        let flush = time.is_multiple_of(2);
        let at = random.u32(1..80);
        program = match start_failing(&disk.recipe, flush, at).await {
            Ok(program) => program,
            Err(_) => {
                // Its disk failed before it listened; that is a way to stop too.
                stopped += 1;
                program = Program::start(&disk.recipe).await?;
                scene.proxy.lead_to(program.address);
                continue;
            }
        };
        scene.proxy.lead_to(program.address);
        match (ends_by_itself(&mut program).await?, flush) {
            (Some(IO_ERROR), true) => stopped += 1,
            (Some(code), true) => {
                let what = format!("flush {at} failed and it ended with {code}");
                found.push(violation("a flush that fails stops it with its own code", what));
            }
            (Some(code), false) => {
                let what = format!("write {at} found no room and it ended with {code}");
                found.push(violation("a full disk stops nothing", what));
            }
            // The place was not reached, or it went on after a write that found no room.
            (None, _) => refused += 1,
        }
        program.kill()?;
        program = Program::start(&disk.recipe).await?;
        scene.proxy.lead_to(program.address);
    }
    let own = vec![
        ("faults", disk.times.to_string()),
        ("stopped by a flush that failed", stopped.to_string()),
        ("went on", refused.to_string()),
    ];
    scene.close("disk errors", program, own, found).await
}

/// Starts it so that its k-th flush fails, or its k-th write and the four after it find no room.
async fn start_failing(recipe: &Recipe, flush: bool, at: u32) -> Result<Program> {
    let (calls, inject) = if flush {
        ("trace=fdatasync,fsync", format!("inject=fdatasync,fsync:error=EIO:when={at}+"))
    } else {
        ("trace=pwrite64", format!("inject=pwrite64:error=ENOSPC:when={at}..{}", at + 4))
    };
    let words = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", calls, "-e", &inject];
    let wrapped = Recipe { wrapper: words.map(str::to_owned).to_vec(), ..recipe.clone() };
    Program::start(&wrapped).await
}

/// The code it ended with, if it did.
async fn ends_by_itself(program: &mut Program) -> Result<Option<i32>> {
    let begun = Instant::now();
    while begun.elapsed() < FAIL_PATIENCE {
        if let Some(status) = program.has_ended()? {
            return Ok(Some(status.code().unwrap_or(-1)));
        }
        sleep(LOOK_EVERY).await;
    }
    Ok(None)
}

/// A small disk in memory.
struct Room {
    place: PathBuf,
}

impl Room {
    fn make(place: &Path, mib: u64) -> Result<Self> {
        std::fs::create_dir_all(place)?;
        let options = format!("size={mib}m,mode=0700");
        run_to_end(
            "mount",
            ["-t", "tmpfs", "-o", &options, "tmpfs"].map(OsStr::new).into_iter().chain([place.as_os_str()]),
        )?;
        Ok(Self { place: place.to_owned() })
    }

    fn ballast(&self) -> PathBuf {
        self.place.join("ballast")
    }

    /// Takes all the room but a little, piece by piece: others take of it meanwhile.
    fn fill(&self) -> Result<()> {
        let file = File::options().create(true).append(true).open(self.ballast())?;
        loop {
            let free = rustix::fs::statvfs(&self.place)?;
            let len = (free.f_bavail * free.f_frsize).saturating_sub(LEFT_KIB * 1024).min(PIECE_LEN);
            if len == 0 {
                return Ok(());
            }
            let end = file.metadata()?.len();
            match rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), end, len) {
                Err(Errno::NOSPC) => return Ok(()),
                done => done?,
            }
        }
    }

    fn free(&self) -> Result<()> {
        Ok(std::fs::remove_file(self.ballast())?)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = run_to_end("umount", [OsStr::new("--lazy"), self.place.as_os_str()]);
    }
}
