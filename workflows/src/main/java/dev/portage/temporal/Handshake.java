package dev.portage.temporal;

import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A TLS connection that one side refused: which certificates are used is a setting. */
public final class Handshake {

  private Handshake() {}

  /** Whether a call failed since no TLS connection came about. */
  public static boolean failed(Throwable e) {
    return reason(e) != null;
  }

  /**
   * What to do about it. A library's own message stays out of it.
   *
   * @param address the server that was called
   */
  public static String describe(String address, Throwable e) {
    Throwable reason = reason(e);
    boolean noTls = reason != null && reason.getClass().getSimpleName().contains("NotSslRecord");
    return "TLS with Temporal at "
        + address
        + " failed"
        + (noTls
            ? ": the server doesn't use TLS; unset TEMPORAL_TLS_* and TEMPORAL_API_KEY, or use the address of a server that does"
            : reason == null
                ? ""
                : " ("
                    + reason.getClass().getSimpleName()
                    + "); check both sides' certificates: TEMPORAL_TLS_SERVER_CA_CERT_PATH, TEMPORAL_TLS_SERVER_NAME,"
                    + " TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH");
  }

  private static @Nullable Throwable reason(Throwable e) {
    Throwable deepest = null;
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
        deepest = cause;
      }
    }
    return deepest;
  }
}
