package dev.portage.login;

/** Whoever issues tokens. Reads its own secrets anew at each call. */
interface TokenSource {

  /**
   * A new token.
   *
   * @throws io.temporal.failure.ApplicationFailure the user's when the login is refused or a secret
   *     is missing, the platform's when there is no answer
   */
  AccessToken issue();

  /** What only its holder knows and what outlasts the tokens. */
  String lastingSecret();

  /** Reads its secrets, and calls nobody. */
  void read();

  /** What to do when a server refuses its tokens, as a sentence. */
  String remedy();
}
