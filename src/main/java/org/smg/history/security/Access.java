package org.smg.history.security;

/** What users may see and change, by the option {@code history-access}. */
enum Access {
  /** Whatever belongs to their tenant. */
  TENANT,
  /** What they made themselves. */
  OWN
}
