package dev.portage.localworkspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.models.ModelSettings;
import dev.portage.localworkspace.pools.ClusterPolicy;
import dev.portage.localworkspace.pools.InstancePool;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Shape;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.sql.Warehouse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Settings in a YAML or JSON file. Paths in it are relative to the file. */
final class SettingsFile {
  private static final Shape SHAPE =
      Shape.fields()
          .needs("name", Shape.text(100))
          .needs("workspaceId", Shape.text(19, "\\d+", "a number in quotes"))
          .needs("dir", Shape.text())
          .with("port", Shape.whole(0, 65535))
          .with("tables", Shape.text())
          .with("mlflow", Shape.text(500, "https?://[^/]+", "a URL without a path"))
          .with("python", Shape.text())
          .with("spark", Shape.text())
          .with("adminTokenFile", Shape.text())
          .needs(
              "tokens",
              Shape.listOf(
                  Shape.fields()
                      .with("tokenFile", Shape.text())
                      .with("sha256", Shape.text(64, "[0-9a-f]{64}", "64 hex digits"))
                      .needs("user", Shape.text())
                      .needs("rights", Shape.listOf(Shape.text(), 100)),
                  1000))
          .with(
              "pools",
              Shape.listOf(
                  Shape.fields()
                      .needs("name", Shape.text())
                      .needs("id", Shape.text())
                      .with("nodeType", Shape.text()),
                  1000))
          .with(
              "policies",
              Shape.listOf(
                  Shape.fields()
                      .needs("name", Shape.text())
                      .needs("id", Shape.text())
                      .needs("definition", Shape.text(100_000)),
                  1000))
          .with(
              "warehouses",
              Shape.listOf(
                  Shape.fields().needs("name", Shape.text()).needs("id", Shape.text()), 100))
          .with("volumes", Shape.listOf(Shape.text(), 1000))
          .with("blobPort", Shape.whole(0, 65535))
          .with("artifacts", ArtifactSettingsFile.SHAPE)
          .with(
              "models",
              Shape.fields()
                  .needs("schemas", Shape.listOf(Shape.text(), 1000))
                  .with("storage", Shape.oneOf("files", "presigned", "vended")));

  private SettingsFile() {}

  /**
   * Reads a file.
   *
   * @throws IOException when it, or a token file it names, can't be read
   * @throws IllegalArgumentException when something in it is not allowed; the message says what and
   *     where
   */
  static LocalWorkspaceSettings read(Path file) throws IOException {
    JsonNode node;
    try {
      node = new ObjectMapper(new YAMLFactory()).readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file + " is neither YAML nor JSON: " + e.getOriginalMessage());
    }
    try {
      SHAPE.check(node, "");
    } catch (ApiRefusal wrong) {
      throw new IllegalArgumentException(file + ": " + wrong.text());
    }
    Path base = file.toAbsolutePath().getParent();
    Path root = base == null ? Path.of("").toAbsolutePath() : base;
    LocalWorkspaceSettings.Builder settings =
        LocalWorkspaceSettings.named(
                node.get("name").asText(),
                node.get("workspaceId").asText(),
                root.resolve(node.get("dir").asText()))
            .port((int) Json.number(node, "port", 0));
    if (node.hasNonNull("tables")) {
      settings.tables(root.resolve(node.get("tables").asText()));
    }
    if (node.hasNonNull("mlflow")) {
      settings.mlflow(URI.create(node.get("mlflow").asText()));
    }
    if (node.hasNonNull("python")) {
      // Not resolved through links: a venv is known by the path of its python.
      settings.python(root.resolve(node.get("python").asText()));
    }
    if (node.hasNonNull("spark")) {
      settings.spark(root.resolve(node.get("spark").asText()));
    }
    if (node.hasNonNull("adminTokenFile")) {
      settings.adminSha256(
          LocalWorkspaceSettings.hashOfFile(root.resolve(node.get("adminTokenFile").asText())));
    }
    for (JsonNode token : node.get("tokens")) {
      settings.token(token(token, root, file));
    }
    for (JsonNode pool : Json.list(node, "pools")) {
      String nodeType = Json.text(pool, "nodeType");
      settings.pool(
          new InstancePool(
              pool.get("name").asText(),
              pool.get("id").asText(),
              nodeType == null ? "Standard_D4ds_v5" : nodeType));
    }
    for (JsonNode policy : Json.list(node, "policies")) {
      settings.policy(
          new ClusterPolicy(
              policy.get("name").asText(),
              policy.get("id").asText(),
              policy.get("definition").asText()));
    }
    for (JsonNode warehouse : Json.list(node, "warehouses")) {
      settings.warehouse(
          new Warehouse(warehouse.get("name").asText(), warehouse.get("id").asText()));
    }
    Json.list(node, "volumes").forEach(volume -> settings.volume(volume.asText()));
    settings.blobPort((int) Json.number(node, "blobPort", 0));
    if (node.get("artifacts") instanceof ObjectNode artifacts) {
      settings.artifacts(ArtifactSettingsFile.read(artifacts, root));
    }
    if (node.get("models") instanceof ObjectNode models) {
      settings.models(models(models));
    }
    return settings.build();
  }

  private static ModelSettings models(JsonNode node) {
    Set<String> schemas = new LinkedHashSet<>();
    Json.list(node, "schemas").forEach(schema -> schemas.add(schema.asText()));
    String storage = Json.text(node, "storage");
    return new ModelSettings(
        schemas,
        storage == null
            ? ModelSettings.Storage.FILES
            : ModelSettings.Storage.valueOf(storage.toUpperCase(Locale.ROOT)));
  }

  private static Token token(JsonNode token, Path root, Path file) throws IOException {
    String user = token.get("user").asText();
    Set<Right> rights = EnumSet.noneOf(Right.class);
    for (JsonNode word : token.get("rights")) {
      rights.add(
          Right.of(word.asText())
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      file
                          + ": the token of "
                          + user
                          + " has the unknown right '"
                          + word.asText()
                          + "'; allowed are "
                          + Arrays.stream(Right.values())
                              .map(Right::word)
                              .collect(Collectors.joining(", ")))));
    }
    String tokenFile = Json.text(token, "tokenFile");
    String sha256 = Json.text(token, "sha256");
    if ((tokenFile == null) == (sha256 == null)) {
      throw new IllegalArgumentException(
          file + ": the token of " + user + " needs exactly one of tokenFile and sha256");
    }
    return tokenFile != null
        ? Token.inFile(root.resolve(tokenFile), user, rights)
        : new Token(String.valueOf(sha256), user, rights);
  }
}
