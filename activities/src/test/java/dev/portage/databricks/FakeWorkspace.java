package dev.portage.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.compute.ComputeSettings;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.BearerToken;
import dev.portage.http.Credential;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** A scripted server that records its calls. */
public final class FakeWorkspace implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Shared by all tests, because opening one reads the JDK's certificate authorities, which is
   * slow.
   */
  private static final OutboundHttp WAY_OUT = OutboundHttp.open(NetworkSettings.direct());

  private final MockWebServer server = new MockWebServer();
  private final Map<String, Function<Call, MockResponse>> routes = new HashMap<>();
  private final Map<String, Deque<MockResponse>> faults = new HashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private ComputeSettings compute = ComputeSettings.serverless();
  private final Map<String, ComputeSettings> words = new HashMap<>();
  private @Nullable String warehouse;
  private String token = "token-of-a-test";
  private final Credential credential = new BearerToken("env:DEV_TOKEN", () -> token);
  private Set<String> neighbours = Set.of();
  private @Nullable String experiments;

  /** One received call. */
  public record Call(String name, HttpUrl url, JsonNode body, @Nullable String authorization) {
    /** A query parameter; fails the test if it is missing. */
    public String query(String name) {
      String value = url.queryParameter(name);
      if (value == null) {
        throw new AssertionError(this.name + " lacks " + name);
      }
      return value;
    }
  }

  private FakeWorkspace() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
  }

  /** Starts one. */
  public static FakeWorkspace start() {
    FakeWorkspace workspace = new FakeWorkspace();
    try {
      workspace.server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return workspace;
  }

  /**
   * Scripts the answer to a call.
   *
   * @param name such as "GET /api/2.2/jobs/get"
   */
  public FakeWorkspace on(String name, Function<Call, MockResponse> answer) {
    routes.put(name, answer);
    return this;
  }

  /** Answers every such call with this JSON. */
  public FakeWorkspace on(String name, String json) {
    return on(name, _ -> json(200, json));
  }

  /** Answers the next such call this way, before anything else. */
  public FakeWorkspace once(String name, MockResponse answer) {
    faults.computeIfAbsent(name, _ -> new ArrayDeque<>()).add(answer);
    return this;
  }

  /** Sets what notebooks run on. */
  public FakeWorkspace compute(ComputeSettings compute) {
    this.compute = compute;
    return this;
  }

  /** Defines a compute word. */
  public FakeWorkspace compute(String word, ComputeSettings means) {
    words.put(word, means);
    return this;
  }

  private Map<String, ComputeSettings> words() {
    Map<String, ComputeSettings> all = new HashMap<>(words);
    all.put(ComputeSettings.DEFAULT, compute);
    return all;
  }

  /** Sets the warehouse. */
  public FakeWorkspace warehouse(String name) {
    this.warehouse = name;
    return this;
  }

  /** Names other workspaces of the platform file at its address. */
  public FakeWorkspace neighbours(String... names) {
    this.neighbours = Set.of(names);
    return this;
  }

  /** Says where experiments are. */
  public FakeWorkspace experiments(String pattern) {
    this.experiments = pattern;
    return this;
  }

  /** Replaces the token. */
  public FakeWorkspace token(String token) {
    this.token = token;
    return this;
  }

  /** Clients for it, as workspace "dev". */
  public DatabricksClients clients() {
    return new DatabricksClients(this::named, WAY_OUT.rest());
  }

  /** Its address, ending in a slash. */
  public String address() {
    return server.url("/").toString();
  }

  private DatabricksWorkspace named(String name) {
    if (!name.equals("dev")) {
      throw Failures.of(
          Problem.of(FailureKind.USER, "use workspace " + name, "a test", "no such", "Use dev."));
    }
    return new DatabricksWorkspace(
        name, server.url("/").uri(), credential, words(), warehouse, neighbours, experiments);
  }

  /** Received calls with that name. */
  public List<Call> calls(String name) {
    synchronized (calls) {
      return calls.stream().filter(call -> call.name().equals(name)).toList();
    }
  }

  /** All received calls. */
  public List<Call> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /** A JSON answer. */
  public static MockResponse json(int status, String json) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .setHeader("x-databricks-org-id", "4711")
        .body(json)
        .build();
  }

  /** A refusal as the API gives it. */
  public static MockResponse refusal(int status, String code, String message) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("error_code", code).put("message", message);
    return json(status, json.toString());
  }

  private MockResponse answer(RecordedRequest request) {
    String name = request.getMethod() + " " + request.getUrl().encodedPath();
    ByteString body = request.getBody();
    Call call =
        new Call(
            name,
            request.getUrl(),
            body == null || body.size() == 0 ? JSON.missingNode() : tree(body.utf8()),
            request.getHeaders().get("Authorization"));
    synchronized (calls) {
      calls.add(call);
      Deque<MockResponse> waiting = faults.get(name);
      if (waiting != null && !waiting.isEmpty()) {
        return waiting.remove();
      }
    }
    Function<Call, MockResponse> route = routes.get(name);
    return route == null
        ? refusal(404, "ENDPOINT_NOT_FOUND", "No API found for '" + name + "'")
        : route.apply(call);
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
