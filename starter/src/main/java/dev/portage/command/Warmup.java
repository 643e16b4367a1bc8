package dev.portage.command;

import com.google.protobuf.util.Timestamps;
import dev.portage.checkout.CheckoutException;
import dev.portage.checkout.NewRepository;
import dev.portage.init.NewProject;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.common.v1.WorkflowType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceImplBase;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs commands against a server of its own that knows one promotion and little else, and exits. A
 * launcher does this once, and the JVM caches the classes that were loaded: later starts are fast.
 */
public final class Warmup {

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("--help"),
          List.of("list", "--help"),
          List.of("list"),
          List.of("list", "--output", "json"),
          List.of("status", "promotion/warmup/0123456789ab"),
          List.of("plan", "promotion.yaml"),
          List.of());

  private Warmup() {}

  /** Argument: a folder to work in, which is made. */
  public static void main(String[] arguments) throws IOException {
    PortageCommand.quieten();
    Path folder = Files.createDirectories(Path.of(arguments[0])).toAbsolutePath();
    run(folder);
    // Threads of the server are no reason to stay.
    System.exit(0);
  }

  /** Runs the commands in a folder that is there; what they answer doesn't matter. */
  public static void run(Path folder) throws IOException {
    NewProject.write(folder, "warmup");
    try {
      NewRepository.at(folder);
    } catch (CheckoutException _) {
      // Without git, or inside another repository, the rest is still worth it.
    }
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new OnePromotion())
            .build()
            .start();
    try {
      CommandEnvironment environment = environment(folder, server.getPort());
      COMMANDS.forEach(command -> PortageCommand.run(environment, command.toArray(String[]::new)));
    } finally {
      server.shutdownNow();
    }
  }

  private static CommandEnvironment environment(Path folder, int port) {
    Map<String, String> variables = new HashMap<>();
    variables.put("TEMPORAL_ADDRESS", "127.0.0.1:" + port);
    variables.put("PATH", System.getenv().getOrDefault("PATH", ""));
    variables.put("USER", "warmup");
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new CommandEnvironment(
        variables,
        folder,
        nowhere,
        nowhere,
        Clock.systemUTC(),
        new CommandEnvironment.Timeouts(
            Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofSeconds(2)),
        false);
  }

  /** A Temporal server that lists one promotion; to what else it is asked it has no answer. */
  private static final class OnePromotion extends WorkflowServiceImplBase {

    @Override
    public void getSystemInfo(
        GetSystemInfoRequest request, StreamObserver<GetSystemInfoResponse> answer) {
      answer.onNext(GetSystemInfoResponse.getDefaultInstance());
      answer.onCompleted();
    }

    @Override
    public void describeNamespace(
        DescribeNamespaceRequest request, StreamObserver<DescribeNamespaceResponse> answer) {
      answer.onNext(DescribeNamespaceResponse.getDefaultInstance());
      answer.onCompleted();
    }

    @Override
    public void listWorkflowExecutions(
        ListWorkflowExecutionsRequest request,
        StreamObserver<ListWorkflowExecutionsResponse> answer) {
      answer.onNext(
          ListWorkflowExecutionsResponse.newBuilder()
              .addExecutions(
                  WorkflowExecutionInfo.newBuilder()
                      .setExecution(
                          WorkflowExecution.newBuilder()
                              .setWorkflowId("promotion/warmup/0123456789ab")
                              .setRunId("00000000-0000-0000-0000-000000000000"))
                      .setType(WorkflowType.newBuilder().setName("PromotionWorkflow"))
                      .setStartTime(Timestamps.EPOCH)
                      .setStatus(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING))
              .build());
      answer.onCompleted();
    }
  }
}
