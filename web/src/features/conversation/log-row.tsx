// One row of the log, of whatever kind.
import type { Message } from "../../api/types.ts";
import { t } from "../../i18n/words.ts";
import { clockTime, dayName } from "../../lib/time.ts";
import type { Sync } from "../../sync/sync.ts";
import { MessageRow, type RowContext } from "./message-row.tsx";
import { OutgoingRow } from "./outgoing-row.tsx";
import type { ReadBy } from "./read-by.ts";
import type { Row } from "./rows.ts";

export interface LogRowProps {
  row: Row;
  sync: Sync;
  isLive: boolean;
  isStop: boolean;
  isActive: boolean;
  isLit: boolean;
  readBy: ReadBy | null;
  replied: Message | undefined;
  context: RowContext;
}

export function LogRow({ row, sync, isLive, ...rest }: LogRowProps) {
  switch (row.kind) {
    case "day":
      return (
        <h2 data-key={row.key} className="day">
          {dayName(row.at, Date.now())}
        </h2>
      );
    case "new":
      return (
        <div data-key="new" className="day new">
          {row.since ? t("conversation.new-since", { time: clockTime(row.since) }) : t("conversation.new")}
        </div>
      );
    case "outgoing": {
      const { entry, isFirst } = row;
      return (
        <OutgoingRow
          entry={entry}
          isFirst={isFirst}
          isLive={isLive}
          context={rest.context}
          onRetry={sync.retry}
          onDiscard={sync.discard}
        />
      );
    }
    case "message": {
      const { key, message, isFirst, isLast, isMine } = row;
      return (
        <MessageRow
          rowKey={key}
          message={message}
          isFirst={isFirst}
          isLast={isLast}
          isMine={isMine}
          {...rest}
        />
      );
    }
  }
}
