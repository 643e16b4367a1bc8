package dev.portage.localworkspace.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.faults.Damage;
import dev.portage.localworkspace.faults.Effect;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Shape;
import dev.portage.localworkspace.rights.Caller;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One authenticated call on its way through a handler. */
public final class ApiCall {
  /** Databricks' limit for the body of a Jobs request; no JSON call here needs more. */
  private static final int LARGEST_JSON = 10 * 1024 * 1024;

  private final Context context;
  private final Caller caller;
  private final boolean answerIsLost;
  private final List<Effect> damage;
  private final IntConsumer record;

  ApiCall(
      Context context,
      Caller caller,
      boolean answerIsLost,
      List<Effect> damage,
      IntConsumer record) {
    this.context = context;
    this.caller = caller;
    this.answerIsLost = answerIsLost;
    this.damage = damage;
    this.record = record;
  }

  /** Who calls. */
  public Caller caller() {
    return caller;
  }

  /** The exchange itself, for handlers that stream. */
  public Context exchange() {
    return context;
  }

  /**
   * Whether the connection is to break once the call is handled: then nothing need be streamed
   * back.
   */
  public boolean answerIsLost() {
    return answerIsLost;
  }

  /** The way for a file that is answered, and what faults do to it. */
  public OutputStream output() throws IOException {
    return Damage.on((OutputStream) context.res().getOutputStream(), damage);
  }

  /** The body as it came, and what faults do to it. */
  public InputStream input() {
    return Damage.on(context.bodyInputStream(), damage);
  }

  /**
   * Announces which status is about to be streamed, so that the call is recorded before the caller
   * sees the response.
   */
  public void answering(int status) {
    record.accept(status);
  }

  /**
   * The JSON body.
   *
   * @throws ApiRefusal when it does not have the shape
   */
  public JsonNode body(Shape shape) {
    JsonNode body = Json.read(bytes());
    if (body.isMissingNode()) {
      body = Json.object();
    }
    shape.check(body, "");
    return body;
  }

  private byte[] bytes() {
    try (InputStream in = context.bodyInputStream()) {
      byte[] bytes = in.readNBytes(LARGEST_JSON + 1);
      if (bytes.length > LARGEST_JSON) {
        throw ApiRefusal.malformed("The request body is larger than " + LARGEST_JSON + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw ApiRefusal.malformed("The request body ended too early");
    }
  }

  /**
   * Refuses query parameters that the call does not have.
   *
   * @throws ApiRefusal naming the first one
   */
  public void onlyQuery(String... allowed) {
    Set<String> names = Set.of(allowed);
    for (String name : context.queryParamMap().keySet()) {
      if (!names.contains(name)) {
        throw ApiRefusal.invalidParameter(
            "Unknown query parameter '" + name + "'; allowed are " + String.join(", ", allowed));
      }
    }
  }

  /** A query parameter, or null. */
  public @Nullable String query(String name) {
    return context.queryParam(name);
  }

  /** A query parameter that is true or false; false where it is absent. */
  public boolean queryFlag(String name) {
    String text = query(name);
    return switch (text == null ? "false" : text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw ApiRefusal.invalidParameter(
              "'" + name + "' must be true or false, not '" + text + "'");
    };
  }

  /** A whole-number query parameter within bounds, or {@code otherwise} where it is absent. */
  public long queryNumber(String name, long otherwise, long min, long max) {
    String text = query(name);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, with the bounds.
    }
    throw ApiRefusal.invalidParameter(
        "'"
            + name
            + "' must be a whole number between "
            + min
            + " and "
            + max
            + ", not '"
            + text
            + "'");
  }

  /** An id in the query that must be there. */
  public long queryId(String name) {
    if (query(name) == null) {
      throw ApiRefusal.invalidParameter("Missing required field: " + name);
    }
    return queryNumber(name, 0, 1, Long.MAX_VALUE);
  }

  /** Answers 200 with JSON. */
  public void answer(JsonNode body) {
    context.status(200).contentType("application/json").result(Json.bytes(body));
  }
}
