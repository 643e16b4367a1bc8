package dev.portage.localworkspace.serving;

import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.serving.Deployment.Plan;
import dev.portage.localworkspace.serving.Deployment.Shared;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a model's server, and does to its answers what faults order. */
final class ModelClient {
  private static final Logger log = LoggerFactory.getLogger(ModelClient.class);
  private static final String UNEXPECTED =
      "Encountered an unexpected error while evaluating the model.";

  private final Plan plan;
  private final Shared shared;
  private final ServerKeeper keeper;

  ModelClient(Plan plan, Shared shared, ServerKeeper keeper) {
    this.plan = plan;
    this.shared = shared;
    this.keeper = keeper;
  }

  /**
   * Asks.
   *
   * @param type the body's content type
   * @param limit how long a server and its answer may take
   */
  Answer ask(byte[] body, String type, Duration limit) throws InterruptedException {
    boolean wrong = false;
    for (ServingEffect effect :
        shared.faults().strike(plan.version(), ServingEffect.OfAnswers.class::isInstance)) {
      switch (effect) {
        case ServingEffect.SlowAnswers slow -> Thread.sleep(slow.delay());
        case ServingEffect.FailingAnswers _ -> {
          return error(500, "INTERNAL_ERROR", UNEXPECTED);
        }
        case ServingEffect.ErrorsAsAnswers _ -> {
          return error(200, "BAD_REQUEST", UNEXPECTED);
        }
        default -> wrong = true;
      }
    }
    Answer answer = sent(body, type, limit);
    return wrong ? WrongAnswer.of(answer) : answer;
  }

  private Answer sent(byte[] body, String type, Duration limit) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    URI dead = null;
    while (true) {
      URI at = keeper.awaitAddress(dead, until);
      if (at == null) {
        return unavailable("does not answer");
      }
      HttpRequest request =
          HttpRequest.newBuilder(at.resolve("/invocations"))
              .timeout(limit)
              .header("Content-Type", type)
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      try {
        HttpResponse<byte[]> response = shared.http().send(request, BodyHandlers.ofByteArray());
        return new Answer(
            plan.name(),
            response.statusCode(),
            response.headers().firstValue("content-type").orElse("application/json"),
            response.body());
      } catch (ConnectException e) {
        // Nothing was sent, so it can be sent to the next server.
        dead = at;
      } catch (IOException e) {
        log.debug("{} broke off", plan.name(), e);
        return unavailable("broke off");
      }
    }
  }

  private Answer unavailable(String what) {
    return error(503, "TEMPORARILY_UNAVAILABLE", "The served entity " + plan.name() + " " + what);
  }

  private Answer error(int status, String code, @Nullable String text) {
    return new Answer(
        plan.name(),
        status,
        "application/json",
        Json.bytes(Json.object().put("error_code", code).put("message", text)));
  }
}
