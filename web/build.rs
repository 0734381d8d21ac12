//! Builds the web client with npm and Vite into cargo's output folder, where `src/lib.rs` takes it in.
//!
//! `PARLOR_WEB_DIST` names a folder with a finished build to take instead. Where npm is missing or the packages
//! cannot be fetched, the build says so and takes in a page that says it too: the server works without a client.

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

/// What the build depends on, next to the sources. `node_modules` is not among them: its stamp decides.
const INPUTS: &[&str] = &[
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite",
    "vite.config.ts",
    "build.rs",
];

/// The copy of `package-lock.json` that `node_modules` was installed from. `npm ci` removes it with the rest.
const STAMP: &str = "node_modules/.parlor-lock.json";

/// Folders may not be nested deeper than this in a finished build: a link that leads back would never end.
const DEPTH_MAX: usize = 16;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    for input in INPUTS {
        println!("cargo:rerun-if-changed={input}");
    }
    println!("cargo:rerun-if-env-changed=PARLOR_WEB_DIST");

    let out = PathBuf::from(env::var("OUT_DIR")?);
    let dist = out.join("dist");
    if let Some(ready) = env::var_os("PARLOR_WEB_DIST").filter(|path| !path.is_empty()) {
        println!("cargo:rerun-if-changed={}", Path::new(&ready).display());
        return take(Path::new(&ready), &dist);
    }

    let web = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    // Several cargo runs may build at once, each for its own target folder, but there is one node_modules.
    let guard = File::create(web.join(".npm.lock"))?;
    guard.lock()?;
    match install(&web)? {
        Ok(()) => build(&web, &out, &dist),
        Err(reason) => {
            println!("cargo:warning=The web client is not part of this build: {reason}");
            // A path that is never there makes cargo try again with every build.
            println!("cargo:rerun-if-changed=no-web-client");
            fresh(&dist)?;
            fs::write(dist.join("index.html"), page_without_client(&reason))?;
            Ok(())
        }
    }
}

/// Brings `node_modules` in line with `package-lock.json`. The inner error is why there can be no client.
fn install(web: &Path) -> Result<std::result::Result<(), String>> {
    let locked = fs::read(web.join("package-lock.json"))?;
    if fs::read(web.join(STAMP)).is_ok_and(|stamp| stamp == locked) {
        return Ok(Ok(()));
    }
    let output = match npm().args(["ci", "--no-audit", "--no-fund"]).current_dir(web).output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Err(
                "npm was not found. Install Node.js 20.19 or newer, or set PARLOR_WEB_DIST.".into()
            ));
        }
        Err(error) => return Err(error.into()),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rfind(|line| line.contains("error")).unwrap_or("it gave no reason");
        return Ok(Err(format!("npm ci failed ({last}).")));
    }
    fs::write(web.join(STAMP), locked)?;
    Ok(Ok(()))
}

/// A client that does not build is a mistake in this folder: the whole build fails and says why.
fn build(web: &Path, out: &Path, dist: &Path) -> Result<()> {
    let output = npm()
        .args(["exec", "--offline", "--", "vite", "build", "--emptyOutDir", "--logLevel", "warn", "--outDir"])
        .arg(dist)
        .env("PARLOR_VITE_CACHE", out.join("vite"))
        .current_dir(web)
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("vite build failed\n{stdout}\n{stderr}").into())
}

fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

fn take(ready: &Path, dist: &Path) -> Result<()> {
    if !ready.join("index.html").is_file() {
        return Err(format!("PARLOR_WEB_DIST: there is no index.html in {}", ready.display()).into());
    }
    fresh(dist)?;
    copy(ready, dist, 0)
}

fn fresh(dist: &Path) -> Result<()> {
    match fs::remove_dir_all(dist) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(fs::create_dir_all(dist)?),
    }
}

fn copy(from: &Path, to: &Path, depth: usize) -> Result<()> {
    if depth > DEPTH_MAX {
        return Err(format!("PARLOR_WEB_DIST: {} is nested too deeply", from.display()).into());
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target, depth + 1)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn page_without_client(reason: &str) -> String {
    let reason = reason.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Parlor without its web client</title>\n\
         <h1>Parlor runs, but without its web client</h1>\n<p>It was left out when this program was built: {reason}</p>\n\
         <p>The API works all the same: see <a href=\"/docs\">/docs</a>.</p>\n</html>\n"
    )
}
