//! The commands of one connection that are under way.
//!
//! They begin in the order in which they came. Those that go together are begun at once, so that several share a commit
//! and are still stored in their order; one that goes alone begins when all before it have ended, and nothing begins
//! beside it. They are answered in that order too. While nothing can begin, nothing is read: the other end waits, and what waits here stays bounded.

use super::{
    COMMANDS_MAX,
    commands::{Answer, Order, Running},
};
use futures_util::{FutureExt, StreamExt, stream::FuturesOrdered};
use std::{
    future::{pending, poll_fn, ready},
    task::Poll,
};

#[derive(Default)]
pub(super) struct Pipeline {
    running: FuturesOrdered<Running>,
    /// One that goes alone is under way.
    alone: bool,
    /// One that goes alone and waits for those before it.
    waiting: Option<Running>,
}

impl Pipeline {
    /// Whether another command may come.
    pub(super) fn has_room(&self) -> bool {
        !self.alone && self.waiting.is_none() && self.running.len() < COMMANDS_MAX
    }

    pub(super) fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// Begins a command, or lets it wait. Gives the answer if it is there at once. Only to be called when there is room.
    pub(super) async fn begin(&mut self, order: Order, mut command: Running) -> Answer {
        if order == Order::Alone && !self.running.is_empty() {
            self.waiting = Some(command);
            return None;
        }
        // The first poll puts the write into the store's queue. It happens here and now, and not whenever the set of
        // running commands gets to it, so that the order of that queue is the order in which commands came.
        if let Poll::Ready(answer) = poll_fn(|context| Poll::Ready(command.poll_unpin(context))).await {
            if self.running.is_empty() {
                return answer;
            }
            command = Box::pin(ready(answer));
        }
        self.alone = order == Order::Alone;
        self.running.push_back(command);
        None
    }

    /// The answer of the oldest command once it has ended; waits for ever while none is under way. Cancel safe.
    pub(super) async fn ended(&mut self) -> Answer {
        let Some(answer) = self.running.next().await else { return pending().await };
        self.alone = false;
        if self.running.is_empty()
            && let Some(command) = self.waiting.take()
        {
            self.alone = true;
            self.running.push_back(command);
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{ServerFrame, frame::Goaway};
    use std::sync::{Arc, Mutex};
    use tokio::sync::oneshot;

    /// A command that notes when it is begun, ends when it is let, and answers with its number.
    fn command(number: u64, begun: &Arc<Mutex<Vec<u64>>>) -> (Running, oneshot::Sender<()>) {
        let (let_end, end) = oneshot::channel();
        let begun = Arc::clone(begun);
        let command = async move {
            begun.lock().unwrap().push(number);
            end.await.unwrap();
            Some(Box::new(ServerFrame::Goaway(Goaway { retry_ms: number })))
        };
        (Box::pin(command), let_end)
    }

    async fn next(pipeline: &mut Pipeline) -> u64 {
        match pipeline.ended().await.as_deref() {
            Some(ServerFrame::Goaway(goaway)) => goaway.retry_ms,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn commands_that_go_together_begin_at_once_and_are_answered_in_their_order() {
        let (mut pipeline, begun) = (Pipeline::default(), Arc::default());
        let (one, end_one) = command(1, &begun);
        let (two, end_two) = command(2, &begun);
        assert!(pipeline.begin(Order::Together, one).await.is_none());
        assert!(pipeline.begin(Order::Together, two).await.is_none());
        assert_eq!(*begun.lock().unwrap(), [1, 2]);
        end_two.send(()).unwrap();
        assert!(pipeline.ended().now_or_never().is_none(), "the first is not answered yet");
        end_one.send(()).unwrap();
        assert_eq!((next(&mut pipeline).await, next(&mut pipeline).await), (1, 2));
        assert!(pipeline.is_empty() && pipeline.has_room());
    }

    #[tokio::test]
    async fn a_command_that_goes_alone_waits_for_those_before_it_and_keeps_others_out() {
        let (mut pipeline, begun) = (Pipeline::default(), Arc::default());
        let (one, end_one) = command(1, &begun);
        let (two, end_two) = command(2, &begun);
        pipeline.begin(Order::Together, one).await;
        pipeline.begin(Order::Alone, two).await;
        assert!(!pipeline.has_room());
        assert_eq!(*begun.lock().unwrap(), [1]);
        end_one.send(()).unwrap();
        assert_eq!(next(&mut pipeline).await, 1);
        assert!(!pipeline.has_room() && !pipeline.is_empty());
        end_two.send(()).unwrap();
        assert_eq!(next(&mut pipeline).await, 2);
        assert!(pipeline.has_room());
    }

    #[tokio::test]
    async fn only_so_many_are_under_way() {
        let (mut pipeline, begun) = (Pipeline::default(), Arc::default());
        let mut ends = Vec::new();
        while pipeline.has_room() {
            let (command, end) = command(0, &begun);
            pipeline.begin(Order::Together, command).await;
            ends.push(end);
        }
        assert_eq!(ends.len(), COMMANDS_MAX);
    }
}
