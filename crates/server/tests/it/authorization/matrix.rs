//! The whole table, tried.
//!
//! `PARLOR_MATRIX_ONLY=TEXT` tries the rows that hold this text, `PARLOR_MATRIX_DATABASE=postgres` tries them on PostgreSQL.

use super::{
    canaries,
    cast::{ACTORS, Actor, Cast},
    routes,
    scene::Scene,
    table::{self, Row},
    trial::{self, Outcome, may_change},
};
use protocol::ClientFrame;
use std::{
    collections::BTreeSet,
    env, io,
    sync::{Arc, Mutex},
    time::Instant,
};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// Fewer would mean that the router was not understood.
const ROUTES_MIN: usize = 150;
const OPS_MIN: usize = 8;

#[tokio::test]
async fn every_route_and_every_word_of_the_socket_has_a_row_and_no_row_is_of_another() {
    let world = crate::world::World::sqlite(&[]).await;
    let mut served = routes::served(&world.server().router());
    world.end().await;
    assert!(served.len() > ROUTES_MIN, "{served:#?}");
    let of_document = server::http::openapi::document_json().unwrap();
    let document: serde_json::Value = serde_json::from_str(&of_document).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let route = (method.to_uppercase(), table::without_names(path));
            assert!(served.contains(&route), "{route:?} is documented and was not found in the router");
        }
    }
    // With a slash at the end it is the same handler.
    let all = served.clone();
    served.retain(|(method, path)| {
        let short = path.trim_end_matches('/').to_owned();
        short == *path || short == "/lite" || !all.contains(&(method.clone(), short))
    });
    let rows = table::rows();
    let of_routes = || rows.iter().filter(|row| row.method != "OP");
    let told: BTreeSet<_> = of_routes().filter_map(|row| row.route(&served)).cloned().collect();
    let missing: Vec<_> = served.difference(&told).collect();
    let unknown: Vec<_> = of_routes().filter(|row| row.route(&served).is_none()).map(Row::name).collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "without a row: {missing:#?}, without a route: {unknown:#?}"
    );
    let ops: BTreeSet<_> =
        rows.iter().filter(|row| row.method == "OP").map(|row| row.path.as_str()).collect();
    assert!(ops.len() >= OPS_MIN);
    assert_eq!(ops, ClientFrame::OPS.iter().copied().collect());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_may_do_what_the_table_says_and_receives_nothing_else() {
    let begun = Instant::now();
    let log = Log::begin();
    let mut cast = Cast::gather().await;
    cast.disables(false).await;
    let mut common = Scene::with_disabled();
    let only = env::var("PARLOR_MATRIX_ONLY").unwrap_or_default();
    let rows: Vec<Row> = table::rows().into_iter().filter(|row| row.name().contains(&only)).collect();
    common.fill(&cast, Actor::Owner, "{room}{archived}{direct}{general}{garden}").await;
    cast.disables(true).await;
    let mut tally = Tally::default();
    for row in &rows {
        refusals(&mut cast, &mut common, row, &mut tally).await;
        for actor in ACTORS {
            if row.allows(actor) {
                permission(&mut cast, &mut common, row, actor, &mut tally).await;
            }
        }
    }
    for actor in ACTORS {
        if actor.is_signed_in() {
            cast.player_mut(actor).ear.as_mut().unwrap().catches_up().await;
        }
    }
    let sweep = canaries::sweep(&cast);
    let log = log.text();
    let in_log = canaries::sweep_log(&cast, &log);
    println!(
        "authorization: {} rows x {} actors = {} cells, {} allowed, {} deviations; canaries: {} kinds met {} times in {} KiB, {} leaks; \
         {} KiB of log, {} leaks; {:.0} s",
        rows.len(),
        ACTORS.len(),
        tally.cells,
        tally.allowed,
        tally.deviations.len(),
        sweep.kinds.len(),
        sweep.words,
        sweep.bytes / 1024,
        sweep.leaks.len(),
        log.len() / 1024,
        in_log.len(),
        begun.elapsed().as_secs_f64(),
    );
    let mut wrong = tally.deviations;
    wrong.extend(sweep.leaks);
    wrong.extend(in_log);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(log.contains("/api/v1/conversations/{id}"), "nothing was logged");
    cast.world.end().await;
}

#[derive(Default)]
struct Tally {
    cells: usize,
    allowed: usize,
    deviations: Vec<String>,
}

impl Tally {
    fn says(&mut self, row: &Row, actor: Actor, what: impl std::fmt::Display) {
        self.deviations.push(format!("{}: {actor:?}: {what}", row.name()));
    }

    fn compares(&mut self, row: &Row, actor: Actor, outcome: &Outcome) {
        self.cells += 1;
        let has_codes = row.method == "OP" || row.path.starts_with("/api/");
        if !outcome.is(row.expects(actor), has_codes) {
            let text: String = outcome.text.chars().take(200).collect();
            let got =
                format!("expected {}, got {} {} {text}", row.expects(actor), outcome.status, outcome.code);
            self.says(row, actor, got);
        }
    }
}

/// Everybody who is refused tries it on the same things, which stay as they are.
async fn refusals(cast: &mut Cast, scene: &mut Scene, row: &Row, tally: &mut Tally) {
    let refused: Vec<Actor> = ACTORS.into_iter().filter(|actor| !row.allows(*actor)).collect();
    if refused.is_empty() {
        return;
    }
    // Whoever holds a code sees the card of its room, let in or not.
    let mut of_codes = Scene::of_those_let_in();
    let scene = if row.lets_in() { &mut of_codes } else { scene };
    for actor in &refused {
        // What the placeholders name is there before it is looked at.
        scene.fill(cast, *actor, &row.path).await;
        scene.fill(cast, *actor, &row.body).await;
    }
    let before = if may_change(row) { scene.state(cast, Actor::Anonymous).await } else { Vec::new() };
    for actor in refused {
        let outcome = trial::tries(cast, scene, row, actor, None).await;
        tally.compares(row, actor, &outcome);
    }
    if may_change(row) {
        let after = scene.state(cast, Actor::Anonymous).await;
        if before != after {
            tally.says(
                row,
                Actor::Anonymous,
                format!("somebody was refused and did it: {}", difference(&before, &after)),
            );
        }
    }
}

/// Somebody who is let in sees what there is to see, or does it.
async fn permission(cast: &mut Cast, common: &mut Scene, row: &Row, actor: Actor, tally: &mut Tally) {
    tally.allowed += 1;
    let mut own = if row.lets_in() { Scene::of_those_let_in() } else { Scene::new() };
    own.with_list = row.begins;
    let scene = if may_change(row) { &mut own } else { common };
    let path = scene.fill(cast, actor, &row.path).await;
    let body = scene.fill(cast, actor, &row.body).await;
    // What is new with each look is so once: what was looked at is what is tried.
    let row = &Row { path: if row.method == "OP" { row.path.clone() } else { path }, body, ..row.clone() };
    let stand_in = if row.by_a_newcomer { Some(cast.newcomer(actor).await) } else { None };
    let before = if may_change(row) { scene.state(cast, actor).await } else { Vec::new() };
    let outcome = trial::tries(cast, scene, row, actor, stand_in.as_ref()).await;
    tally.compares(row, actor, &outcome);
    if let Some(kind) = &row.shows {
        let mark = format!("zq-{kind}-");
        if !outcome.text.contains(&mark) {
            tally.says(row, actor, format!("was not shown {mark}"));
        }
    }
    if !may_change(row) {
        return;
    }
    let after = scene.state(cast, actor).await;
    match row.expects(actor) {
        '+' | 'o' if before == after => tally.says(row, actor, "was let in and nothing was done"),
        '=' if before != after => {
            tally.says(row, actor, format!("something was done: {}", difference(&before, &after)))
        }
        _ => {}
    }
}

fn difference(before: &[String], after: &[String]) -> String {
    let differs = before.iter().zip(after).find(|(before, after)| before != after);
    differs.map_or(String::new(), |(before, after)| format!("\n  {before}\n  {after}"))
}

/// All that the server logs, at its most talkative.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn begin() -> Self {
        let log = Self::default();
        // As the program does it: libraries that would write frames and statements are held back.
        let filter = EnvFilter::new(
            "trace,hyper=info,hyper_util=info,tokio_postgres=info,tungstenite=info,tokio_tungstenite=info",
        );
        let subscriber =
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(log.clone()).with_ansi(false);
        // Where another story began one in this process, that one has it.
        drop(subscriber.try_init());
        log
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
