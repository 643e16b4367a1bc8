package dev.portage.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.AttemptAge;
import dev.portage.candidate.ModelLocation;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.Marking;
import dev.portage.registry.Tags;
import dev.portage.registry.UnmarkOrder;
import dev.portage.registry.Unmarked;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A registry of a fake MLflow, its versions and their marks. */
class RegistryScene {
  static final Map<String, String> MODEL = Map.of("MLmodel", "flavors: {}");

  final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  final FakeMlflow mlflow = new FakeMlflow(http, "dev", true);
  volatile AttemptAge asked = AttemptAge.justNow();
  final MlflowRegistry registry =
      new MlflowRegistry(
          FakeServers.of(mlflow), Duration.ofMillis(200), Duration.ofMillis(5), () -> asked);

  @AfterEach
  void close() {
    mlflow.close();
    http.close();
  }

  VersionOrder order(String key) {
    ObjectNode run = mlflow.addRun("/churn", "train", Map.of());
    ((ObjectNode) run.get("data"))
        .withArray("metrics")
        .addObject()
        .put("key", "rmse")
        .put("value", 0.5);
    ObjectNode model = mlflow.addModel(run, "model", MODEL);
    String id = model.path("info").path("model_id").asText();
    return new VersionOrder(
        "dev",
        "churn",
        new ModelLocation(
            "dev", "1", FakeMlflow.idOf(run), id, "model", "models:/" + id, "mlflow-artifacts:/x"),
        key,
        Map.of(Tags.PROMOTION, "promotion/churn/abc"),
        "churn of commit abc");
  }

  Marked mark(String version, Marking marking, String mark) {
    return registry.mark(new MarkOrder("dev", "churn", version, marking, mark));
  }

  Unmarked unmark(Marking marking, String mark, @Nullable String before) {
    return registry.unmark(new UnmarkOrder("dev", "churn", "1", marking, mark, before));
  }

  String stageOf(String version) {
    return String.valueOf(registry.version(new VersionQuery("dev", "churn", version)).stage());
  }

  void version(String number, String source, String runId) {
    ObjectNode version = twin(number, "none");
    mlflow.versions().add(version.put("source", source).put("run_id", runId));
  }

  static ObjectNode twin(String number, String key) {
    ObjectNode version = MlflowServer.object();
    version.put("name", "churn").put("version", number).put("status", "READY");
    version.put("current_stage", "None");
    version.withArray("tags").addObject().put("key", Tags.KEY).put("value", key);
    return version;
  }
}
