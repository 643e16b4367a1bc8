package dev.portage.platform;

import dev.portage.secrets.SecretReference;
import org.jspecify.annotations.Nullable;

/**
 * Where a login is stored: a token, or a password with its user.
 *
 * @param secret where the token or the password is kept
 * @param user where the user's name is kept, null for a token
 */
public record LoginReference(SecretReference secret, @Nullable SecretReference user) {

  /** A token. */
  public static LoginReference token(SecretReference secret) {
    return new LoginReference(secret, null);
  }

  /** As the platform file has it, for messages. */
  public String text() {
    return user == null ? secret.text() : user.text() + " and " + secret.text();
  }
}
