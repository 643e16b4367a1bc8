package dev.portage.login;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Credential;
import dev.portage.http.GivenOut;
import dev.portage.secrets.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A credential that is sent as it is stored: a token, or a user with a password. */
final class StoredLogin implements Credential {
  private final LoginSettings.Stored settings;
  private final Secrets secrets;
  private final GivenOut givenOut = new GivenOut();

  StoredLogin(LoginSettings.Stored settings, Secrets secrets) {
    this.settings = settings;
    this.secrets = secrets;
  }

  @Override
  public String text() {
    return settings.text();
  }

  @Override
  public String authorization() {
    return givenOut.note(header());
  }

  private String header() {
    return switch (settings) {
      case LoginSettings.Token(var token) -> "Bearer " + secrets.read(token).reveal();
      case LoginSettings.Password(var user, var password) -> {
        String secret = secrets.readLine(password).reveal();
        String name = secrets.readLine(user).reveal();
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
        yield "Basic " + Base64.getEncoder().encodeToString(pair);
      }
    };
  }

  @Override
  public Optional<String> insteadOf(String refused) {
    secrets.forgetKept();
    String now = authorization();
    return now.equals(refused) ? Optional.empty() : Optional.of(now);
  }

  @Override
  public String hideIn(String given) {
    return givenOut.hideIn(given);
  }

  @Override
  public String lastingSecret() {
    return switch (settings) {
      case LoginSettings.Token(var token) -> secrets.read(token).reveal();
      case LoginSettings.Password(_, var password) -> secrets.readLine(password).reveal();
    };
  }

  @Override
  public void read() {
    authorization();
  }

  @Override
  public @Nullable String remedy() {
    return settings instanceof LoginSettings.Password
        ? "The login was refused: put a user and password that the server knows at " + text() + "."
        : null;
  }

  @Override
  public String toString() {
    return settings.text();
  }
}
