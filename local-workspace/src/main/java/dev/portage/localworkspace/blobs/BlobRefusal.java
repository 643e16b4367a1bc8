package dev.portage.localworkspace.blobs;

import org.jspecify.annotations.Nullable;

/** An error of a blob store, whose errors differ from the API's. */
final class BlobRefusal extends RuntimeException {
  private final int status;
  private final String code;
  private final String text;
  private final @Nullable String detail;

  BlobRefusal(int status, String code, String text) {
    this(status, code, text, null);
  }

  BlobRefusal(int status, String code, String text, @Nullable String detail) {
    super(code + ": " + text, null, false, false);
    this.status = status;
    this.code = code;
    this.text = text;
    this.detail = detail;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String text() {
    return text;
  }

  /** Azure's {@code AuthenticationErrorDetail}. */
  @Nullable String detail() {
    return detail;
  }
}
