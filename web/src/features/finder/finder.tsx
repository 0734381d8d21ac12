// "Find or go to": one box for the conversations one is in and for everybody one could talk to.
import { Hash, type LucideIcon, Plus, UsersRound } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { type Action, explain, run } from "../../actions/action.ts";
import { HOUSE_ACTIONS } from "../../actions/house-actions.ts";
import { LINE_ACTIONS } from "../../actions/room-actions.ts";
import { startDirect } from "../../actions/start-direct.ts";
import { api } from "../../api/calls.ts";
import type { Author } from "../../api/types.ts";
import { useCopy, useMe } from "../../app/copy.ts";
import { useHouse } from "../../app/house.ts";
import { useSync } from "../../app/session.tsx";
import { useTitleOf } from "../../app/title.ts";
import { afterPause } from "../../lib/after-pause.ts";
import { capsOf, spokenKeys } from "../../lib/keys.ts";
import { hueOf, initials } from "../../lib/names.ts";
import type { Conversation } from "../../sync/state.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { notify } from "../../ui/toasts.tsx";
import "./finder.css";
import { type Key, t } from "../../i18n/words.ts";
import { isCommand, type Named, ranked } from "./rank.ts";
import "../../ui/field.css";

/** People asked for at once: who is not among them is found by typing more. */
const PEOPLE_MAX = 20;
/** Conversations shown at once. */
const KNOWN_MAX = 12;
/** From so many letters on, what one can do is found too. */
const COMMAND_CHARS_MIN = 2;

type Found =
  | { key: string; kind: "conversation"; title: string; conversation: Conversation }
  | { key: string; kind: "person"; account: Author }
  | ({ key: string; kind: "command"; perform: () => void } & CommandProps);

interface CommandProps {
  label: Key;
  icon: LucideIcon;
  shortcut: string | undefined;
  /** What it is done to, where that is not the whole house. */
  about: Conversation | null;
}

export function Finder({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const { people, isLoading, error } = usePeople(query);
  const found = useFound(query, people, isLoading);
  const go = useGo(onClose);
  const id = useId();
  const current = found[Math.min(at, found.length - 1)];
  const isEmpty = found.length === 0 && !isLoading && error === null;
  const { target } = useHouse();
  const begin = () => {
    onClose();
    target.open("new-room");
  };

  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
    } else if (event.key === "Enter" && current) {
      event.preventDefault();
      void go(current);
    }
  };

  return (
    <Dialog title={t("actions.find")} onClose={onClose} bare>
      <input
        className="input finder-box"
        type="text"
        role="combobox"
        aria-label={t("finder.label")}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={current ? `${id}-${current.key}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={t("finder.placeholder")}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
        data-autofocus
      />
      <div className="finder-list" id={id} role="listbox" aria-label={t("finder.list")}>
        {found.map((item) => (
          <FoundRow
            key={item.key}
            id={`${id}-${item.key}`}
            item={item}
            isCurrent={item === current}
            onPick={() => void go(item)}
          />
        ))}
      </div>
      <p className="finder-note" role="status">
        {error ?? (isLoading ? t("finder.looking") : isEmpty ? t("finder.none") : "")}
      </p>
      {isEmpty && (
        <div className="finder-begin">
          <Button icon={Plus} onClick={begin}>
            {t("finder.make-room")}
          </Button>
        </div>
      )}
    </Dialog>
  );
}

function FoundRow(props: { id: string; item: Found; isCurrent: boolean; onPick: () => void }) {
  const { id, item, isCurrent, onPick } = props;
  const isOnline = useCopy((state) => item.kind === "person" && state.online.has(item.account.id));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the box above handles the keys for the whole list.
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isCurrent}
      className={isCurrent ? "row on" : "row"}
      onClick={onPick}
      ref={(element) => {
        if (isCurrent) element?.scrollIntoView({ block: "nearest" });
      }}
    >
      {item.kind === "command" ? (
        <Command {...item} />
      ) : item.kind === "person" ? (
        <>
          <Avatar
            initials={initials(item.account.display_name)}
            hue={hueOf(item.account.id)}
            dot={isOnline ? "filled" : "hollow"}
          />
          <span className="row-name">
            <bdi>{item.account.display_name}</bdi> <small dir="auto">@{item.account.username}</small>
          </span>
          <span className="row-note">{t(isOnline ? "finder.online" : "finder.offline")}</span>
        </>
      ) : (
        <>
          <span className="sign">
            {item.conversation.summary.kind === "general" ? <UsersRound size={18} /> : <Hash size={18} />}
          </span>
          <span className="row-name">
            <bdi>{item.title}</bdi>
          </span>
          <span className="row-note">
            {t(item.conversation.summary.kind === "general" ? "finder.everyone" : "finder.room")}
          </span>
        </>
      )}
    </div>
  );
}

function Command({ icon: Icon, label, shortcut, about }: CommandProps) {
  const titleOf = useTitleOf();
  return (
    <>
      <span className="sign">
        <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
      </span>
      <span className="row-name">
        {t(label)}{" "}
        {about && (
          <small>
            <bdi>{titleOf(about)}</bdi>
          </small>
        )}
      </span>
      {shortcut && (
        <span className="row-note">
          <span aria-hidden="true">{capsOf(shortcut).join(" ")}</span>
          <span className="hidden-text">, {spokenKeys(shortcut)}</span>
        </span>
      )}
    </>
  );
}

/** What can be done here and to what is open, whose words begin like those that are typed. */
function useCommands(query: string): Found[] {
  const { target, context } = useHouse();
  const about = useCopy((state) => (state.open === null ? undefined : state.conversations[state.open]));
  return useMemo(() => {
    if (query.trim().length < COMMAND_CHARS_MIN) return [];
    const offered = <Target,>(actions: readonly Action<Target>[], on: Target, whose: Conversation | null) =>
      actions
        .filter(({ id, label, when }) => id !== "find" && isCommand(query, t(label)) && when(on, context))
        .map((action): Found => {
          const { label, icon, shortcut } = action;
          const perform = () => void run(action, on, context);
          return { kind: "command", key: `a-${action.id}`, label, icon, shortcut, about: whose, perform };
        });
    const inHouse = offered(HOUSE_ACTIONS, target, null);
    return about
      ? [...inHouse, ...offered(LINE_ACTIONS, { ...target, conversation: about }, about)]
      : inHouse;
  }, [query, target, context, about]);
}

/** The conversations one is in, then the people one could talk to. At the end what one can do, and not before it is known
 * who is called so: whoever types a name means the person. */
function useFound(query: string, people: readonly Author[], isLoading: boolean): Found[] {
  const commands = useCommands(query);
  const conversations = useCopy((state) => state.conversations);
  const recent = useCopy((state) => state.recent);
  const titleOf = useTitleOf();
  return useMemo(() => {
    const all = Object.values(conversations);
    const named = all.map((conversation): Named => {
      const { with: other } = conversation.summary;
      return { conversation, title: titleOf(conversation), ...(other && { also: `@${other.username}` }) };
    });
    // Those that are found anyway need no second line.
    const known = ranked(named, query, recent, Date.now()).slice(0, KNOWN_MAX).map(foundOf);
    const shown = new Set(known.map(({ key }) => key));
    const others = people
      .map((account): Found => ({ kind: "person", key: `p${account.id}`, account }))
      .filter(({ key }) => !shown.has(key));
    return [...known, ...others, ...(isLoading ? [] : commands)];
  }, [query, people, isLoading, commands, conversations, recent, titleOf]);
}

function foundOf({ title, conversation }: Named): Found {
  const { id, with: other } = conversation.summary;
  if (other) return { kind: "person", key: `p${other.id}`, account: { ...other, display_name: title } };
  return { kind: "conversation", key: `c${id}`, title, conversation };
}

function usePeople(query: string) {
  const me = useMe();
  const [state, setState] = useState<{ people: Author[]; isLoading: boolean; error: string | null }>({
    people: [],
    isLoading: true,
    error: null,
  });
  useEffect(() => {
    setState((before) => ({ ...before, isLoading: true }));
    return afterPause(
      () => api.findPeople(query.trim().replace(/^@/u, ""), PEOPLE_MAX),
      (accounts) => {
        const people = accounts
          .filter((account) => account.id !== me.id && !account.deactivated_at)
          .sort((a, b) => a.display_name.localeCompare(b.display_name));
        setState({ people, isLoading: false, error: null });
      },
      (error) => setState({ people: [], isLoading: false, error: explain(error) }),
    );
  }, [query, me.id]);
  return state;
}

/** Goes there; with a person that means to find or to begin the private chat. */
function useGo(onClose: () => void): (item: Found) => Promise<void> {
  const sync = useSync();
  const [, navigate] = useLocation();
  const go = (path: string) => {
    onClose();
    navigate(path);
  };
  return async (item) => {
    if (item.kind === "command") {
      onClose();
      item.perform();
      return;
    }
    if (item.kind === "conversation") return go(`/c/${item.conversation.summary.id}`);
    try {
      await startDirect(item.account.id, { sync, go });
    } catch (error) {
      notify(explain(error), true);
    }
  };
}
