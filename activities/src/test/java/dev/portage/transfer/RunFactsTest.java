package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs with more metrics than fit into memory. */
class RunFactsTest {
  private static final int POINTS = 20_000;

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow dev = new FakeMlflow(http, "dev", true);
  private final FakeMlflow prod = new FakeMlflow(http, "prod", true);

  @AfterEach
  void close() {
    dev.close();
    prod.close();
    http.close();
  }

  @Test
  void metricPointsAreWrittenBeforeAllPagesAreRead() {
    ObjectNode run = dev.addRun("/churn", "train", Map.of());
    ArrayNode history = run.withArray("history");
    for (int step = 0; step < POINTS; step++) {
      history.addObject().put("key", "loss").put("value", 0.5).put("step", step);
    }
    ((ObjectNode) run.get("data")).withArray("metrics").add(history.get(POINTS - 1).deepCopy());
    ObjectNode copy = prod.addRun("/churn", "copy", Map.of());
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    List<Integer> written = Collections.synchronizedList(new ArrayList<>());
    dev.before =
        request -> {
          if (request.getTarget().contains("get-history")) {
            order.add("read");
          }
          return null;
        };
    prod.before =
        request -> {
          if (!request.getTarget().endsWith("log-batch") || request.getBody() == null) {
            return null;
          }
          int points = json(request.getBody().utf8()).path("metrics").size();
          if (points > 0) {
            order.add("write");
            written.add(points);
          }
          return new MockResponse.Builder().body("{}").build();
        };

    new RunFacts(dev.client(), prod.client(), new RetryTimeout(Duration.ZERO))
        .carry(
            dev.client().runs().get(FakeMlflow.idOf(run)),
            prod.client().runs().get(FakeMlflow.idOf(copy)),
            location("prod", copy),
            copyOf(location("dev", run)));

    assertThat(written).allMatch(points -> points <= 1000);
    assertThat(written.stream().mapToInt(Integer::intValue).sum()).isEqualTo(POINTS);
    assertThat(order.indexOf("write")).isLessThan(3);
  }

  private static CopyOrder copyOf(ModelLocation model) {
    Candidate candidate =
        new Candidate(
            model, "churn", "1", null, new ManifestRef("d".repeat(64), "mlflow:/x", 1, 1));
    return new CopyOrder(candidate, model, "prod", "/churn", "key-1", Map.of());
  }

  private static ModelLocation location(String workspace, ObjectNode run) {
    String id = FakeMlflow.idOf(run);
    return new ModelLocation(
        workspace, "1", id, null, "model", "runs:/" + id + "/model", "mlflow-artifacts:/1/" + id);
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
