// Every bound of the local copy, in one place, with its reason.

/** Messages asked for at once: about two screens, so that one scroll rarely waits. */
export const PAGE_LEN = 50;

/** Up to so many unread messages one begins at the first of them, with a few before it that were read; with more, at
 * the newest: nobody wants to begin years ago. */
export const BEGIN_AT_UNREAD_MAX = 500;
export const READ_BEFORE_LEN = 10;

/** Messages of one conversation held in memory and shown: a browser lays this many out without a stutter. */
export const WINDOW_LEN_MAX = 600;

/** Who follows at the end needs few of them: with every new message the list is laid out again. From so many on they
 * are cut, seldom and by many, which costs less than one with every message. */
export const WINDOW_LEN_FOLLOWED = 300;
export const WINDOW_LEN_LIVE = 200;

/** What a conversation keeps when one leaves it: enough to show it again at once. */
export const WINDOW_LEN_KEPT = 100;

/** Conversations whose messages are held. Those not looked at for longest go first and are loaded again. */
export const LOADED_MAX = 20;

/** What is kept on the device for a start without a network: the conversations looked at last with their newest
 * messages, which is some hundred kilobytes, and so many lines of the sidebar. Written down no more often than this. */
export const KEPT_MAX = 10;
export const KEPT_LINES_MAX = 1_000;
export const KEEP_EVERY_MS = 2_000;

/** Events of one conversation that wait for what is missing before them. Above it they are dropped: the changes
 * that are fetched then contain them. */
export const HELD_MAX = 256;

/** How often "more changes" is followed before the newest page is loaded instead: beyond it that is less work. */
export const CATCH_UPS_MAX = 5;

/** Messages waiting to be sent, over all conversations. Who writes more while offline is told to wait. */
export const OUTBOX_LEN_MAX = 200;

/** Deletions that the server was not told of yet. Who deletes more while offline is told to wait. */
export const DELETIONS_LEN_MAX = 200;

/** A deletion that could be taken back so long ago lost its window without a word, and is brought to its end. Before that
 * the window may be open still, with somebody at the button. */
export const UNDO_LOST_MS = 60_000;

/** How long "is typing" stands without another sign of it. The sign is repeated every `TYPING_EVERY_MS`. */
export const TYPING_MS = 6_000;
export const TYPING_EVERY_MS = 3_000;

/** Read positions are sent at most this often for each conversation: scrolling makes many. */
export const READ_EVERY_MS = 400;

/** A send that got no answer for so long was lost: connect again and send again with the same cid. */
export const ANSWER_MS = 20_000;

/** Connecting, up to and including the welcome. */
export const CONNECT_MS = 15_000;

/** Silence after which the server is asked for a sign, and how long that may take: 40 s together. */
export const QUIET_MS = 25_000;
export const SIGN_MS = 15_000;

/** Reconnecting: the wait is random between 0 and base × 2^attempt, so that a restarted server is not met by all
 * at once, and never longer than the cap. */
export const RETRY_BASE_MS = 500;
export const RETRY_CAP_MS = 30_000;

/** A connection that lasted this long was good: the next failure starts again with short waits. */
export const STEADY_MS = 10_000;

/** After a resumed connection the server sends what was missed by itself; if not, we ask after so long. */
export const RESUME_MS = 5_000;

/** Members asked for at once. */
export const MEMBERS_PAGE_LEN = 200;

/** Members of one conversation held: more are counted by the server and found by searching. */
export const MEMBERS_MAX = 1_000;

/** The same request is not repeated sooner: an answer that does not help must not become a loop. */
export const AGAIN_MS = 200;
