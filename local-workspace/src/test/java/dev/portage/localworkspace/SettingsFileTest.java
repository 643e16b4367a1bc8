package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import dev.portage.localworkspace.models.ModelSettings;
import dev.portage.localworkspace.rights.Right;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFileTest {
  @TempDir Path folder;

  @Test
  void everythingThatCanBeSetIsRead() throws IOException {
    Files.writeString(folder.resolve("ana.token"), "token-of-ana\n");
    Files.writeString(folder.resolve("admin.token"), "token-of-the-test\n");
    Files.writeString(folder.resolve("azure.key"), "a2V5IG9mIHRoZSBhY2NvdW50\n");

    LocalWorkspaceSettings settings =
        read(
            """
            name: dev
            workspaceId: "1111111111111111"
            port: 8081
            dir: state
            tables: tables
            mlflow: http://127.0.0.1:5001
            python: venv/bin/python
            adminTokenFile: admin.token
            tokens:
              - { tokenFile: ana.token, user: ana@example.com, rights: [jobs.manage, registry.read] }
            pools:
              - { name: ml-small, id: pool-1 }
            warehouses:
              - { name: starter, id: warehouse-1 }
            volumes: [main.default.data]
            blobPort: 8082
            artifacts:
              kind: azure
              urlSeconds: 60
              endpoint: http://127.0.0.1:10000/devstoreaccount1
              account: devstoreaccount1
              keyFile: azure.key
              container: mlflow
            models: { schemas: [main.ml], storage: vended }
            """);

    assertThat(settings.port()).isEqualTo(8081);
    assertThat(settings.dir()).isEqualTo(folder.resolve("state"));
    assertThat(settings.tables()).isEqualTo(folder.resolve("tables"));
    assertThat(settings.mlflow()).isEqualTo(URI.create("http://127.0.0.1:5001"));
    assertThat(settings.python()).isEqualTo(folder.resolve("venv/bin/python"));
    assertThat(settings.tokens())
        .containsExactly(
            Token.of(
                "token-of-ana",
                "ana@example.com",
                EnumSet.of(Right.JOBS_MANAGE, Right.REGISTRY_READ)));
    assertThat(settings.pools())
        .singleElement()
        .satisfies(pool -> assertThat(pool.id()).isEqualTo("pool-1"));
    assertThat(settings.blobPort()).isEqualTo(8082);
    ArtifactSettings artifacts = Objects.requireNonNull(settings.artifacts());
    assertThat(artifacts.urlLife()).isEqualTo(Duration.ofMinutes(1));
    assertThat(artifacts.store())
        .isInstanceOfSatisfying(
            BlobSettings.Azure.class,
            azure -> assertThat(azure.key().value()).isEqualTo("a2V5IG9mIHRoZSBhY2NvdW50"));
    assertThat(settings.models())
        .isEqualTo(new ModelSettings(Set.of("main.ml"), ModelSettings.Storage.VENDED));
    assertThat(settings.toString())
        .doesNotContain("token-of-ana", "token-of-the-test", "a2V5IG9mIHRoZSBhY2NvdW50");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "mlfow: http://x | Unknown field 'mlfow'; allowed are adminTokenFile, artifacts, blobPort, dir, mlflow",
        "mlflow: http://x/api | 'mlflow' must be a URL without a path",
        "port: 70000 | 'port' must be between 0 and 65535",
        "volumes: [data] | A volume must be named <catalog>.<schema>.<volume>, not 'data'",
        "pools: [{name: p}] | Missing required field 'pools[0].id'",
        "artifacts: {kind: tape} | 'artifacts.kind' must be one of adls, gcs, azure, s3, not 'tape'",
        "artifacts: {kind: adls, bucket: mlflow} | 'artifacts.bucket' doesn't apply to the kind adls",
        "artifacts: {kind: azure} | Missing required field 'artifacts.endpoint' for the kind azure",
        "artifacts: {kind: adls, urlSeconds: 0} | must be between 1 and 604800",
        "models: {schemas: [ml]} | A schema must be named <catalog>.<schema>, not 'ml'",
        "models: {schemas: [main.ml], storage: vended} | need 'artifacts' of kind adls, azure or s3",
        "name: [ | is neither YAML nor JSON",
      })
  void errorsNameFileAndField(String line, String message) {
    assertThatThrownBy(
            () -> read("{name: dev, workspaceId: \"1\", dir: s, tokens: [],\n" + line + "\n}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anUnknownRightIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() ->
            read(
                "{name: dev, workspaceId: \"1\", dir: s, tokens: [{sha256: "
                    + "a".repeat(64)
                    + ", user: ana@example.com, rights: [jobs.run]}]}"))
        .hasMessageContaining("unknown right 'jobs.run'; allowed are jobs.view, jobs.manage");
  }

  @Test
  void aTokenNeedsOneSource() {
    assertThatThrownBy(() ->
            read(
                "{name: dev, workspaceId: \"1\", dir: s, tokens: [{user: ana@example.com, rights: []}]}"))
        .hasMessageContaining("exactly one of tokenFile and sha256");
  }

  private LocalWorkspaceSettings read(String yaml) throws IOException {
    Path file = folder.resolve("workspace.yaml");
    Files.writeString(file, yaml);
    return SettingsFile.read(file);
  }
}
