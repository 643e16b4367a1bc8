package dev.portage.platform;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.secrets.Secret;
import dev.portage.secrets.SecretReference;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A login for a workspace: a token, or a user with a password.
 *
 * @param reference where it is kept, for messages
 * @param reads reads a secret at each use; a missing one is a user error
 */
public record Login(LoginReference reference, Function<SecretReference, Secret> reads) {

  /** The token, or the password; read at each use. */
  public Supplier<Secret> secret() {
    return () -> reads.apply(reference.secret());
  }

  /** Reads all of it now. */
  public Secret read() {
    authorization();
    return secret().get();
  }

  /**
   * The value of the HTTP header, read at each use.
   *
   * @throws io.temporal.failure.ApplicationFailure the user's, when it can't be read, or the user's
   *     name can't be sent
   */
  public String authorization() {
    SecretReference user = reference.user();
    String secret = secret().get().reveal();
    if (user == null) {
      return "Bearer " + secret;
    }
    String name = reads.apply(user).reveal();
    if (name.indexOf(':') >= 0) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "log in as the user at " + user.text(),
              "this worker",
              "the user name contains a colon, which HTTP basic authentication doesn't allow",
              "Use a user name without a colon."));
    }
    byte[] pair = (name + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
