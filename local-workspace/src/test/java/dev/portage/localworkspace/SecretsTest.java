package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.error.platform.InvalidParameterValue;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.core.error.platform.PermissionDenied;
import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunLifeCycleState;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.databricks.sdk.service.jobs.TerminationTypeType;
import com.databricks.sdk.service.workspace.AclPermission;
import com.databricks.sdk.service.workspace.CreateScope;
import com.databricks.sdk.service.workspace.DeleteAcl;
import com.databricks.sdk.service.workspace.DeleteSecret;
import com.databricks.sdk.service.workspace.PutAcl;
import com.databricks.sdk.service.workspace.PutSecret;
import com.databricks.sdk.service.workspace.ScopeBackendType;
import com.databricks.sdk.service.workspace.SecretMetadata;
import com.databricks.sdk.service.workspace.SecretScope;
import com.databricks.sdk.service.workspace.SecretsAPI;
import dev.portage.localworkspace.jobs.ClusterSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secret scopes by their API, and the clusters that take values from them. */
class SecretsTest {
  private static final String RUNTIME = "16.4.x-cpu-ml-scala2.12";

  @TempDir Path folder;
  private TestWorkspace test;
  private SecretsAPI ana;
  private SecretsAPI vera;

  @BeforeEach
  void start() throws IOException {
    test = TestWorkspace.in(folder);
    ana = test.client.secrets();
    WorkspaceClient second = Clients.of(test.workspace.host(), TestWorkspace.VIEWER);
    vera = second.secrets();
  }

  @AfterEach
  void stop() {
    test.close();
  }

  @Test
  void aScopeAndItsSecretsComeAndGo() {
    ana.createScope(new CreateScope().setScope("ml"));
    ana.putSecret(new PutSecret().setScope("ml").setKey("hub").setStringValue("ends in one\n"));
    ana.putSecret(
        new PutSecret().setScope("ml").setKey("bytes").setBytesValue(base64("\u0000\u00ff")));

    assertThat(ana.listScopes()).extracting(SecretScope::getName).containsExactly("ml");
    assertThat(ana.listScopes())
        .extracting(SecretScope::getBackendType)
        .containsExactly(ScopeBackendType.DATABRICKS);
    assertThat(ana.listSecrets("ml"))
        .extracting(SecretMetadata::getKey)
        .containsExactly("bytes", "hub");
    assertThat(ana.getSecret("ml", "hub").getValue()).isEqualTo(base64("ends in one\n"));
    assertThat(ana.getSecret("ML", "BYTES").getValue())
        .as("names don't depend on case")
        .isEqualTo(base64("\u0000\u00ff"));
    ana.putSecret(new PutSecret().setScope("ml").setKey("HUB").setStringValue("second"));
    assertThat(ana.getSecret("ml", "hub").getValue()).isEqualTo(base64("second"));
    ana.deleteSecret(new DeleteSecret().setScope("ml").setKey("bytes"));
    assertThat(ana.listSecrets("ml")).hasSize(1);
    ana.deleteScope("ml");
    assertThat(ana.listScopes()).isEmpty();
  }

  @Test
  void whatIsNotThereIsNamed() {
    ana.createScope(new CreateScope().setScope("ml"));

    assertThatThrownBy(() -> ana.listSecrets("none").iterator().hasNext())
        .isInstanceOf(NotFound.class)
        .hasMessageContaining("Scope none does not exist!");
    assertThatThrownBy(() -> ana.getSecret("ml", "hub"))
        .isInstanceOf(NotFound.class)
        .hasMessageContaining("Secret does not exist with scope: ml and key: hub");
    assertThatThrownBy(() -> ana.deleteSecret(new DeleteSecret().setScope("ml").setKey("hub")))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> ana.deleteScope("none")).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> ana.createScope(new CreateScope().setScope("ML")))
        .hasMessageContaining("already exists");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a/b", "../out", ".", ".permissions", "ä", ""})
  void aNameThatIsNoneIsRefused(String name) {
    ana.createScope(new CreateScope().setScope("ml"));

    assertThatThrownBy(() -> ana.createScope(new CreateScope().setScope(name)))
        .isInstanceOf(InvalidParameterValue.class);
    assertThatThrownBy(
            () -> ana.putSecret(new PutSecret().setScope("ml").setKey(name).setStringValue("x")))
        .isInstanceOf(InvalidParameterValue.class);
  }

  @Test
  void aValueIsGivenInOneWayAndIsNotTooLong() throws IOException, InterruptedException {
    ana.createScope(new CreateScope().setScope("ml"));
    PutSecret secret = new PutSecret().setScope("ml").setKey("hub");

    assertThatThrownBy(() -> ana.putSecret(secret)).hasMessageContaining("Exactly one of");
    assertThatThrownBy(() ->
            ana.putSecret(
                new PutSecret()
                    .setScope("ml")
                    .setKey("hub")
                    .setStringValue("a")
                    .setBytesValue("YQ==")))
        .hasMessageContaining("Exactly one of");
    assertThatThrownBy(() ->
            ana.putSecret(
                new PutSecret()
                    .setScope("ml")
                    .setKey("hub")
                    .setStringValue("x".repeat(128 * 1024 + 1))))
        .isInstanceOf(InvalidParameterValue.class);
    assertThat(
            test.send(
                    "POST",
                    "/api/2.0/secrets/put",
                    TestWorkspace.ALL,
                    "{\"scope\":\"ml\",\"key\":\"hub\",\"bytes_value\":\"s3cr3t!\"}")
                .body())
        .contains("not Base64")
        .doesNotContain("s3cr3t");
    assertThat(
            test.send(
                    "POST", "/api/2.0/secrets/scopes/create", TestWorkspace.ALL, "{\"name\":\"x\"}")
                .body())
        .contains("name");
    assertThatThrownBy(() ->
            ana.createScope(
                new CreateScope()
                    .setScope("vault")
                    .setScopeBackendType(ScopeBackendType.AZURE_KEYVAULT)))
        .hasMessageContaining("Azure Key Vault");
  }

  @Test
  void aUserDoesWhatTheScopePermits() {
    ana.createScope(new CreateScope().setScope("ml"));
    ana.putSecret(new PutSecret().setScope("ml").setKey("hub").setStringValue("v"));

    assertThatThrownBy(() -> vera.getSecret("ml", "hub"))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("vera@example.com does not have READ permission on scope ml");
    grant("vera@example.com", AclPermission.READ);
    assertThat(vera.getSecret("ml", "hub").getValue()).isEqualTo(base64("v"));
    assertThatThrownBy(
            () -> vera.putSecret(new PutSecret().setScope("ml").setKey("hub").setStringValue("w")))
        .hasMessageContaining("WRITE permission");
    grant("users", AclPermission.WRITE);
    vera.putSecret(new PutSecret().setScope("ml").setKey("hub").setStringValue("w"));
    assertThatThrownBy(() -> vera.listAcls("ml").iterator().hasNext())
        .hasMessageContaining("MANAGE permission");
    assertThat(ana.getAcl("ml", "users").getPermission()).isEqualTo(AclPermission.WRITE);
    assertThat(ana.listAcls("ml")).hasSize(3);
    ana.deleteAcl(new DeleteAcl().setScope("ml").setPrincipal("users"));
    assertThatThrownBy(() -> ana.deleteAcl(new DeleteAcl().setScope("ml").setPrincipal("users")))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> grant("nobody@example.com", AclPermission.READ))
        .isInstanceOf(InvalidParameterValue.class);
    vera.createScope(new CreateScope().setScope("hers"));
    ana.deleteScope("hers"); // An admin may.
  }

  @Test
  void secretsAreInFilesThatOthersCannotReadAndOneMadeByHandIsThere() throws IOException {
    ana.createScope(new CreateScope().setScope("ml"));
    ana.putSecret(new PutSecret().setScope("ml").setKey("hub").setStringValue("v"));
    Path scopes = folder.resolve("state/secrets");

    assertThat(Files.getPosixFilePermissions(scopes.resolve("ml/hub"))).hasSize(2);
    assertThat(Files.getPosixFilePermissions(scopes.resolve("ml"))).hasSize(3);
    Files.writeString(Files.createDirectory(scopes.resolve("hand")).resolve("made"), "value\n");
    assertThat(vera.getSecret("hand", "made").getValue()).isEqualTo(base64("value"));
  }

  @Test
  void aClusterStartsWithTheValuesOfTheSecretsThatItRefersTo() {
    ana.createScope(new CreateScope().setScope("ml"));
    ana.putSecret(new PutSecret().setScope("ml").setKey("hub").setStringValue("s3cr3t"));

    test.submit(
        asking(
            new ClusterSpec()
                .setSparkEnvVars(Map.of("HF_TOKEN", "{{secrets/ml/hub}}", "MODE", "fast"))
                .setSparkConf(
                    Map.of("spark.hadoop.fs.azure.key", "{{secrets/ML/Hub}}", "spark.x", "1"))));

    ClusterSettings cluster = test.runner.next().launch().cluster();
    assertThat(cluster.variables()).isEqualTo(Map.of("MODE", "fast"));
    assertThat(cluster.secretVariables()).isEqualTo(Map.of("HF_TOKEN", "s3cr3t"));
    assertThat(cluster.spark()).isEqualTo(Map.of("spark.x", "1"));
    assertThat(cluster.secretSpark()).isEqualTo(Map.of("spark.hadoop.fs.azure.key", "s3cr3t"));
    assertThat(cluster).asString().doesNotContain("s3cr3t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{secrets/none/hub}}", "{{secrets/ml/none}}", "{{secrets/ml}}"})
  void aClusterWhoseSecretIsNotThereDoesNotStart(String reference) {
    ana.createScope(new CreateScope().setScope("ml"));

    Run run =
        Clients.awaitEnd(
            test.client,
            test.submit(asking(new ClusterSpec().setSparkEnvVars(Map.of("TOKEN", reference)))),
            TestWorkspace.LIMIT);

    assertThat(run.getState().getLifeCycleState()).isEqualTo(RunLifeCycleState.INTERNAL_ERROR);
    assertThat(run.getState().getStateMessage())
        .contains("Unexpected failure while waiting for the cluster")
        .contains("SECRET_RESOLUTION_ERROR(CLIENT_ERROR)")
        .containsAnyOf(
            "Scope none does not exist!",
            "Secret does not exist with scope: ml and key: none",
            "TOKEN must be a reference as a whole");
    assertThat(run.getStatus().getTerminationDetails().getType())
        .isEqualTo(TerminationTypeType.CLIENT_ERROR);
    assertThat(test.runner.isIdle()).as("nothing ran").isTrue();
  }

  private void grant(String principal, AclPermission permission) {
    ana.putAcl(new PutAcl().setScope("ml").setPrincipal(principal).setPermission(permission));
  }

  private static SubmitRun asking(ClusterSpec cluster) {
    return new SubmitRun()
        .setRunName("train")
        .setGitSource(TestWorkspace.git())
        .setTasks(
            List.of(
                new SubmitTask()
                    .setTaskKey("train")
                    .setNotebookTask(TestWorkspace.notebook())
                    .setNewCluster(
                        cluster
                            .setSparkVersion(RUNTIME)
                            .setNodeTypeId("Standard_D4ds_v5")
                            .setNumWorkers(0L))));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
