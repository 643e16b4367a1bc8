package dev.portage.localworkspace.blobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The errors of one kind of store. */
enum Dialect {
  /** Azure blob storage: XML. */
  AZURE_BLOB("ServerBusy", "ServerBusy", "AuthorizationFailure"),
  /** Azure Data Lake Storage: JSON. */
  AZURE_LAKE("ServerBusy", "ServerBusy", "AuthorizationFailure"),
  /** Amazon S3: XML. */
  AMAZON("SlowDown", "SlowDown", "AccessDenied"),
  /** Google Cloud Storage: XML. */
  GOOGLE("ServiceUnavailable", "TooManyRequests", "AccessDenied");

  private final String busy;
  private final String tooMany;
  private final String forbidden;

  Dialect(String busy, String tooMany, String forbidden) {
    this.busy = busy;
    this.tooMany = tooMany;
    this.forbidden = forbidden;
  }

  BlobRefusal busy() {
    return new BlobRefusal(503, busy, "The server is busy.");
  }

  BlobRefusal tooMany() {
    return new BlobRefusal(429, tooMany, "Too many requests.");
  }

  BlobRefusal forbidden() {
    return new BlobRefusal(
        403, forbidden, "This request is not authorized to perform this operation.");
  }

  /**
   * How a store responds to a login sent with a signature. S3 documents this; we assume that Azure
   * and Google refuse someone else's bearer token even with a good signature.
   */
  BlobRefusal twoLogins() {
    return switch (this) {
      case AZURE_BLOB, AZURE_LAKE ->
          new BlobRefusal(
              400,
              "InvalidAuthenticationInfo",
              "Authentication information is not given in the correct format. Check the value of"
                  + " Authorization header.");
      case AMAZON, GOOGLE ->
          new BlobRefusal(
              400,
              "InvalidArgument",
              "Only one auth mechanism allowed; only the query parameters or the Authorization"
                  + " header should be specified.");
    };
  }

  /** There is no such file. */
  BlobRefusal missing() {
    return switch (this) {
      case AZURE_BLOB -> new BlobRefusal(404, "BlobNotFound", "The specified blob does not exist.");
      case AZURE_LAKE -> new BlobRefusal(404, "PathNotFound", "The specified path does not exist.");
      case AMAZON, GOOGLE -> new BlobRefusal(404, "NoSuchKey", "The specified key does not exist.");
    };
  }

  /** The requested part of a file does not exist. */
  BlobRefusal noSuchRange(long size) {
    String text = "The range specified is invalid for the current size of the resource: " + size;
    return new BlobRefusal(416, "InvalidRange", text);
  }

  /** The body needs a length. */
  static BlobRefusal lengthNeeded() {
    return new BlobRefusal(411, "MissingContentLengthHeader", "Content-Length was not specified.");
  }

  String contentType() {
    return this == AZURE_LAKE ? "application/json;charset=utf-8" : "application/xml";
  }

  byte[] body(BlobRefusal refusal) {
    if (this == AZURE_LAKE) {
      ObjectNode error = Json.object();
      ObjectNode inner =
          error.putObject("error").put("code", refusal.code()).put("message", refusal.text());
      if (refusal.detail() != null) {
        inner.putObject("detail").put("AuthenticationErrorDetail", refusal.detail());
      }
      return Json.bytes(error);
    }
    @Nullable String detail = refusal.detail();
    String xml =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>"
            + Xml.text(refusal.code())
            + "</Code><Message>"
            + Xml.text(refusal.text())
            + "</Message>"
            + (detail == null
                ? ""
                : "<AuthenticationErrorDetail>" + Xml.text(detail) + "</AuthenticationErrorDetail>")
            + "</Error>";
    return xml.getBytes(StandardCharsets.UTF_8);
  }
}
