// The keys of all words: the file that a word stands in, a point, and its key there. Types only: no file of words lands
// in the program.
import type actions from "./en/actions.json";
import type administration from "./en/administration.json";
import type app from "./en/app.json";
import type composer from "./en/composer.json";
import type conversation from "./en/conversation.json";
import type emoji from "./en/emoji.json";
import type errors from "./en/errors.json";
import type finder from "./en/finder.json";
import type inbox from "./en/inbox.json";
import type invites from "./en/invites.json";
import type join from "./en/join.json";
import type lib from "./en/lib.json";
import type members from "./en/members.json";
import type newRoom from "./en/new-room.json";
import type notifications from "./en/notifications.json";
import type profile from "./en/profile.json";
import type requests from "./en/requests.json";
import type settings from "./en/settings.json";
import type shortcuts from "./en/shortcuts.json";
import type sidebar from "./en/sidebar.json";
import type signIn from "./en/sign-in.json";
import type told from "./en/told.json";
import type ui from "./en/ui.json";
import type welcome from "./en/welcome.json";

interface Files {
  actions: typeof actions;
  administration: typeof administration;
  app: typeof app;
  composer: typeof composer;
  conversation: typeof conversation;
  emoji: typeof emoji;
  errors: typeof errors;
  finder: typeof finder;
  inbox: typeof inbox;
  invites: typeof invites;
  join: typeof join;
  lib: typeof lib;
  members: typeof members;
  "new-room": typeof newRoom;
  notifications: typeof notifications;
  profile: typeof profile;
  requests: typeof requests;
  settings: typeof settings;
  shortcuts: typeof shortcuts;
  sidebar: typeof sidebar;
  "sign-in": typeof signIn;
  told: typeof told;
  ui: typeof ui;
  welcome: typeof welcome;
}

type In<File extends keyof Files> = `${File}.${keyof Files[File] & string}`;

export type Key = { [File in keyof Files]: In<File> }[keyof Files];
