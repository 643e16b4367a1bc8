package dev.portage.localworkspace.sql;

/**
 * A statement that ends FAILED: the message begins with the error class, as in <code>
 * [TABLE_OR_VIEW_NOT_FOUND] …</code>.
 */
final class SqlFailure extends Exception {
  private final String sqlState;

  SqlFailure(String errorClass, String message, String sqlState) {
    super("[" + errorClass + "] " + message + " SQLSTATE: " + sqlState);
    this.sqlState = sqlState;
  }

  String sqlState() {
    return sqlState;
  }

  /** The message, which is never null. */
  String text() {
    return String.valueOf(getMessage());
  }
}
