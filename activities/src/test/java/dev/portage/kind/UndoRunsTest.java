package dev.portage.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UndoRunsTest {

  private static final String API = "/api/2.0/mlflow/";
  private static final String FILE =
      " /api/2.0/mlflow-artifacts/artifacts/7/r1/artifacts/job-before.json";
  private static final String KEY = "promotion/churn/0123456789ab#prod/batch#1";
  private static final String SETTINGS = "{\"name\":\"churn-batch\",\"note\":\"é\"}";
  private static final String RUN =
      """
      {"info":{"run_id":"r1","experiment_id":"7","lifecycle_stage":"active",
       "artifact_uri":"mlflow-artifacts:/7/r1/artifacts"},
       "data":{"tags":[{"key":"portage_key","value":"%s"}]}}\
      """
          .formatted(KEY);

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final AtomicReference<ByteString> kept = new AtomicReference<>(ByteString.EMPTY);
  private Recorded mlflow;
  private UndoRuns undo;

  @BeforeEach
  void aServerWithOneExperiment() throws IOException {
    mlflow =
        new Recorded()
            .on(
                "GET " + API + "experiments/get-by-name",
                200,
                "{\"experiment\":{\"experiment_id\":\"7\",\"name\":\"/Shared/portage-jobs\"}}")
            .on("POST " + API + "runs/search", 200, "{}")
            .on("POST " + API + "runs/create", 200, "{\"run\":" + RUN + "}")
            .on("GET " + API + "runs/get", 200, "{\"run\":" + RUN + "}")
            .on("POST " + API + "runs/update", 200, "{}")
            .on(
                "PUT" + FILE,
                request -> {
                  kept.set(Objects.requireNonNull(request.getBody(), "a file"));
                  return Recorded.answer(200, "{}");
                })
            .on("GET" + FILE, _ -> Recorded.answer(200, kept.get().string(StandardCharsets.UTF_8)));
    undo = new UndoRuns(new OneServer(server()), ArtifactStores.standard());
  }

  @AfterEach
  void close() {
    mlflow.close();
    http.close();
  }

  @Test
  void savedSettingsAreReturnedUnchanged() {
    String uri = undo.put("prod", KEY, SETTINGS);

    assertThat(uri).isEqualTo("runs:/r1/job-before.json");
    assertThat(undo.get("prod", uri)).isEqualTo(SETTINGS);
  }

  @Test
  void theSameChangeStoresItsSettingsInTheSameRun() {
    mlflow.on("POST " + API + "runs/search", 200, "{\"runs\":[" + RUN + "]}");

    assertThat(undo.put("prod", KEY, SETTINGS)).isEqualTo("runs:/r1/job-before.json");
    assertThat(mlflow.asked).doesNotContain("POST " + API + "runs/create");
  }

  @Test
  void whatWasStoredIsFoundByItsKeyAloneOnceItIsWhole() {
    assertThat(undo.find("prod", KEY)).as("nothing was stored").isEmpty();
    undo.put("prod", KEY, SETTINGS);

    mlflow.on("POST " + API + "runs/search", 200, "{\"runs\":[" + status("RUNNING") + "]}");
    assertThat(undo.find("prod", KEY)).as("its attempt was cut off").isEmpty();
    mlflow.on("POST " + API + "runs/search", 200, "{\"runs\":[" + status("FINISHED") + "]}");
    assertThat(undo.find("prod", KEY)).contains(SETTINGS);
  }

  /** Whoever stored it may have recorded its address and its hash. */
  @Test
  void whatWasStoredIsNeverReplacedByAnotherText() {
    mlflow
        .on("POST " + API + "runs/search", 200, "{\"runs\":[" + earlier() + "]}")
        .on("GET" + FILE.replace("/r1/", "/r0/"), 200, "{\"name\":\"earlier\"}");

    assertThat(undo.put("prod", KEY, SETTINGS)).isEqualTo("runs:/r1/job-before.json");
    assertThat(mlflow.asked).doesNotContain("PUT" + FILE.replace("/r1/", "/r0/"));
  }

  @Test
  void theSameTextStaysWhereItIs() {
    mlflow
        .on("POST " + API + "runs/search", 200, "{\"runs\":[" + earlier() + "]}")
        .on("GET" + FILE.replace("/r1/", "/r0/"), 200, SETTINGS);

    assertThat(undo.put("prod", KEY, SETTINGS)).isEqualTo("runs:/r0/job-before.json");
    assertThat(mlflow.asked).noneMatch(call -> call.startsWith("PUT") || call.endsWith("create"));
  }

  @Test
  void whileItIsNotKnownWhichCountsNothingThatIsWholeIsRemoved() {
    mlflow
        .on(
            "POST " + API + "runs/search",
            200,
            "{\"runs\":[" + earlier() + "," + status("RUNNING") + "]}")
        .on("POST " + API + "runs/delete", 200, "{}");

    assertThat(undo.settle("prod", KEY, null).removed()).singleElement().asString().contains("r1");

    mlflow.on(
        "POST " + API + "runs/search",
        200,
        "{\"runs\":[" + earlier() + "," + status("FINISHED") + "]}");
    assertThat(undo.settle("prod", KEY, null).removed()).isEmpty();
    assertThat(undo.settle("prod", KEY, "runs:/r1/job-before.json").removed())
        .singleElement()
        .asString()
        .contains("r0");
  }

  /** A rollback keeps settings under what they mean, and knows of the change alone. */
  @Test
  void aDuplicateOfWhatIsKeptUnderAnotherKeyIsFoundByItsAddress() {
    mlflow
        .on(
            "POST " + API + "runs/search",
            200,
            "{\"runs\":[" + earlier() + "," + status("FINISHED") + "]}")
        .on("POST " + API + "runs/delete", 200, "{}");

    assertThat(undo.settle("prod", "another", null).removed()).isEmpty();
    assertThat(undo.settle("prod", "another", "runs:/r1/job-before.json").removed())
        .singleElement()
        .asString()
        .contains("r0");
  }

  /** A run of the same key that is whole. */
  private static String earlier() {
    return status("FINISHED").replace("\"r1\"", "\"r0\"").replace("/r1/", "/r0/");
  }

  private static String status(String status) {
    return RUN.replace("\"info\":{", "\"info\":{\"status\":\"" + status + "\",");
  }

  @Test
  void otherLocationsAreNotRead() {
    assertThat(
            catchThrowableOfType(
                ApplicationFailure.class, () -> undo.get("prod", "runs:/../x/job-before.json")))
        .hasMessageContaining("is not where Portage saves settings");
    assertThat(mlflow.asked).isEmpty();
  }

  private MlflowServer server() {
    return new MlflowServer(
        http, URI.create(mlflow.address()), () -> "token", "prod", MlflowPages.none());
  }

  private record OneServer(MlflowServer server) implements MlflowServers {
    @Override
    public MlflowServer of(String workspace) {
      return server;
    }

    @Override
    public MlflowServer readerOf(String workspace) {
      return server;
    }
  }
}
