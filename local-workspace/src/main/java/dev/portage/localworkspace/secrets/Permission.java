package dev.portage.localworkspace.secrets;

/** What a user or group may do with a scope; each includes the ones before it. */
enum Permission {
  /** Read values, and list the names. */
  READ,
  /** Write and delete secrets. */
  WRITE,
  /** Change permissions, and delete the scope. */
  MANAGE
}
