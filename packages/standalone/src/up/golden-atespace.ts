/** Reserved for the actors from which the control plane takes golden snapshots; they are not people's. */
export const goldenAtespace = "ate-golden";
