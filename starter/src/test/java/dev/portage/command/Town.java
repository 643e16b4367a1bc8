package dev.portage.command;

import dev.portage.connection.Namespace;
import dev.portage.connection.TemporalConnection;
import dev.portage.hello.HelloWorkflowImpl;
import dev.portage.preflight.PreflightWorkflow;
import dev.portage.promotion.PromotionStart;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.Queues;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Temporal server on a port, a worker with hand-written workflows, and a terminal. */
final class Town implements AutoCloseable {

  private final Closeable server;
  private final TemporalConnection connection;
  private final String address;
  private final Path folder;
  private final FakePreflight.Laid laid = new FakePreflight.Laid();
  private WorkflowServiceStubs workerStubs;
  private WorkerFactory factory;

  /** The result of a command. */
  record Ran(int code, String out, String err) {}

  /** A server and its port. */
  private record Bound(int port, Closeable server) {

    private static final int ATTEMPTS = 10;

    /** A port that was free may be somebody's connection a moment later: then another one. */
    static Bound toFreePort() throws IOException {
      for (int attempt = 1; ; attempt++) {
        int port = freePort();
        try {
          return new Bound(port, TestServer.createPortBoundServer(port, true));
        } catch (RuntimeException e) {
          if (attempt == ATTEMPTS || !(e.getCause() instanceof IOException)) {
            throw e;
          }
        }
      }
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }
  }

  /** A town around the in-process server. */
  Town(Path folder) throws IOException {
    this(folder, Bound.toFreePort());
  }

  private Town(Path folder, Bound bound) {
    this(folder, "127.0.0.1:" + bound.port(), bound.server());
  }

  /**
   * A town around an external server.
   *
   * @param server what to close at the end
   */
  Town(Path folder, String address, Closeable server) {
    this.folder = folder;
    this.address = address;
    this.server = server;
    connection = TemporalConnection.open(environment(Map.of()), folder);
    new Namespace(connection).addSearchAttributes();
    workerStubs = newStubs();
    factory = newFactory(workerStubs);
  }

  /** Starts a promotion of version 1 of a model, as the worker's fake knows it. */
  WorkflowStub promotion(String model) {
    WorkflowStub promotion =
        client()
            .newUntypedWorkflowStub(
                "PromotionWorkflow",
                WorkflowOptions.newBuilder()
                    .setWorkflowId("promotion/" + model + "/x")
                    .setTaskQueue("portage")
                    .build());
    promotion.start(
        PromotionStart.of(model, "x")
            .file("promotion.yaml", "", "0".repeat(64))
            .version("1")
            .startedBy("ana@example.com")
            .build());
    return promotion;
  }

  /** Starts a worker. */
  Town working() {
    if (factory.isShutdown()) {
      workerStubs = newStubs();
      factory = newFactory(workerStubs);
    }
    factory.start();
    return this;
  }

  /** Stops the worker. */
  void workerGoes() {
    factory.shutdownNow();
    factory.awaitTermination(10, TimeUnit.SECONDS);
    // A dead worker's connection is closed, too; otherwise the server would keep handing it tasks.
    workerStubs.shutdownNow();
    workerStubs.awaitTermination(10, TimeUnit.SECONDS);
  }

  /** The findings of preflights here. */
  FakePreflight.Laid laid() {
    return laid;
  }

  /** Host and port of the server. */
  String address() {
    return address;
  }

  WorkflowClient client() {
    return connection.client();
  }

  TemporalConnection connection() {
    return connection;
  }

  Ran run(String... arguments) {
    return run(Map.of(), arguments);
  }

  Ran run(Map<String, String> variables, String... arguments) {
    return run(folder, variables, arguments);
  }

  /** Runs a command in a terminal, in which someone types a line. */
  Ran typing(String line, String... arguments) {
    return run(folder, Map.of(), true, () -> line, arguments);
  }

  /** Runs a command in another folder. */
  Ran run(Path elsewhere, Map<String, String> variables, String... arguments) {
    return run(elsewhere, variables, false, () -> null, arguments);
  }

  private Ran run(
      Path elsewhere,
      Map<String, String> variables,
      boolean terminal,
      CommandEnvironment.Typed typed,
      String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        PortageCommand.run(
            new CommandEnvironment(
                environment(variables),
                elsewhere,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Clock.system(ZoneOffset.UTC),
                new CommandEnvironment.Timeouts(
                    Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofSeconds(3)),
                terminal,
                typed),
            arguments);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Map<String, String> environment(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.putIfAbsent("TEMPORAL_ADDRESS", address);
    all.put("TEMPORAL_NAMESPACE", "default");
    all.putIfAbsent("PORTAGE_USER", "ana@example.com");
    return all;
  }

  private WorkflowServiceStubs newStubs() {
    return WorkflowServiceStubs.newServiceStubs(
        WorkflowServiceStubsOptions.newBuilder().setTarget(address).build());
  }

  private WorkerFactory newFactory(WorkflowServiceStubs stubs) {
    WorkflowClient client =
        WorkflowClient.newInstance(
            stubs,
            WorkflowClientOptions.newBuilder()
                .setNamespace("default")
                .setDataConverter(Payloads.dataConverter())
                .build());
    // Without a cache a worker leaves behind nothing that the next one would wait for.
    WorkerFactory made =
        WorkerFactory.newInstance(
            client, WorkerFactoryOptions.newBuilder().setWorkflowCacheSize(0).build());
    Worker worker = made.newWorker(Queues.PORTAGE);
    worker.registerWorkflowImplementationTypes(
        FakePromotion.class,
        FakeCopy.class,
        FakeAdopt.class,
        FakeRollback.class,
        FakeLiveWatch.class,
        FakeFinish.class,
        FakeHistory.class,
        FakeLane.class,
        FakeUnderway.class,
        FakeOrder.class,
        HelloWorkflowImpl.class);
    worker.registerWorkflowImplementationFactory(
        PreflightWorkflow.class, () -> new FakePreflight(laid));
    return made;
  }

  @Override
  public void close() throws IOException {
    workerGoes();
    connection.close();
    server.close();
  }
}
