/** A repeated id is answered with the recorded result, and nothing is done twice. 1..128 characters of `[A-Za-z0-9._-]`. */
export const operationIdHeader = "ate-operation-id";
/** The assignment's generation, a positive decimal integer; an older one is refused. */
export const generationHeader = "ate-generation";
/** The actor's atespace, in plain form. */
export const atespaceHeader = "ate-atespace";
/** The template's plain name. */
export const templateHeader = "ate-template";
/** Trailer of every unary reply: microseconds spent in the server. */
export const elapsedTrailer = "x-server-elapsed-us";
/** Trailer of lifecycle calls: where their time went; see `formatPhases`. */
export const phasesTrailer = "ate-phases";
