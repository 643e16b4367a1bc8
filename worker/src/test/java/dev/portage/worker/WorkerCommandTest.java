package dev.portage.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class WorkerCommandTest {

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void itPrintsOneLineWhenReadyAndStopsOnRequest() throws Exception {
    try (TestTemporal temporal = new TestTemporal()) {
      Map<String, String> environment = new HashMap<>(temporal.environment());
      environment.put("PORTAGE_PLATFORM", TestPlatform.write(folder).toString());

      assertThat(run(environment, "--workspaces", "dev")).isZero();

      assertThat(out.toString())
          .matches(
              "portage worker ready: workspaces dev · temporal "
                  + temporal.address()
                  + " · http://127\\.0\\.0\\.1:\\d+/health\\R");
      assertThat(err.toString()).isEmpty();
    }
  }

  @Test
  void aMissingPlatformFileSaysHowToNameIt() {
    String file = folder.resolve("none.yaml").toString();
    assertThat(run(Map.of(), "--platform", file)).isEqualTo(2);
    assertThat(err)
        .hasToString(
            file
                + ":1: file not found; set it with --platform FILE or PORTAGE_PLATFORM"
                + System.lineSeparator());
  }

  @Test
  void itsNameMayStandBeforeItsOptions() {
    assertThat(WorkerCommand.withoutItsName("worker", "worker", "--port", "0"))
        .containsExactly("--port", "0");
    assertThat(WorkerCommand.withoutItsName("worker", "--port", "0"))
        .containsExactly("--port", "0");
    assertThat(WorkerCommand.withoutItsName("worker")).isEmpty();
  }

  @Test
  void anUnknownWorkspaceIsAUsageError() throws Exception {
    String file = TestPlatform.write(folder).toString();
    assertThat(run(Map.of(), "--platform", file, "--workspaces", "dev,prd")).isEqualTo(2);
    assertThat(err.toString()).contains("unknown workspace \"prd\"; did you mean \"prod\"?");
  }

  @Test
  void anInvalidPortIsAUsageError() throws Exception {
    String file = TestPlatform.write(folder).toString();
    assertThat(run(Map.of(), "--platform", file, "--port", "70000")).isEqualTo(2);
    assertThat(err.toString()).startsWith("--port: port 70000; allowed: 0 to 65535");
  }

  @Test
  void anInvalidTemporalAddressIsAUsageErrorAndNotShown() throws Exception {
    String file = TestPlatform.write(folder).toString();
    for (String address : new String[] {"http://me:hunter2@host", "host", "host:0", "host:99999"}) {
      assertThat(run(Map.of("TEMPORAL_ADDRESS", address), "--platform", file)).isEqualTo(2);
    }
    assertThat(err.toString())
        .contains("TEMPORAL_ADDRESS is not a valid Temporal address", "use HOST:PORT")
        .doesNotContain("hunter2");
    String none = folder.resolve("none.toml").toString();
    assertThat(run(Map.of("TEMPORAL_CONFIG_FILE", none), "--platform", file)).isEqualTo(2);
    assertThat(err.toString()).contains("does not exist");
  }

  @Test
  void anUnknownOptionIsAUsageError() {
    assertThat(run(Map.of(), "--workspace", "dev")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("Unknown options")
        .contains("Possible solutions: --workspaces")
        .endsWith("see: portage worker --help\n");
  }

  @Test
  void aSecretInThePlatformFileIsRefusedWithoutShowingIt() throws Exception {
    Path file = TestPlatform.write(folder);
    Files.writeString(
        file, Files.readString(file).replace("file:prod.token", TestPlatform.PROD_TOKEN));
    assertThat(run(Map.of(), "--platform", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(file + ":9: workspaces.prod.token");
    assertThat(out.toString() + err).doesNotContain(TestPlatform.PROD_TOKEN);
  }

  private int run(Map<String, String> environment, String... arguments) {
    return new CommandLine(new WorkerCommand(environment, () -> {}))
        .setParameterExceptionHandler(WorkerCommand::usageError)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
