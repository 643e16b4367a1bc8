package dev.portage.platform;

import dev.portage.secrets.Secret;
import dev.portage.secrets.SecretReference;
import java.util.function.Supplier;

/**
 * A login of a workspace.
 *
 * @param reference where it is kept, for messages
 * @param secret reads it anew at each use; a lack is a user error
 */
public record Login(SecretReference reference, Supplier<Secret> secret) {

  /** Reads it now. */
  public Secret read() {
    return secret.get();
  }
}
