package dev.portage.localworkspace.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * An error in Databricks' form: an HTTP status and a body of {@code error_code} and {@code
 * message}.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/introduction">REST API reference,
 *     errors</a>
 */
public final class ApiRefusal extends RuntimeException {
  private final int status;
  private final String code;
  private final String text;

  private ApiRefusal(int status, String code, String text) {
    super(code + ": " + text, null, false, false);
    this.status = status;
    this.code = code;
    this.text = text;
  }

  /** A field has a value that is not allowed, or names something that does not exist: 400. */
  public static ApiRefusal invalidParameter(String text) {
    return new ApiRefusal(400, "INVALID_PARAMETER_VALUE", text);
  }

  /** The body can't be read as the request it should be: 400. */
  public static ApiRefusal malformed(String text) {
    return new ApiRefusal(400, "MALFORMED_REQUEST", text);
  }

  /** A refusal that the workspace makes up because a fault was ordered, or because it failed. */
  public static ApiRefusal of(int status, String code, String text) {
    return new ApiRefusal(status, code, text);
  }

  /** No login: 401. */
  public static ApiRefusal unauthenticated(String text) {
    return new ApiRefusal(401, "UNAUTHENTICATED", text);
  }

  /**
   * An unknown login. Databricks responds with 403, as if a right were missing, and repeats the
   * status as a number for its code (databricks-sdk-go#873, #917).
   */
  public static ApiRefusal unknownToken(String text) {
    return new ApiRefusal(403, "403", text);
  }

  /** A known caller without the right: 403. */
  public static ApiRefusal permissionDenied(String text) {
    return new ApiRefusal(403, "PERMISSION_DENIED", text);
  }

  /**
   * The path names nothing, for the APIs that say so by 404 (files, SQL statements, instance
   * pools).
   */
  public static ApiRefusal notFound(String code, String text) {
    return new ApiRefusal(404, code, text);
  }

  /**
   * The job is not there. Databricks' own test server says so by 404 and a message alone, as the
   * Jobs API was measured to.
   */
  public static ApiRefusal gone(String text) {
    return new ApiRefusal(404, "", text);
  }

  /** The object already exists: 409. */
  public static ApiRefusal alreadyExists(String text) {
    return new ApiRefusal(409, "ALREADY_EXISTS", text);
  }

  /**
   * The registered model already exists. The status is assumed; MLflow's client only looks at the
   * code.
   */
  public static ApiRefusal resourceAlreadyExists(String text) {
    return new ApiRefusal(409, "RESOURCE_ALREADY_EXISTS", text);
  }

  /** The requested part of a file does not exist: 416. */
  public static ApiRefusal rangeNotSatisfiable(String text) {
    return new ApiRefusal(416, "INVALID_PARAMETER_VALUE", text);
  }

  /** Something behind this workspace does not answer: 503. */
  public static ApiRefusal unavailable(String text) {
    return new ApiRefusal(503, "TEMPORARILY_UNAVAILABLE", text);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The {@code error_code}, empty for a refusal that has none. */
  public String code() {
    return code;
  }

  /** The body of the answer. */
  public byte[] body() {
    ObjectNode body = Json.object();
    if (code.equals(Integer.toString(status))) {
      body.put("error_code", status);
    } else if (!code.isEmpty()) {
      body.put("error_code", code);
    }
    return Json.bytes(body.put("message", text));
  }

  /** The {@code message}. */
  public String text() {
    return text;
  }

  @Override
  public @Nullable String getMessage() {
    return code + ": " + text;
  }
}
