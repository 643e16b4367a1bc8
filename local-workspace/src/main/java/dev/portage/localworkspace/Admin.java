package dev.portage.localworkspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.CallLog;
import dev.portage.localworkspace.calls.CallRecord;
import dev.portage.localworkspace.faults.CallFault;
import dev.portage.localworkspace.faults.Effect;
import dev.portage.localworkspace.faults.FaultBook;
import dev.portage.localworkspace.jobs.RunEffect;
import dev.portage.localworkspace.jobs.RunFault;
import dev.portage.localworkspace.jobs.RunFaults;
import dev.portage.localworkspace.jobs.RunResult;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Sha256;
import dev.portage.localworkspace.protocol.Shape;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets a test in another process control a workspace: sets faults and reads which calls arrived. It
 * is not part of Databricks' API, has a path of its own, and needs a separate token. Without that
 * token, the path does not exist.
 */
final class Admin {
  static final String BASE = "/.local-workspace";

  private static final Shape FAULT =
      Shape.fields()
          .needs("method", Shape.text())
          .needs("path", Shape.text())
          .needs(
              "effect",
              Shape.oneOf(
                  "TOO_MANY_REQUESTS",
                  "UNAVAILABLE",
                  "HTML_ERROR",
                  "SLOW",
                  "DROP",
                  "LOST_ANSWER",
                  "FORBIDDEN",
                  "TRUNCATED",
                  "FLIPPED_BYTE"))
          .with("at", Shape.whole(0, Long.MAX_VALUE))
          .with("millis", Shape.whole(0, 3_600_000))
          .with("times", Shape.whole(1, 1_000_000));

  private static final Shape RUN_FAULT =
      Shape.fields()
          .needs("run", Shape.text())
          .needs("effect", Shape.oneOf("ENDS", "STARTS_LATE", "SHOWS"))
          .with(
              "ending",
              Shape.oneOf(
                  "FAILED",
                  "TIMEDOUT",
                  "CANCELED",
                  "MAXIMUM_CONCURRENT_RUNS_REACHED",
                  "EXCLUDED",
                  "UPSTREAM_FAILED",
                  "UPSTREAM_CANCELED",
                  "SUCCESS",
                  "SUCCESS_WITH_FAILURES",
                  "INTERNAL_ERROR",
                  "SKIPPED"))
          .with("state", Shape.text())
          .with("millis", Shape.whole(0, 3_600_000))
          .with("times", Shape.whole(1, 1_000_000));

  private final @Nullable String tokenSha256;
  private final FaultBook faults;
  private final RunFaults runFaults;
  private final CallLog calls;
  private final Runnable expireUrls;

  Admin(
      @Nullable String tokenSha256,
      FaultBook faults,
      RunFaults runFaults,
      CallLog calls,
      Runnable expireUrls) {
    this.tokenSha256 = tokenSha256;
    this.faults = faults;
    this.runFaults = runFaults;
    this.calls = calls;
    this.expireUrls = expireUrls;
  }

  void addTo(RoutesConfig routes) {
    if (tokenSha256 == null) {
      return;
    }
    add(routes, HandlerType.POST, "/faults", this::addFault);
    add(routes, HandlerType.POST, "/run-faults", this::addRunFault);
    add(
        routes,
        HandlerType.DELETE,
        "/faults",
        context -> {
          faults.clear();
          runFaults.clear();
          answer(context, Json.object());
        });
    add(
        routes,
        HandlerType.POST,
        "/expire-urls",
        context -> {
          body(context, Shape.fields());
          expireUrls.run();
          answer(context, Json.object());
        });
    add(routes, HandlerType.GET, "/calls", this::calls);
  }

  private void add(RoutesConfig routes, HandlerType method, String path, Handler handler) {
    routes.addHttpHandler(
        method,
        BASE + path,
        context -> {
          String header = context.header("Authorization");
          boolean known =
              header != null
                  && header.startsWith("Bearer ")
                  && Sha256.of(header.substring(7).strip()).equals(tokenSha256);
          try {
            if (!known) {
              throw ApiRefusal.unauthenticated("This call requires the workspace's admin token.");
            }
            handler.handle(context);
          } catch (ApiRefusal refusal) {
            answer(
                context.status(refusal.status()),
                Json.object().put("error_code", refusal.code()).put("message", refusal.text()));
          }
        });
  }

  private void addFault(Context context) {
    JsonNode body = body(context, FAULT);
    Duration time = Duration.ofMillis(Json.number(body, "millis", 0));
    Effect effect =
        switch (body.get("effect").asText()) {
          case "TOO_MANY_REQUESTS" -> new Effect.TooManyRequests(time);
          case "UNAVAILABLE" -> new Effect.Unavailable(body.hasNonNull("millis") ? time : null);
          case "HTML_ERROR" -> new Effect.HtmlError();
          case "SLOW" -> new Effect.Slow(time);
          case "DROP" -> new Effect.Drop();
          case "FORBIDDEN" -> new Effect.Forbidden();
          case "TRUNCATED" -> new Effect.Truncated(Json.number(body, "at", 0));
          case "FLIPPED_BYTE" -> new Effect.FlippedByte(Json.number(body, "at", 0));
          default -> new Effect.LostAnswer();
        };
    faults.add(
        new CallFault(body.get("method").asText(), body.get("path").asText(), effect, times(body)));
    answer(context, Json.object());
  }

  private void addRunFault(Context context) {
    JsonNode body = body(context, RUN_FAULT);
    Duration time = Duration.ofMillis(Json.number(body, "millis", 0));
    RunEffect effect =
        switch (body.get("effect").asText()) {
          case "STARTS_LATE" -> new RunEffect.StartsLate(time);
          case "SHOWS" -> new RunEffect.Shows(Json.text(body, "state"), time);
          default -> ends(Json.text(body, "ending"));
        };
    runFaults.add(new RunFault(body.get("run").asText(), effect, times(body)));
    answer(context, Json.object());
  }

  private static RunEffect ends(@Nullable String ending) {
    return switch (ending) {
      case null -> throw ApiRefusal.invalidParameter("The effect ENDS needs 'ending'");
      case "INTERNAL_ERROR" -> RunEffect.Ends.internalError();
      case "SKIPPED" -> RunEffect.Ends.skipped();
      default -> RunEffect.Ends.with(RunResult.valueOf(ending));
    };
  }

  private void calls(Context context) {
    String method = context.queryParam("method");
    String path = context.queryParam("path");
    List<CallRecord> found =
        method == null || path == null ? calls.all() : calls.matching(method, path);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("calls");
    for (CallRecord call : found) {
      list.addObject()
          .put("at", call.at().toString())
          .put("method", call.method())
          .put("path", call.path())
          .put("user", call.user())
          .put("status", call.status())
          .put("answered", call.answered());
    }
    answer(context, answer);
  }

  private static @Nullable Integer times(JsonNode body) {
    return body.hasNonNull("times") ? (Integer) body.get("times").asInt() : null;
  }

  private static JsonNode body(Context context, Shape shape) {
    JsonNode body = Json.read(context.bodyAsBytes());
    body = body.isMissingNode() ? Json.object() : body;
    shape.check(body, "");
    return body;
  }

  private static void answer(Context context, JsonNode body) {
    context.contentType("application/json").result(Json.bytes(body));
  }
}
