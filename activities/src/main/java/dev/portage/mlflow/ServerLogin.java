package dev.portage.mlflow;

import dev.portage.http.ErrorTable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How to log in to a server.
 *
 * @param authorization value of the header, requested for each call so that a renewed login is
 *     used; null for a server without a login
 * @param secret what only who has the login knows, null without one
 * @param errors what the server's errors mean; for a refused login they say where it is stored
 */
public record ServerLogin(
    Supplier<@Nullable String> authorization,
    Supplier<@Nullable String> secret,
    ErrorTable errors) {

  /** A token, of which is not known where it is kept. */
  static ServerLogin ofToken(Supplier<@Nullable String> token) {
    return new ServerLogin(
        () -> {
          String value = token.get();
          return value == null ? null : "Bearer " + value;
        },
        token,
        MlflowErrors.TABLE);
  }

  /**
   * A login that is kept somewhere.
   *
   * @param renew what to do when it is refused, as a sentence
   */
  public static ServerLogin of(
      Supplier<@Nullable String> authorization, Supplier<@Nullable String> secret, String renew) {
    return new ServerLogin(authorization, secret, MlflowErrors.table(renew));
  }
}
