package dev.portage.localworkspace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Secret;
import dev.portage.localworkspace.protocol.Shape;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** The part of a settings file that says where artifacts are stored. */
final class ArtifactSettingsFile {
  static final Shape SHAPE =
      Shape.fields()
          .needs("kind", Shape.oneOf("adls", "gcs", "azure", "s3"))
          .with("urlSeconds", Shape.whole(1, 604_800))
          .with("pageSize", Shape.whole(1, 2000))
          .with(
              "endpoint", Shape.text(500, "https?://\\S+[^/\\s]", "a URL without a trailing slash"))
          .with("account", Shape.text(100))
          .with("container", Shape.text(63, "[a-z0-9-]{3,63}", "3 to 63 of a-z, 0-9 and -"))
          .with("bucket", Shape.text(63, "[a-z0-9.-]{3,63}", "3 to 63 of a-z, 0-9, . and -"))
          .with("region", Shape.text(50))
          .with("accessKeyId", Shape.text(200))
          .with("keyFile", Shape.text());

  private static final Set<String> ALWAYS = Set.of("kind", "urlSeconds", "pageSize");

  private ArtifactSettingsFile() {}

  /**
   * Reads it; its shape is checked already.
   *
   * @param root what the paths in it are relative to
   */
  static ArtifactSettings read(JsonNode node, Path root) throws IOException {
    BlobSettings store =
        switch (node.get("kind").asText()) {
          case "adls" -> {
            only(node, "container");
            yield new BlobSettings.Adls(or(node, "container", "mlflow"));
          }
          case "gcs" -> {
            only(node, "bucket");
            yield new BlobSettings.Gcs(or(node, "bucket", "mlflow"));
          }
          case "azure" -> {
            only(node, "endpoint", "account", "keyFile", "container");
            yield new BlobSettings.Azure(
                URI.create(needed(node, "endpoint")),
                needed(node, "account"),
                Secret.inFile(root.resolve(needed(node, "keyFile"))),
                needed(node, "container"));
          }
          default -> {
            only(node, "endpoint", "region", "accessKeyId", "keyFile", "bucket");
            yield new BlobSettings.S3(
                URI.create(needed(node, "endpoint")),
                or(node, "region", "us-east-1"),
                needed(node, "accessKeyId"),
                Secret.inFile(root.resolve(needed(node, "keyFile"))),
                needed(node, "bucket"));
          }
        };
    return new ArtifactSettings(
        store,
        Duration.ofSeconds(Json.number(node, "urlSeconds", 3600)),
        (int) Json.number(node, "pageSize", 1000));
  }

  private static void only(JsonNode node, String... names) {
    Set<String> allowed = new TreeSet<>(ALWAYS);
    allowed.addAll(Set.of(names));
    node.fieldNames()
        .forEachRemaining(name -> {
          if (!allowed.contains(name)) {
            throw new IllegalArgumentException(
                "'artifacts."
                    + name
                    + "' doesn't apply to the kind "
                    + node.get("kind").asText()
                    + "; allowed are "
                    + String.join(", ", allowed));
          }
        });
  }

  private static String needed(JsonNode node, String name) {
    String value = Json.text(node, name);
    if (value == null) {
      throw new IllegalArgumentException(
          "Missing required field 'artifacts."
              + name
              + "' for the kind "
              + node.get("kind").asText());
    }
    return value;
  }

  private static String or(JsonNode node, String name, String otherwise) {
    String value = Json.text(node, name);
    return value == null ? otherwise : value;
  }
}
