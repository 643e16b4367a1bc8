package dev.portage.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.http.OutboundHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The part of an MLflow server that Portage uses, in memory, answering as 3.17.2 and 2.22.5 were
 * seen to answer. Faults are injected in front of it.
 */
public final class FakeMlflow extends Dispatcher implements AutoCloseable {
  /** The login it requires. */
  public static final String TOKEN = "tok-5f0c1dSECRET";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Answers instead of the server unless it returns null. */
  public volatile Function<RecordedRequest, @Nullable MockResponse> before = _ -> null;

  /** Transforms the bytes of a file as it is written. */
  public volatile UnaryOperator<byte[]> keep = bytes -> bytes;

  /** Status of a new version. */
  public volatile String newVersionStatus = "READY";

  /** The page size of a search, whatever was requested. */
  public volatile int page = 1000;

  /** Whether searches can exclude nested runs, as in MLflow 3. */
  public volatile boolean leavesOutNested = true;

  final boolean hasLoggedModels;
  final FakeTracking tracking;
  final FakeRegistry registry = new FakeRegistry();
  final FakeArtifacts artifacts = new FakeArtifacts();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final MockWebServer server = new MockWebServer();
  private final OutboundHttp http;
  private final String workspace;

  /**
   * Starts it.
   *
   * @param hasLoggedModels true for one of MLflow 3, false for one of MLflow 2
   */
  public FakeMlflow(OutboundHttp http, String workspace, boolean hasLoggedModels) {
    this.http = http;
    this.workspace = workspace;
    this.hasLoggedModels = hasLoggedModels;
    this.tracking = new FakeTracking(server.hashCode());
    server.setServerSocketFactory(new PromptSockets());
    server.setDispatcher(this);
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client for it. */
  public MlflowServer client() {
    return new MlflowServer(
        http,
        server.url("/").uri(),
        () -> TOKEN,
        workspace,
        MlflowPages.ofMlflow(server.url("/").uri()));
  }

  @Override
  public void close() {
    server.close();
  }

  /** A run as a notebook would leave it. */
  public synchronized ObjectNode addRun(String experiment, String name, Map<String, String> tags) {
    ObjectNode body =
        JSON.createObjectNode()
            .put("experiment_id", tracking.experimentNamed(experiment))
            .put("run_name", name)
            .put("start_time", 1_700_000_000_000L);
    Json.list(body, "tags", tags);
    ObjectNode run = tracking.createRun(body);
    FakeTracking.info(run).put("status", "FINISHED").put("end_time", 1_700_000_060_000L);
    return run;
  }

  /** Puts files into a folder of a run. */
  public synchronized void addFolder(ObjectNode run, String folder, Map<String, String> content) {
    artifacts.add(FakeTracking.info(run).path("artifact_uri").asText() + "/" + folder, content);
  }

  /** A logged model of a run, with files. */
  public synchronized ObjectNode addModel(
      ObjectNode run, String name, Map<String, String> content) {
    ObjectNode body =
        JSON.createObjectNode()
            .put("experiment_id", FakeTracking.info(run).path("experiment_id").asText())
            .put("source_run_id", idOf(run))
            .put("name", name);
    ObjectNode model = tracking.createModel(body);
    ObjectNode info = FakeTracking.info(model).put("status", "LOGGED_MODEL_READY");
    artifacts.add(info.path("artifact_uri").asText(), content);
    tracking.putOut(run, JSON.createObjectNode().put("model_id", info.path("model_id").asText()));
    return model;
  }

  /** A logged model outside of any run, as MLflow 3 makes one if no run is active. */
  public synchronized ObjectNode addModelAlone(
      String experiment, String name, Map<String, String> tags, Map<String, String> content) {
    ObjectNode body =
        JSON.createObjectNode()
            .put("experiment_id", tracking.experimentNamed(experiment))
            .put("name", name);
    Json.list(body, "tags", tags);
    Json.list(body, "params", Map.of("alpha", "0.5"));
    ObjectNode model = tracking.createModel(body);
    model
        .withObject("data")
        .withArray("metrics")
        .addObject()
        .put("key", "rmse")
        .put("value", 50.0)
        .put("timestamp", 1_700_000_000_000L)
        .put("step", 0);
    ObjectNode info = FakeTracking.info(model).put("status", "LOGGED_MODEL_READY");
    artifacts.add(info.path("artifact_uri").asText(), content);
    return model;
  }

  /** Id of a run. */
  public static String idOf(ObjectNode run) {
    return run.path("info").path("run_id").asText();
  }

  /** Whether searches for runs and logged models still return nothing. */
  public void searchIsBehind(boolean isBehind) {
    tracking.searchIsBehind = isBehind;
  }

  /** All runs, deleted ones included. */
  public List<ObjectNode> runs() {
    return List.copyOf(tracking.runs.values());
  }

  /** All logged models. */
  public List<ObjectNode> models() {
    return List.copyOf(tracking.models.values());
  }

  /** All versions of all registered models; mutable. */
  public List<ObjectNode> versions() {
    return registry.versions;
  }

  /** All files by path on the server; mutable. */
  public Map<String, byte[]> files() {
    return artifacts.files;
  }

  /** Received requests, each as "POST runs/create". */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** How many requests of a kind were received, such as "POST runs/create". */
  public long asked(String call) {
    return asked.stream().filter(call::equals).count();
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    if (!("Bearer " + TOKEN).equals(request.getHeaders().get("Authorization"))) {
      return new MockResponse.Builder().code(401).body("You are not authenticated").build();
    }
    asked.add(request.getMethod() + " " + callOf(request));
    MockResponse disturbed = before.apply(request);
    return disturbed != null ? disturbed : effect(request);
  }

  /** Performs the request, bypassing any fault; for responses that get lost. */
  public MockResponse effect(RecordedRequest request) {
    String call = callOf(request);
    HttpUrl url = request.getUrl();
    try {
      if (call.startsWith("mlflow-artifacts/artifacts")) {
        String path = call.replaceFirst("^mlflow-artifacts/artifacts/?", "");
        return artifacts.answer(this, request, url, path);
      }
      return answer(request.getMethod() + " " + call, url, bodyOf(request));
    } catch (FakeReply.Refusal refusal) {
      return refusal.response();
    }
  }

  private static String callOf(RecordedRequest request) {
    return String.join("/", request.getUrl().pathSegments())
        .replaceFirst("^api/2.0/(mlflow/)?", "");
  }

  private synchronized MockResponse answer(String call, HttpUrl url, ObjectNode body) {
    ObjectNode answer = JSON.createObjectNode();
    if (call.equals("GET artifacts/list")) {
      ObjectNode run = FakeReply.found(tracking.runs.get(url.queryParameter("run_id")));
      String root = FakeArtifacts.pathOf(FakeTracking.info(run).path("artifact_uri").asText());
      String folder = url.queryParameter("path");
      artifacts.list(
          answer, folder == null ? root : root + "/" + folder, folder == null ? "" : folder + "/");
      return FakeReply.json(200, answer);
    }
    return tracking.answer(this, call, url, body, answer)
            || registry.answer(this, call, url, body, answer)
        ? FakeReply.json(200, answer)
        : new MockResponse.Builder().code(404).body("<title>404 Not Found</title>").build();
  }

  private static ObjectNode bodyOf(RecordedRequest request) {
    String text = request.getBody() == null ? "" : request.getBody().utf8();
    try {
      return text.isEmpty() ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new FakeReply.Refusal(400, "MALFORMED_REQUEST", "not JSON");
    }
  }
}
