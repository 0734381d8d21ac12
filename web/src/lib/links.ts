// The addresses of messages: their conversation and their number in it, which stays.

const SEQ = /^[1-9]\d{0,14}$/;

export function linkTo(conversation: number, seq: number): string {
  return `/c/${conversation}/${seq}`;
}

/** The number at the end of such an address; `null` for another word there. */
export function seqOf(text: string | undefined): number | null {
  return text !== undefined && SEQ.test(text) ? Number(text) : null;
}
