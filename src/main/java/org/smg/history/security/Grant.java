package org.smg.history.security;

/** How far a role reaches through an endpoint. */
public enum Grant {
  /** Not at all. */
  NONE,
  /** As far as {@code history-access} says: the whole tenant, or what the user made. */
  ACCESS,
  /** The whole tenant, if the request says why. */
  REVIEW,
  /** The whole tenant. */
  TENANT,
  /** All of it, because it holds nothing of any tenant. */
  OPEN
}
