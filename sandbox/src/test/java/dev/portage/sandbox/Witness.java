package dev.portage.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;

/**
 * Reports what exists, independently of the code that created it: through MLflow's own Java client,
 * plain HTTP, and deltalake for tables.
 */
public final class Witness implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final World world;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, MlflowClient> clients = new TreeMap<>();

  /** The witness of a world. */
  public Witness(World world) {
    this.world = world;
    for (String name : World.WORKSPACES) {
      clients.put(name, new MlflowClient(world.mlflow(name).toString()));
    }
  }

  private MlflowClient client(String workspace) {
    MlflowClient client = clients.get(workspace);
    if (client == null) {
      throw new IllegalArgumentException(workspace);
    }
    return client;
  }

  /** Runs with the promotion's tag, without deleted ones. */
  public List<RunInfo> runs(String workspace, String promotion) {
    return runs(workspace, promotion, ViewType.ACTIVE_ONLY);
  }

  /** Deleted runs with the promotion's tag. */
  public List<RunInfo> deletedRuns(String workspace, String promotion) {
    return runs(workspace, promotion, ViewType.DELETED_ONLY);
  }

  private List<RunInfo> runs(String workspace, String promotion, ViewType view) {
    List<String> experiments =
        client(workspace).searchExperiments().getItems().stream()
            .map(experiment -> experiment.getExperimentId())
            .toList();
    return client(workspace)
        .searchRuns(experiments, "tags.portage_promotion = '" + promotion + "'", view, 1000)
        .getItems()
        .stream()
        .map(Run::getInfo)
        .toList();
  }

  /** A run with its parameters, metrics and tags. */
  public Run run(String workspace, String id) {
    return client(workspace).getRun(id);
  }

  /** A model's versions, oldest first. */
  public List<ModelVersion> versions(String workspace, String model) {
    return client(workspace).searchModelVersions("name='" + model + "'").getItems().stream()
        .sorted((a, b) -> Integer.parseInt(a.getVersion()) - Integer.parseInt(b.getVersion()))
        .toList();
  }

  /** A version's tags. */
  public static Map<String, String> tags(ModelVersion version) {
    Map<String, String> tags = new TreeMap<>();
    version.getTagsList().forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
    return tags;
  }

  /** The folder of a version's files, below the server's artifacts. */
  public String artifacts(String workspace, ModelVersion version) {
    MlflowClient client = client(workspace);
    String uri = client.getModelVersionDownloadUri(version.getName(), version.getVersion());
    if (uri.startsWith("runs:/")) {
      String[] parts = uri.substring("runs:/".length()).split("/", 2);
      uri = client.getRun(parts[0]).getInfo().getArtifactUri() + "/" + parts[1];
    }
    if (!uri.startsWith("mlflow-artifacts:/")) {
      throw new AssertionError("files at " + uri);
    }
    return uri.substring("mlflow-artifacts:/".length());
  }

  /** SHA-256 of each of a version's files, by path. */
  public Map<String, String> files(String workspace, ModelVersion version) {
    Map<String, String> files = new TreeMap<>();
    collect(workspace, artifacts(workspace, version), "", files);
    return files;
  }

  private void collect(String workspace, String root, String below, Map<String, String> files) {
    JsonNode list =
        json(
            world
                .mlflow(workspace)
                .resolve(
                    "/api/2.0/mlflow-artifacts/artifacts?path="
                        + URLEncoder.encode(root + below, StandardCharsets.UTF_8)),
            "");
    for (JsonNode file : list.path("files")) {
      String path = below + "/" + file.path("path").asText();
      if (file.path("is_dir").asBoolean()) {
        collect(workspace, root, path, files);
      } else {
        byte[] bytes =
            get(
                world
                    .mlflow(workspace)
                    .resolve("/api/2.0/mlflow-artifacts/artifacts/" + root + path),
                "");
        files.put(path.substring(1), sha256(bytes));
      }
    }
  }

  /** Jobs with a name. */
  public List<JsonNode> jobs(String workspace, String name) {
    return StreamSupport.stream(
            workspaceCall(workspace, "/api/2.2/jobs/list?limit=100").path("jobs").spliterator(),
            false)
        .filter(job -> job.path("settings").path("name").asText().equals(name))
        .toList();
  }

  /** Runs of a workspace's jobs with a text in their names, where a name begins. */
  public List<JsonNode> jobRuns(String workspace, String text) {
    return jobRuns(workspace, "JOB_RUN", text);
  }

  /** Runs submitted without a job, with a text in their names, where a name begins. */
  public List<JsonNode> submittedRuns(String workspace, String text) {
    return jobRuns(workspace, "SUBMIT_RUN", text);
  }

  private List<JsonNode> jobRuns(String workspace, String type, String text) {
    List<JsonNode> runs = new ArrayList<>();
    String from = "";
    do {
      JsonNode page =
          workspaceCall(workspace, "/api/2.2/jobs/runs/list?limit=25&run_type=" + type + from);
      page.path("runs").forEach(runs::add);
      from = "&page_token=" + page.path("next_page_token").asText();
    } while (!from.endsWith("="));
    // The name of one model may be the end of another's.
    Predicate<String> named = Pattern.compile("\\b" + Pattern.quote(text)).asPredicate();
    return runs.stream().filter(run -> named.test(run.path("run_name").asText())).toList();
  }

  /** Shares of an endpoint's traffic, by names of served versions; empty without an endpoint. */
  public Map<String, Integer> served(String workspace, String endpoint) {
    JsonNode found =
        workspaceCall(workspace, "/api/2.0/serving-endpoints")
            .path("endpoints")
            .valueStream()
            .filter(one -> one.path("name").asText().equals(endpoint))
            .findFirst()
            .orElse(null);
    Map<String, Integer> shares = new TreeMap<>();
    if (found != null) {
      workspaceCall(workspace, "/api/2.0/serving-endpoints/" + endpoint)
          .at("/config/traffic_config/routes")
          .forEach(route ->
              shares.put(
                  route.path("served_model_name").asText(),
                  route.path("traffic_percentage").asInt()));
    }
    return shares;
  }

  /** Tags of an endpoint. */
  public Map<String, String> tagsOfEndpoint(String workspace, String endpoint) {
    Map<String, String> tags = new TreeMap<>();
    workspaceCall(workspace, "/api/2.0/serving-endpoints/" + endpoint)
        .path("tags")
        .forEach(tag -> tags.put(tag.path("key").asText(), tag.path("value").asText()));
    return tags;
  }

  private JsonNode workspaceCall(String workspace, String path) {
    try {
      return json(
          world.workspace(workspace).host().resolve(path),
          Files.readString(world.token(workspace)).strip());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Rows of a table in prod, counted by "promotion version". */
  public Map<String, Integer> rows(String table) {
    Path folder = world.folder().state().resolve("prod/tables").resolve(table);
    String program =
        """
        import json, os, sys
        from collections import Counter
        from deltalake import DeltaTable
        rows = DeltaTable(sys.argv[1]).to_pyarrow_table().to_pylist()
        print(json.dumps(Counter(row["promotion_id"] + " " + row["model_version"] for row in rows)))
        sys.stdout.flush()
        os._exit(0)
        """;
    try {
      Process process =
          new ProcessBuilder(
                  RealServers.keeper().python().toString(), "-c", program, folder.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      JsonNode counts = MAPPER.readTree(process.getInputStream().readAllBytes());
      if (!counts.isObject()) {
        throw new AssertionError("table " + table + " can't be read");
      }
      Map<String, Integer> rows = new TreeMap<>();
      counts.properties().forEach(entry -> rows.put(entry.getKey(), entry.getValue().asInt()));
      return rows;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode json(URI address, String token) {
    try {
      return MAPPER.readTree(get(address, token));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] get(URI address, String token) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<byte[]> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new AssertionError(address + " answered " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    clients.values().forEach(MlflowClient::close);
    http.close();
  }
}
