package dev.portage.localworkspace.endpoints;

import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.endpoints.EndpointPermissions.Level;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.serving.Answer;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The calls that ask models. Their path has no {@code /api}.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/servingendpoints/query">Query a serving
 *     endpoint</a>
 */
final class InvocationRoutes {
  private static final String ONE = "/serving-endpoints/{name}";

  /**
   * The most that a request may hold.
   *
   * @see <a
   *     href="https://docs.databricks.com/machine-learning/model-serving/model-serving-limits">Model
   *     Serving limits</a>
   */
  private static final int LARGEST = 16 * 1024 * 1024;

  private final EndpointBook endpoints;
  private final EndpointPermissions permissions;

  InvocationRoutes(EndpointBook endpoints, EndpointPermissions permissions) {
    this.endpoints = endpoints;
    this.permissions = permissions;
  }

  void addTo(ApiRoutes routes) {
    routes.on(HandlerType.POST, ONE + "/invocations", null, call -> ask(call, null));
    routes.on(
        HandlerType.POST,
        ONE + "/served-models/{served}/invocations",
        null,
        call -> ask(call, call.exchange().pathParam("served")));
  }

  private void ask(ApiCall call, @Nullable String served) throws InterruptedException {
    Endpoint endpoint;
    try {
      endpoint = endpoints.get(call.exchange().pathParam("name"));
    } catch (ApiRefusal missing) {
      throw notServed();
    }
    permissions.require(call.caller(), endpoint, Level.CAN_QUERY);
    byte[] body = body(call);
    String type = call.exchange().header("Content-Type");
    Answer answer;
    try {
      answer = endpoint.router().ask(served, body, type == null ? "application/json" : type);
    } catch (NoSuchElementException e) {
      throw notServed();
    }
    call.exchange()
        .header("served-model-name", answer.by())
        .header("databricks-request-id", UUID.randomUUID().toString())
        .status(answer.status())
        .contentType(answer.type())
        .result(answer.body());
  }

  /** In the service's own words. */
  private static ApiRefusal notServed() {
    return ApiRefusal.notFound(
        "RESOURCE_DOES_NOT_EXIST",
        "The given endpoint does not exist, please retry after checking the specified model and"
            + " version deployment exists.");
  }

  private static byte[] body(ApiCall call) {
    try (InputStream in = call.exchange().bodyInputStream()) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw ApiRefusal.of(
            413, "REQUEST_TOO_LARGE", "The request is larger than " + LARGEST + " bytes.");
      }
      return bytes;
    } catch (IOException e) {
      throw ApiRefusal.malformed("The request body ended too early");
    }
  }
}
