// What travels over the socket, in both directions, from the types that are made of the server's own document.
import type { components } from "./schema.gen.ts";
import type { Answer } from "./types.ts";

type Schemas = components["schemas"];

export type ServerFrame = Answer<Schemas["ServerFrame"]>;
export type Resume = Schemas["Resume"];

export type ClientFrame = Schemas["ClientFrame"];

export type Welcome = ServerFrame & { op: "welcome" };
export type ChangesFrame = ServerFrame & { op: "changes" };
export type Ack = ServerFrame & { op: "ack" };
export type Nack = ServerFrame & { op: "nack" };
export type EventFrame = ServerFrame & { op: "event" };
export type EventBody = Answer<Schemas["Event"]>;
