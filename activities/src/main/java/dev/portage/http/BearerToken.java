package dev.portage.http;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A credential of a token that its holder replaces when need be. */
public final class BearerToken implements Credential {
  private final String text;
  private final Supplier<String> token;
  private final GivenOut givenOut = new GivenOut();

  /**
   * A token.
   *
   * @param text where it is kept, for messages
   * @param token requested at each use
   */
  public BearerToken(String text, Supplier<String> token) {
    this.text = text;
    this.token = token;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public String authorization() {
    return givenOut.note("Bearer " + token.get());
  }

  @Override
  public Optional<String> insteadOf(String refused) {
    String now = authorization();
    return now.equals(refused) ? Optional.empty() : Optional.of(now);
  }

  @Override
  public String hideIn(String given) {
    return givenOut.hideIn(given);
  }

  @Override
  public String lastingSecret() {
    return token.get();
  }

  @Override
  public void read() {
    authorization();
  }

  @Override
  public @Nullable String remedy() {
    return null;
  }
}
