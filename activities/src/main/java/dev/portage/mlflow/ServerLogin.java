package dev.portage.mlflow;

import dev.portage.http.BearerToken;
import dev.portage.http.Credential;
import dev.portage.http.ErrorTable;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How to log in to a server.
 *
 * @param credential signs each call; null for a server without a login
 * @param errors what the server's errors mean; for a refused login they say where it is stored
 */
public record ServerLogin(Supplier<@Nullable Credential> credential, ErrorTable errors) {

  /** A token, of which is not known where it is kept; null for a server without a login. */
  static ServerLogin ofToken(Supplier<@Nullable String> token) {
    Credential given =
        new BearerToken("the token", () -> Objects.requireNonNull(token.get(), "was just there"));
    return new ServerLogin(() -> token.get() == null ? null : given, MlflowErrors.TABLE);
  }

  /**
   * A login that is kept somewhere.
   *
   * @param credential null for a server without a login
   * @param renew what to do when it is refused, as a sentence
   */
  public static ServerLogin of(@Nullable Credential credential, String renew) {
    return new ServerLogin(() -> credential, MlflowErrors.table(renew));
  }
}
