package dev.portage.login;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What only this process knows. It stands in for the secret of logins that hold none: what was
 * sealed with it can't be opened after a restart, and is begun anew.
 */
final class ProcessKey {
  private static final int BYTES = 32;
  private static final String VALUE = random();

  private ProcessKey() {}

  static String value() {
    return VALUE;
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
