//! Power cuts: the data folder is on a disk that is a file, and a picture of that file at one moment is what a machine finds
//! after its power came back.
//!
//! The disk is a file with ext4 in it, on btrfs, where a file can be copied as it is at one moment. What the program gave to the
//! operating system and the operating system not to the disk is not in the picture. The model is an operating system that dies
//! and a disk that keeps its word: no torn sectors, no lies about flushes.

use crate::{
    Result,
    history::{self, History, Truth, Violation},
    lock,
    program::{Program, Recipe},
    report::Report,
    scene::{Scene, violation},
    truth,
};
use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tokio::time::sleep;

/// Between two cuts, in milliseconds.
const LIFE_MS: std::ops::Range<u64> = 200..900;
/// A program that does not flush must lose something in so many of a hundred cuts, or cutting shows nothing.
const CONTROL_PERCENT_MIN: u32 = 80;
/// The rules that hold for a picture by itself.
const RULES: &[&str] = &["the database is sound", "what is stored is stored once", "numbers have no gaps"];

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Power {
    /// The server. Its folder becomes the place of the disk.
    pub(crate) recipe: Recipe,
    /// What happens by chance follows from it.
    pub(crate) seed: u64,
    /// How many pictures are taken.
    pub(crate) cuts: u32,
    /// How many people talk.
    pub(crate) people: usize,
    /// The program does not flush, and must be found out.
    pub(crate) is_control: bool,
}

/// Runs it and looks at each picture.
///
/// # Errors
/// When the run itself could not be done: it needs root, loop devices, btrfs and ext4.
pub(crate) async fn run(power: &Power) -> Result<Report> {
    let disk = Disk::make(&power.recipe.folder)?;
    let mut recipe = Recipe { folder: disk.house(), ..power.recipe.clone() };
    if power.is_control {
        recipe = recipe.with("PARLOR_SEEDED_BUG", "no-flush");
    }
    let mut random = fastrand::Rng::with_seed(power.seed);
    let mut program = Program::start(&recipe).await?;
    let scene = Scene::open(&recipe, &program, power.people, power.seed).await?;
    let (mut lost, mut losing_cuts, mut kept, mut found) = (0, 0, 0, Vec::new());
    for _ in 0..power.cuts {
        scene.something_happens(&mut program).await?;
        sleep(Duration::from_millis(random.u64(LIFE_MS))).await;
        let acknowledged = lock(&scene.crowd.stage.ledger).clone();
        let picture = disk.picture()?;
        let truth = truth::read(&Recipe { folder: picture.house(), ..recipe.clone() }).await?;
        drop(picture);
        let missing: Vec<_> = acknowledged.iter().filter(|known| !is_there(&truth, known)).collect();
        kept += acknowledged.len() - missing.len();
        lost += missing.len();
        losing_cuts += u32::from(!missing.is_empty());
        if !power.is_control {
            found.extend(missing.iter().map(|known| lost_in_a_cut(known)));
            let broken = history::check(&History::default(), &truth);
            found.extend(broken.into_iter().filter(|violation| RULES.contains(&violation.rule)));
        }
    }
    if power.is_control && losing_cuts * 100 < power.cuts * CONTROL_PERCENT_MIN {
        let what = format!("only {losing_cuts} of {} lost something", power.cuts);
        found.push(violation("a program that does not flush is found out", what));
    }
    let own = vec![
        ("cuts", power.cuts.to_string()),
        ("cuts that lost something", losing_cuts.to_string()),
        ("acknowledged and there", kept.to_string()),
        ("acknowledged and lost", lost.to_string()),
    ];
    let name = if power.is_control { "power cuts without flushing (control)" } else { "power cuts" };
    scene.close(name, program, own, found).await
}

fn is_there(truth: &Truth, known: &crate::person::Acknowledged) -> bool {
    let stored = truth.logs.get(&known.of).and_then(|log| log.at(known.seq));
    stored.is_some_and(|stored| stored.cid == known.cid)
}

fn lost_in_a_cut(known: &crate::person::Acknowledged) -> Violation {
    violation(
        "what is acknowledged survives a power cut",
        format!("{} was acknowledged as {} of {} and is gone", known.cid, known.seq, known.of),
    )
}

/// A disk that is a file.
struct Disk {
    folder: PathBuf,
}

impl Disk {
    fn make(folder: &Path) -> Result<Self> {
        let folder = folder.canonicalize()?;
        let disk = Self { folder };
        for place in ["below", "house", "picture"] {
            std::fs::create_dir_all(disk.folder.join(place))?;
        }
        let below = disk.folder.join("below.img");
        run_to_end("truncate", [OsStr::new("--size=2G"), below.as_os_str()])?;
        run_to_end("mkfs.btrfs", [OsStr::new("--quiet"), below.as_os_str()])?;
        mount(&below, &disk.folder.join("below"))?;
        run_to_end("truncate", [OsStr::new("--size=256M"), disk.image().as_os_str()])?;
        run_to_end("mkfs.ext4", [OsStr::new("-q"), disk.image().as_os_str()])?;
        mount(&disk.image(), &disk.house())?;
        Ok(disk)
    }

    fn image(&self) -> PathBuf {
        self.folder.join("below/disk.img")
    }

    fn house(&self) -> PathBuf {
        self.folder.join("house")
    }

    /// What the disk holds at this moment, as the next start of the machine would find it.
    fn picture(&self) -> Result<Picture> {
        let image = self.folder.join("below/picture.img");
        let copy = [OsStr::new("--reflink=always"), self.image().as_os_str(), image.as_os_str()]
            .map(OsStr::to_owned);
        run_to_end("cp", copy)?;
        let place = self.folder.join("picture");
        mount(&image, &place)?;
        Ok(Picture { image, place })
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // What is in use still is let go with the program that uses it.
        for place in ["house", "below"] {
            let _ = run_to_end("umount", [OsStr::new("--lazy"), self.folder.join(place).as_os_str()]);
        }
    }
}

struct Picture {
    image: PathBuf,
    place: PathBuf,
}

impl Picture {
    fn house(&self) -> PathBuf {
        self.place.clone()
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        let _ = run_to_end("umount", [self.place.as_os_str()]);
        let _ = std::fs::remove_file(&self.image);
    }
}

fn mount(image: &Path, place: &Path) -> Result<()> {
    run_to_end("mount", [OsStr::new("-o"), OsStr::new("loop"), image.as_os_str(), place.as_os_str()])
}

/// Runs a command of the system.
///
/// # Errors
/// When it fails; what it said is in the error.
pub(crate) fn run_to_end<A: AsRef<OsStr>>(
    command: &str,
    arguments: impl IntoIterator<Item = A>,
) -> Result<()> {
    let done =
        Command::new(command).args(arguments).output().map_err(|error| format!("{command}: {error}"))?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("{command}: {}", String::from_utf8_lossy(&done.stderr).trim()).into())
}
