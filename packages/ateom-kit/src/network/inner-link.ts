// The link between a worker and its actor is the same everywhere, down to the hardware addresses, so
// that what a restored memory remembers of it is true on every node.

/** The actor's address; the actor's side is called `eth0`. */
export const actorAddress = "169.254.17.2";
/** The worker's side of the link: the actor's default route and name server. */
export const actorGateway = "169.254.17.1";
/** Of the network that the two addresses share. */
export const innerPrefixLength = 30;
/** Name of the worker's side of the link. */
export const workerSideLink = "ateom0";
/** Of the actor's `eth0`; locally administered. */
export const actorHardwareAddress = "02:00:a9:fe:11:02";
/** Of the worker's side. */
export const gatewayHardwareAddress = "02:00:a9:fe:11:01";
/** The contract's name for the worker's way out. */
export const workerLink = "eth0";
