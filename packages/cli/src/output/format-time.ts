/** UTC to the second. */
export function formatTime(time: { readonly seconds: bigint } | undefined): string {
  return time ? new Date(Number(time.seconds) * 1000).toISOString().replace(".000Z", "Z") : "";
}
