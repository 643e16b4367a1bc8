package dev.portage.sandbox.temporal;

import dev.portage.sandbox.process.KeptProcess;
import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.sandbox.process.PortTakenException;
import dev.portage.sandbox.process.Startup;
import dev.portage.sandbox.process.SupervisedProcess;
import dev.portage.temporal.PromotionAttributes;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * The dev server of the program {@code temporal}: a real one, with Web UI and list; started again
 * on the same database when it dies.
 */
public final class DevTemporal implements TemporalServer {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

  private final SupervisedProcess server;
  private final String address;
  private final URI ui;
  private final String version;

  private DevTemporal(SupervisedProcess server, String address, URI ui, String version) {
    this.server = server;
    this.address = address;
    this.ui = ui;
    this.version = version;
  }

  /**
   * Where it serves.
   *
   * @param port of its gRPC door
   * @param ui port of its Web UI
   */
  public record Doors(int port, int ui) {}

  /**
   * Starts it and returns once it answers.
   *
   * @param keeper watches over it
   * @param cli the program
   * @param folder its database, there again on the next start
   * @param log where its output goes, by number of the start
   * @param told gets a line whenever it has died, with what was done about it
   */
  public static DevTemporal start(
      Keeper keeper,
      Path cli,
      Path folder,
      Doors doors,
      IntFunction<Path> log,
      Consumer<String> told)
      throws IOException {
    Path home = Files.createDirectories(folder).toAbsolutePath();
    List<String> command = command(cli, home, doors);
    String address = "127.0.0.1:" + doors.port();
    SupervisedProcess server =
        SupervisedProcess.start(
            "Temporal",
            start -> KeptProcess.start(keeper, command, Map.of(), home, log.apply(start)),
            process -> awaitAnswer(process, address),
            told,
            () -> {});
    return new DevTemporal(
        server, address, URI.create("http://127.0.0.1:" + doors.ui()), version(cli));
  }

  private static List<String> command(Path cli, Path home, Doors doors) {
    List<String> command =
        new ArrayList<>(
            List.of(
                cli.toString(),
                "server",
                "start-dev",
                "--namespace",
                NAMESPACE,
                "--ip",
                "127.0.0.1",
                "--port",
                Integer.toString(doors.port()),
                "--ui-port",
                Integer.toString(doors.ui()),
                "--db-filename",
                home.resolve("temporal.db").toString(),
                "--log-level",
                "warn"));
    for (String name : PromotionAttributes.names()) {
      command.addAll(List.of("--search-attribute", name + "=Keyword"));
    }
    return command;
  }

  private static void awaitAnswer(KeptProcess process, String address) throws IOException {
    WorkflowServiceStubs stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(address).build());
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    try {
      while (!answers(stubs)) {
        if (!process.isAlive()) {
          throw PortTakenException.of("Temporal ended while it started" + Startup.said(process));
        }
        if (System.nanoTime() > deadline) {
          throw new IOException(
              "Temporal did not answer within "
                  + START_TIMEOUT.toSeconds()
                  + " s"
                  + Startup.said(process));
        }
        Thread.sleep(Duration.ofMillis(100));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Temporal started", e);
    } finally {
      stubs.shutdownNow();
    }
  }

  /** The namespace comes a moment after the port. */
  private static boolean answers(WorkflowServiceStubs stubs) {
    try {
      stubs
          .blockingStub()
          .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          .describeNamespace(DescribeNamespaceRequest.newBuilder().setNamespace(NAMESPACE).build());
      return true;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  private static String version(Path cli) throws IOException {
    Process process =
        new ProcessBuilder(cli.toString(), "--version")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    // "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"
    String says =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int server = says.indexOf("(Server ");
    return server < 0 ? says : says.substring(server + 1).replace(")", "");
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public Optional<URI> ui() {
    return Optional.of(ui);
  }

  @Override
  public long pid() {
    return server.pid();
  }

  @Override
  public String says() {
    return "Temporal " + version + " on " + address() + ", Web UI " + ui;
  }

  @Override
  public void close() {
    server.close();
  }
}
