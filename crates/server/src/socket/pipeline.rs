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
    future::ready,
    task::{Context, Poll},
};

#[derive(Default)]
pub(super) struct Pipeline {
    /// Made for the first command and given back by [`Pipeline::rest`]: a connection that only listens has none, which is
    /// 56 bytes here and 152 of what the set allocates for itself.
    running: Option<Box<FuturesOrdered<Running>>>,
    /// One that goes alone is under way.
    alone: bool,
    /// One that goes alone and waits for those before it.
    waiting: Option<Running>,
}

impl Pipeline {
    /// Whether another command may come.
    pub(super) fn has_room(&self) -> bool {
        !self.alone && self.waiting.is_none() && self.running_len() < COMMANDS_MAX
    }

    pub(super) fn is_empty(&self) -> bool {
        self.running_len() == 0
    }

    /// Begins a command, or lets it wait. Gives the answer if it is there at once. Only to be called when there is room.
    pub(super) fn begin(&mut self, context: &mut Context<'_>, order: Order, mut command: Running) -> Answer {
        if order == Order::Alone && !self.is_empty() {
            self.waiting = Some(command);
            return None;
        }
        // The first poll puts the write into the store's queue. It happens here and now, and not whenever the set of
        // running commands gets to it, so that the order of that queue is the order in which commands came.
        if let Poll::Ready(answer) = command.poll_unpin(context) {
            if self.is_empty() {
                return answer;
            }
            command = Box::pin(ready(answer));
        }
        self.alone = order == Order::Alone;
        self.running.get_or_insert_default().push_back(command);
        None
    }

    /// The answer of the oldest command once it has ended; there is none to come while none is under way.
    pub(super) fn poll_ended(&mut self, context: &mut Context<'_>) -> Poll<Answer> {
        let Some(running) = &mut self.running else { return Poll::Pending };
        let Poll::Ready(Some(answer)) = running.poll_next_unpin(context) else { return Poll::Pending };
        self.alone = false;
        if running.is_empty()
            && let Some(command) = self.waiting.take()
        {
            self.alone = true;
            running.push_back(command);
        }
        Poll::Ready(answer)
    }

    /// Gives back what commands needed, when none is under way.
    pub(super) fn rest(&mut self) {
        if self.is_empty() {
            self.running = None;
        }
    }

    fn running_len(&self) -> usize {
        self.running.as_ref().map_or(0, |running| running.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{ServerFrame, frame::Goaway};
    use std::{
        future::poll_fn,
        sync::{Arc, Mutex},
    };
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

    async fn begin(pipeline: &mut Pipeline, order: Order, command: Running) -> Answer {
        let mut command = Some(command);
        poll_fn(|context| Poll::Ready(pipeline.begin(context, order, command.take().unwrap()))).await
    }

    async fn ended(pipeline: &mut Pipeline) -> Answer {
        poll_fn(|context| pipeline.poll_ended(context)).await
    }

    async fn next(pipeline: &mut Pipeline) -> u64 {
        match ended(pipeline).await.as_deref() {
            Some(ServerFrame::Goaway(goaway)) => goaway.retry_ms,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn commands_that_go_together_begin_at_once_and_are_answered_in_their_order() {
        let (mut pipeline, begun) = (Pipeline::default(), Arc::default());
        let (one, end_one) = command(1, &begun);
        let (two, end_two) = command(2, &begun);
        assert!(begin(&mut pipeline, Order::Together, one).await.is_none());
        assert!(begin(&mut pipeline, Order::Together, two).await.is_none());
        assert_eq!(*begun.lock().unwrap(), [1, 2]);
        end_two.send(()).unwrap();
        assert!(ended(&mut pipeline).now_or_never().is_none(), "the first is not answered yet");
        end_one.send(()).unwrap();
        assert_eq!((next(&mut pipeline).await, next(&mut pipeline).await), (1, 2));
        assert!(pipeline.is_empty() && pipeline.has_room());
    }

    #[tokio::test]
    async fn a_command_that_goes_alone_waits_for_those_before_it_and_keeps_others_out() {
        let (mut pipeline, begun) = (Pipeline::default(), Arc::default());
        let (one, end_one) = command(1, &begun);
        let (two, end_two) = command(2, &begun);
        begin(&mut pipeline, Order::Together, one).await;
        begin(&mut pipeline, Order::Alone, two).await;
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
            begin(&mut pipeline, Order::Together, command).await;
            ends.push(end);
        }
        assert_eq!(ends.len(), COMMANDS_MAX);
    }
}
