// Made from docs/api/openapi.json by tools/api-types. Do not edit: run `npm run generate` there.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What everyone with an account may know about an account. */
        Account: {
            created_at: components["schemas"]["Timestamp"];
            deactivated_at?: components["schemas"]["Timestamp"] | null;
            display_name: string;
            id: components["schemas"]["AccountId"];
            kind: components["schemas"]["AccountKind"];
            role: components["schemas"]["AccountRole"];
            username: string;
        };
        /**
         * Format: int64
         * @description A person, a bot or a guest.
         */
        AccountId: number;
        /**
         * @description What stands behind an account.
         * @enum {string}
         */
        AccountKind: "person" | "bot" | "guest";
        /** @description People. */
        AccountList: {
            /** @description Sorted by id. */
            accounts: components["schemas"]["Account"][];
            has_more: boolean;
        };
        AccountNotice: {
            account: components["schemas"]["Account"];
        };
        /** @description An account as administrators see it. */
        AccountRecord: components["schemas"]["Account"] & {
            email?: string | null;
            last_seen_at?: components["schemas"]["Timestamp"] | null;
        };
        /** @description Accounts, those that are shut out included. */
        AccountRecordList: {
            /** @description Sorted by id. */
            accounts: components["schemas"]["AccountRecord"][];
            has_more: boolean;
        };
        /**
         * @description What an account may do to the whole installation.
         * @enum {string}
         */
        AccountRole: "member" | "administrator";
        Ack: {
            /** @description Of a send. */
            cid?: string | null;
            conversation?: components["schemas"]["ConversationId"] | null;
            created_at?: components["schemas"]["Timestamp"] | null;
            /** @description The cid had been stored before; nothing was stored now. */
            dup: boolean;
            id?: components["schemas"]["MessageId"] | null;
            /** @description Of an edit, a delete or a reaction. */
            ref?: string | null;
            /** Format: int64 */
            rev: number;
            /** Format: int64 */
            seq: number;
        };
        /** @description Something that happened and matters for security. */
        AuditEntry: {
            /** @description What was done, in words like `session.created`. New ones may be added. */
            action: string;
            actor?: components["schemas"]["Author"] | null;
            at: components["schemas"]["Timestamp"];
            /** @description More about it; never a text, a password or a token. */
            details: string;
            /**
             * Format: int64
             * @description Grows with every entry.
             */
            id: number;
            /** @description To what: the id of an account, a session or a message, `CONVERSATION:ACCOUNT` for a membership, or `server`. */
            subject: string;
        };
        /** @description A page of the audit log. */
        AuditLog: {
            /** @description The newest first. */
            entries: components["schemas"]["AuditEntry"][];
            has_more: boolean;
        };
        /** @description The short form that stands at a message: who wrote it. */
        Author: {
            display_name: string;
            id: components["schemas"]["AccountId"];
            kind: components["schemas"]["AccountKind"];
            username: string;
        };
        /** @description A new password. All other sessions of the account end. */
        ChangePassword: {
            current_password: string;
            new_password: string;
        };
        /** @description Everything that changed after a `rev`, each thing once, as it is now. */
        Changes: {
            conversation?: components["schemas"]["ConversationDetails"] | null;
            /** @description More changes lie above `head`: ask again from there, or load afresh. */
            has_more: boolean;
            /**
             * Format: int64
             * @description The cursor after these changes.
             */
            head: number;
            /** @description Sorted by `rev`. */
            memberships: components["schemas"]["Membership"][];
            /** @description Sorted by `rev`. */
            messages: components["schemas"]["Message"][];
        };
        ChangesFrame: {
            conversation: components["schemas"]["ConversationId"];
            details?: components["schemas"]["ConversationDetails"] | null;
            /** @description More changes lie above `head`: fetch them, or load the conversation afresh. */
            has_more: boolean;
            /**
             * Format: int64
             * @description The cursor after these changes.
             */
            head: number;
            memberships: components["schemas"]["Membership"][];
            messages: components["schemas"]["Message"][];
            /** Format: int64 */
            since: number;
        };
        /**
         * @description What a client says. Unknown fields are ignored.
         *
         *     Not `Deserialize`: the door looks at `op` first and then reads the frame it names, so that an unknown op and
         *     a wrong field are told apart, and because serde cannot read maps with integer keys behind a tag.
         */
        ClientFrame: (components["schemas"]["Hello"] & {
            /** @enum {string} */
            op: "hello";
        }) | (components["schemas"]["Send"] & {
            /** @enum {string} */
            op: "send";
        }) | (components["schemas"]["Edit"] & {
            /** @enum {string} */
            op: "edit";
        }) | (components["schemas"]["Delete"] & {
            /** @enum {string} */
            op: "delete";
        }) | (components["schemas"]["React"] & {
            /** @enum {string} */
            op: "react";
        }) | (components["schemas"]["Read"] & {
            /** @enum {string} */
            op: "read";
        }) | (components["schemas"]["Typing"] & {
            /** @enum {string} */
            op: "typing";
        }) | {
            /** @enum {string} */
            op: "ping";
        };
        /** @description What a conversation is, the same for every member. */
        ConversationDetails: {
            archived_at?: components["schemas"]["Timestamp"] | null;
            created_at: components["schemas"]["Timestamp"];
            creator_id?: components["schemas"]["AccountId"] | null;
            description: string;
            id: components["schemas"]["ConversationId"];
            kind: components["schemas"]["ConversationKind"];
            /** @description `null` for direct chats: each side shows the other's name. */
            name?: string | null;
            /**
             * Format: int64
             * @description The last change of what stands here.
             */
            rev: number;
        };
        /**
         * Format: int64
         * @description General, a direct chat or a room.
         */
        ConversationId: number;
        /**
         * @description The three kinds. A conversation never changes its kind.
         * @enum {string}
         */
        ConversationKind: "general" | "direct" | "room";
        /** @description The sidebar. */
        ConversationList: {
            /** @description Sorted by id. */
            conversations: components["schemas"]["ConversationSummary"][];
            has_more: boolean;
            /** @description Rooms that I asked to join and that have not decided. */
            requests: components["schemas"]["JoinRequest"][];
        };
        /** @description My preferences for a conversation. */
        ConversationPreferences: {
            /** @description Whether it stands above the others. */
            favourite: boolean;
            muted_until?: components["schemas"]["Timestamp"] | null;
            notify: components["schemas"]["Notify"];
            unread_from?: number | null;
        };
        /** @description A conversation as one member sees it in the sidebar. */
        ConversationSummary: components["schemas"]["ConversationDetails"] & {
            last_message?: components["schemas"]["Message"] | null;
            /** Format: int64 */
            last_rev: number;
            /** Format: int64 */
            last_seq: number;
            /**
             * Format: int64
             * @description Requests that wait for a decision; 0 for those who may not decide.
             */
            pending_count: number;
            /** @description What I set for it. */
            preferences: components["schemas"]["ConversationPreferences"];
            /** Format: int64 */
            read_seq: number;
            /** @description My role. */
            role: components["schemas"]["MembershipRole"];
            /**
             * Format: int64
             * @description Always `last_seq - read_seq`: messages that came after the last one read.
             */
            unread: number;
            /**
             * Format: int64
             * @description How many of the unread messages name me.
             */
            unread_mentions: number;
            with?: components["schemas"]["Author"] | null;
        };
        /** @description Start a direct chat or make a room. */
        CreateConversation: {
            account_id?: components["schemas"]["AccountId"] | null;
            description?: string | null;
            /** @description `direct` or `room`. */
            kind: components["schemas"]["ConversationKind"];
            /** @description The room's name. */
            name?: string | null;
        };
        /** @description A conversation that was made or found. */
        CreatedConversation: {
            conversation: components["schemas"]["ConversationSummary"];
            invite?: components["schemas"]["Invite"] | null;
        };
        /** @description Make an invite. */
        CreateInvite: {
            /**
             * Format: int64
             * @description Seconds from now. Absent: the server's usual time; `null` is the same.
             */
            expires_in_s?: number | null;
            /**
             * Format: int64
             * @description Absent or `null`: any number.
             */
            max_uses?: number | null;
            needs_approval?: boolean;
        };
        Delete: {
            message: components["schemas"]["MessageId"];
            ref?: string | null;
        };
        /**
         * @description The documented chat app whose words a client speaks.
         * @enum {string}
         */
        Dialect: "chats" | "chatter_box" | "chat_app" | "chatroom" | "flask_chat";
        Edit: {
            body: string;
            message: components["schemas"]["MessageId"];
            /** @description Comes back in the ack or nack. */
            ref?: string | null;
        };
        /** @description What a message said before. */
        EditList: {
            /** @description The oldest first. */
            edits: components["schemas"]["MessageEdit"][];
        };
        /** @description Change the text of one's own message. */
        EditMessage: {
            body: string;
        };
        /**
         * @description Why something was refused. New codes may be added.
         * @enum {string}
         */
        ErrorCode: "malformed_json" | "invalid_request" | "unknown_op" | "unauthenticated" | "invalid_credentials" | "token_expired" | "account_deactivated" | "forbidden" | "origin_mismatch" | "registration_closed" | "invite_required" | "setup_closed" | "not_found" | "not_a_member" | "unknown_message" | "invite_invalid" | "banned" | "method_not_allowed" | "username_taken" | "email_taken" | "phone_taken" | "identity_taken" | "cid_reused" | "already_decided" | "message_deleted" | "conversation_archived" | "last_owner" | "wrong_kind" | "limit_reached" | "too_large" | "unsupported_media_type" | "rate_limited" | "busy" | "unavailable" | "stopping" | "internal";
        /** @description What happened. Each carries the thing as it is after the change. */
        Event: {
            message: components["schemas"]["Message"];
            /** @enum {string} */
            type: "message.created";
        } | {
            message: components["schemas"]["Message"];
            /** @enum {string} */
            type: "message.edited";
        } | {
            message: components["schemas"]["Message"];
            /** @enum {string} */
            type: "message.deleted";
        } | {
            message: components["schemas"]["Message"];
            /** @enum {string} */
            type: "message.reactions";
        } | {
            membership: components["schemas"]["Membership"];
            /** @enum {string} */
            type: "membership.changed";
        } | {
            details: components["schemas"]["ConversationDetails"];
            /** @enum {string} */
            type: "conversation.changed";
        };
        EventFrame: components["schemas"]["Event"] & {
            conversation: components["schemas"]["ConversationId"];
            /** Format: int64 */
            rev: number;
        };
        Goaway: {
            /** Format: int64 */
            retry_ms: number;
        };
        /** @description Where the browser goes on. */
        GoOn: {
            url: string;
        };
        Hello: {
            resume?: components["schemas"]["Resume"] | null;
            /** @description For clients that can send neither the bearer header nor the cookie. */
            token?: string | null;
        };
        /** @description An identity as its owner sees it. */
        Identity: {
            created_at: components["schemas"]["Timestamp"];
            /** @description What the service calls its owner, as it was at the last sign-in. */
            login: string;
            provider: components["schemas"]["Provider"];
        };
        /** @description My accounts of other services. */
        IdentityList: {
            identities: components["schemas"]["Identity"][];
        };
        /** @description A page of the inbox, the newest first. */
        Inbox: {
            /** @description May be fewer than asked for, even none, while there is more: what I may not see any more is passed over. */
            items: components["schemas"]["InboxItem"][];
            /** @description For `before` of the next page; `null` at the end. What it is made of may change. */
            next?: string | null;
        };
        /** @description Something that concerns me. New kinds may be added: who does not know one passes it over. */
        InboxItem: {
            /** @description When the message began to name me: when it was posted, or edited. */
            at: components["schemas"]["Timestamp"];
            /** @enum {string} */
            kind: "mention";
            message: components["schemas"]["Message"];
        } | {
            /** @description Who did. */
            account: components["schemas"]["Author"];
            at: components["schemas"]["Timestamp"];
            emoji: string;
            /** @enum {string} */
            kind: "reaction";
            /** @description Mine. */
            message: components["schemas"]["Message"];
        };
        /** @description An invite as the room's owner and moderators see it. */
        Invite: {
            /** @description The secret of the link. Only in the answer that made the invite: just its hash is stored. */
            code?: string | null;
            conversation_id: components["schemas"]["ConversationId"];
            created_at: components["schemas"]["Timestamp"];
            created_by: components["schemas"]["AccountId"];
            expires_at?: components["schemas"]["Timestamp"] | null;
            id: components["schemas"]["InviteId"];
            /**
             * Format: int64
             * @description `null`: any number.
             */
            max_uses?: number | null;
            /** @description Whether those who come by this link wait for approval. */
            needs_approval: boolean;
            revoked_at?: components["schemas"]["Timestamp"] | null;
            /** @description The link to send to people. Only in the answer that made the invite. */
            url?: string | null;
            /** Format: int64 */
            uses: number;
        };
        /** @description The public card: all that somebody outside learns about a room from an invite. */
        InviteCard: {
            conversation_id: components["schemas"]["ConversationId"];
            description: string;
            name: string;
            needs_approval: boolean;
            state?: components["schemas"]["MembershipState"] | null;
        };
        /**
         * Format: int64
         * @description A link that lets people into a room.
         */
        InviteId: number;
        /** @description Invites of a room. */
        InviteList: {
            /** @description The newest first. */
            invites: components["schemas"]["Invite"][];
        };
        /** @description What came of following an invite: `active` or `pending`. */
        Joined: {
            conversation?: components["schemas"]["ConversationSummary"] | null;
            conversation_id: components["schemas"]["ConversationId"];
            state: components["schemas"]["MembershipState"];
        };
        /** @description A room that I asked to join: its public card and where I stand. */
        JoinRequest: {
            conversation_id: components["schemas"]["ConversationId"];
            description: string;
            name: string;
            state: components["schemas"]["MembershipState"];
        };
        Lag: {
            conversation: components["schemas"]["ConversationId"];
            /** Format: int64 */
            head: number;
        };
        /** @description Begin to link an account of another service. */
        LinkIdentity: {
            current_password: string;
        };
        /** @description Read up to and including this message. */
        MarkRead: {
            /** Format: int64 */
            seq: number;
        };
        /** @description What an account may know about itself. */
        Me: components["schemas"]["Account"] & {
            email?: string | null;
        };
        /** @description Somebody in a conversation. */
        Membership: {
            account: components["schemas"]["Author"];
            conversation_id: components["schemas"]["ConversationId"];
            joined_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description How far this member has read.
             */
            read_seq: number;
            /**
             * Format: int64
             * @description The last change of role or state. A pending request has not changed the room yet and keeps the `rev` that the membership had before, or 0.
             */
            rev: number;
            role: components["schemas"]["MembershipRole"];
            state: components["schemas"]["MembershipState"];
        };
        /** @description Members of a conversation. */
        MembershipList: {
            has_more: boolean;
            /** @description Sorted by account id. */
            memberships: components["schemas"]["Membership"][];
        };
        MembershipNotice: {
            conversation: components["schemas"]["ConversationId"];
            request?: components["schemas"]["JoinRequest"] | null;
            state: components["schemas"]["MembershipState"];
            summary?: components["schemas"]["ConversationSummary"] | null;
        };
        /**
         * @description What a member may do, from least to most.
         * @enum {string}
         */
        MembershipRole: "member" | "moderator" | "owner";
        /**
         * @description Where somebody stands with a room.
         * @enum {string}
         */
        MembershipState: "pending" | "active" | "left" | "banned";
        /** @description One message. A deleted one keeps its place with `body` null. */
        Message: {
            author: components["schemas"]["Author"];
            body?: string | null;
            /** @description The id that the sender chose, unique in this conversation for this author. */
            cid: string;
            conversation_id: components["schemas"]["ConversationId"];
            created_at: components["schemas"]["Timestamp"];
            deleted_at?: components["schemas"]["Timestamp"] | null;
            dialect?: components["schemas"]["Dialect"] | null;
            edited_at?: components["schemas"]["Timestamp"] | null;
            id: components["schemas"]["MessageId"];
            /** @description The members that the text names with `@username`. Empty when deleted. */
            mentions: components["schemas"]["AccountId"][];
            reactions: components["schemas"]["Reaction"][];
            reply_to?: components["schemas"]["MessageId"] | null;
            /**
             * Format: int64
             * @description The last change: posted, edited, deleted or reacted to.
             */
            rev: number;
            /** Format: int64 */
            seq: number;
        };
        /** @description What a message said before an edit. */
        MessageEdit: {
            /** @description The text until then. */
            body: string;
            /** @description When it was replaced. */
            edited_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description The change that replaced this text.
             */
            rev: number;
        };
        /**
         * Format: int64
         * @description A message, across all conversations. Order is never read from it: that is what `seq` and `rev` are for.
         */
        MessageId: number;
        Nack: {
            cid?: string | null;
            code: components["schemas"]["ErrorCode"];
            /** @description What was wrong, for people. */
            detail?: string | null;
            /** @description Sending the same again cannot succeed. */
            final: boolean;
            ref?: string | null;
            /** Format: int64 */
            retry_after_ms?: number | null;
        };
        /**
         * @description What of a conversation I want to be notified of.
         * @enum {string}
         */
        Notify: "usual" | "all" | "mentions" | "nothing";
        /** @description A page of history, oldest first. */
        Page: {
            /** @description Whether there is more in the direction that was asked for. */
            has_more: boolean;
            /**
             * Format: int64
             * @description The conversation's last change when the page was read: a client that holds only this page is up to date to here.
             */
            head: number;
            messages: components["schemas"]["Message"][];
        };
        /** @description To all connections of the account, in the order in which it was stored. */
        PreferencesNotice: {
            conversation: components["schemas"]["ConversationId"];
            /** @description All of them, as they are now. */
            preferences: components["schemas"]["ConversationPreferences"];
        };
        Presence: {
            account: components["schemas"]["AccountId"];
            state: components["schemas"]["PresenceState"];
        };
        /**
         * @description Whether somebody has a connection.
         * @enum {string}
         */
        PresenceState: "online" | "offline";
        /** @description `application/problem+json` (RFC 9457). */
        Problem: {
            code: components["schemas"]["ErrorCode"];
            /** @description What was wrong this time. */
            detail?: string | null;
            /** @description The field that was refused, where it is one. */
            field?: string | null;
            /** @description Stands in the server's log too. */
            request_id: string;
            /**
             * Format: int64
             * @description When to try again, in milliseconds.
             */
            retry_after_ms?: number | null;
            /** Format: int32 */
            status: number;
            /** @description The meaning of the code. */
            title: string;
            /** @description Always `about:blank`: the code says it. */
            type: string;
        };
        /**
         * @description A service that tells us who somebody is.
         * @enum {string}
         */
        Provider: "github";
        React: {
            emoji: string;
            message: components["schemas"]["MessageId"];
            on: boolean;
            ref?: string | null;
        };
        /** @description Everyone who put the same emoji on a message, in the order in which they did. */
        Reaction: {
            accounts: components["schemas"]["AccountId"][];
            emoji: string;
        };
        Read: {
            conversation: components["schemas"]["ConversationId"];
            /** Format: int64 */
            seq: number;
        };
        /** @description Where reading stands after a receipt. */
        ReadState: {
            /** Format: int64 */
            read_seq: number;
            /** Format: int64 */
            unread: number;
        };
        Receipt: {
            account: components["schemas"]["AccountId"];
            conversation: components["schemas"]["ConversationId"];
            /** Format: int64 */
            seq: number;
        };
        /** @description Exchange a refresh token. Each is good for one use; a second use ends the session. */
        Refresh: {
            refresh_token: string;
        };
        /**
         * @description Who may make an account.
         * @enum {string}
         */
        Registration: "open" | "invite" | "closed";
        RequestNotice: {
            conversation: components["schemas"]["ConversationId"];
            /** @description `state` tells: `pending` came, anything else is decided. */
            membership: components["schemas"]["Membership"];
            /**
             * Format: int64
             * @description How many wait now.
             */
            pending_count: number;
        };
        /** @description Where the client's local copy stands. */
        Resume: {
            /** @description Conversation → the last `rev` applied. */
            cursors?: {
                [key: string]: number;
            };
            /** @description The `epoch` of the welcome that the copy began with. */
            epoch: string;
        };
        Send: {
            body: string;
            cid: string;
            conversation: components["schemas"]["ConversationId"];
            reply_to?: components["schemas"]["MessageId"] | null;
        };
        /** @description Post a message. */
        SendMessage: {
            body: string;
            /** @description 1 to 64 printable ASCII characters; a UUID, version 7, is a good choice. */
            cid: string;
            reply_to?: components["schemas"]["MessageId"] | null;
        };
        /** @description A message that was posted; `dup` when this cid had been stored before. */
        SentMessage: components["schemas"]["Message"] & {
            dup: boolean;
        };
        /** @description What the server says. Clients ignore unknown ops and fields. */
        ServerFrame: (components["schemas"]["Welcome"] & {
            /** @enum {string} */
            op: "welcome";
        }) | (components["schemas"]["ChangesFrame"] & {
            /** @enum {string} */
            op: "changes";
        }) | (components["schemas"]["Ack"] & {
            /** @enum {string} */
            op: "ack";
        }) | (components["schemas"]["Nack"] & {
            /** @enum {string} */
            op: "nack";
        }) | (components["schemas"]["EventFrame"] & {
            /** @enum {string} */
            op: "event";
        }) | (components["schemas"]["Receipt"] & {
            /** @enum {string} */
            op: "receipt";
        }) | (components["schemas"]["TypingNotice"] & {
            /** @enum {string} */
            op: "typing";
        }) | (components["schemas"]["Presence"] & {
            /** @enum {string} */
            op: "presence";
        }) | (components["schemas"]["AccountNotice"] & {
            /** @enum {string} */
            op: "account";
        }) | (components["schemas"]["MembershipNotice"] & {
            /** @enum {string} */
            op: "membership";
        }) | (components["schemas"]["PreferencesNotice"] & {
            /** @enum {string} */
            op: "preferences";
        }) | (components["schemas"]["RequestNotice"] & {
            /** @enum {string} */
            op: "request";
        }) | {
            /** @enum {string} */
            op: "pong";
        } | (components["schemas"]["Lag"] & {
            /** @enum {string} */
            op: "lag";
        }) | (components["schemas"]["Goaway"] & {
            /** @enum {string} */
            op: "goaway";
        });
        /** @description What anyone may know about the installation. */
        ServerInfo: {
            /** @description The longest message, in characters. */
            message_chars_max: number;
            name: string;
            /** @description The shortest password, in characters. */
            password_chars_min: number;
            registration: components["schemas"]["Registration"];
            /** @description Services by whose accounts one can sign in, besides by password. New ones may be added. */
            sign_in_with: components["schemas"]["Provider"][];
            version: string;
        };
        /** @description A session as its owner sees it in the list of sessions. The token itself is never shown again. */
        Session: {
            created_at: components["schemas"]["Timestamp"];
            /** @description The session that asks. */
            current: boolean;
            expires_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["SessionId"];
            ip?: string | null;
            /** @description Exact to five minutes. */
            last_seen_at: components["schemas"]["Timestamp"];
            user_agent?: string | null;
        };
        /**
         * Format: int64
         * @description One sign-in of an account.
         */
        SessionId: number;
        /** @description My sessions. */
        SessionList: {
            /** @description The newest first. */
            sessions: components["schemas"]["Session"][];
        };
        /** @description Make the administrator's account with the code of the one-time link. */
        SetUp: components["schemas"]["SignUp"] & {
            code: string;
        };
        /** @description Signed in. */
        SignedIn: {
            account: components["schemas"]["Me"];
            /** @description When the token stops working. */
            expires_at: components["schemas"]["Timestamp"];
            refresh_token?: string | null;
            /** @description For `Authorization: Bearer`. */
            token: string;
        };
        /** @description Sign in. */
        SignIn: {
            /** @description Username or e-mail address. */
            login: string;
            password: string;
            token_kind?: components["schemas"]["TokenKind"];
        };
        /** @description Sign up. */
        SignUp: {
            display_name?: string | null;
            email?: string | null;
            /** @description The code of an invite, where registration asks for one. */
            invite?: string | null;
            password: string;
            username: string;
        };
        /**
         * Format: date-time
         * @description A moment in milliseconds since 1970-01-01T00:00:00Z, written like `2026-11-21T10:00:00.123Z`.
         *
         *     Shown to people, used for expiry; never used to order messages.
         * @example 2026-11-21T10:00:00.123Z
         */
        Timestamp: string;
        /**
         * @description How the token of a new session should look.
         * @enum {string}
         */
        TokenKind: "opaque" | "jwt";
        Typing: {
            conversation: components["schemas"]["ConversationId"];
        };
        TypingNotice: {
            account: components["schemas"]["AccountId"];
            conversation: components["schemas"]["ConversationId"];
        };
        /** @description An administrator's change to an account. What is absent stays as it is. */
        UpdateAccount: {
            deactivated?: boolean | null;
            role?: components["schemas"]["AccountRole"] | null;
        };
        /** @description A change to a room. What is absent stays as it is. */
        UpdateConversation: {
            archived?: boolean | null;
            description?: string | null;
            name?: string | null;
        };
        /** @description A change to one's own account. What is absent stays as it is. */
        UpdateMe: {
            current_password?: string | null;
            display_name?: string | null;
            /** @description An empty string removes the address. Needs `current_password`. */
            email?: string | null;
        };
        /** @description Change a member's role. `owner` hands the room over. */
        UpdateMembership: {
            role: components["schemas"]["MembershipRole"];
        };
        /** @description A change to what I set for a conversation. What is absent stays as it is. */
        UpdatePreferences: {
            favourite?: boolean | null;
            muted_until?: components["schemas"]["Timestamp"] | null;
            notify?: components["schemas"]["Notify"] | null;
            unread_from?: number | null;
        };
        /** @description An administrator's change to the installation. What is absent stays as it is. */
        UpdateServer: {
            registration?: components["schemas"]["Registration"] | null;
        };
        Welcome: {
            account: components["schemas"]["Me"];
            /** @description Sorted by id. */
            conversations: components["schemas"]["ConversationSummary"][];
            /** @description The identity of this database's history. Another one than before: throw the local copy away. */
            epoch: string;
            /** @description I am in more than these: the list of conversations has the rest. */
            has_more: boolean;
            /** @description Who is connected now, among those whose presence I am told. */
            online: components["schemas"]["AccountId"][];
            /** Format: int64 */
            ping_interval_ms: number;
            /** @description Rooms that I asked to join. */
            requests: components["schemas"]["JoinRequest"][];
            session: components["schemas"]["SessionId"];
            /** @description The server's version. */
            version: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
