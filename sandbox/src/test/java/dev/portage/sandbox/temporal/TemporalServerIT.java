package dev.portage.sandbox.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portage.sandbox.RealServers;
import dev.portage.sandbox.process.Ports;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class TemporalServerIT {
  @TempDir Path folder;

  @Test
  void theServerInTheJvmKnowsTheSearchAttributesAndSaysWhatItLacks() throws Exception {
    try (TemporalServer server = InJvmTemporal.start(Ports.free())) {
      assertThat(names()).allMatch(name -> takes(server, name));
      assertThat(takes(server, "Unknown")).isFalse();
      assertThat(server.says()).contains("'portage list' and the Web UI don't work");
      assertThat(server.ui()).isEmpty();
    }
  }

  @Test
  void aRealServerKnowsTheSearchAttributesAlsoOnItsSecondStart() throws Exception {
    Optional<Path> cli =
        TemporalCli.find(RealServers.root().resolve(".portage"), System.getenv(), _ -> {});
    assumeTrue(cli.isPresent(), "no 'temporal' on this machine");
    for (int start = 0; start < 2; start++) {
      try (TemporalServer server =
          DevTemporal.start(
              RealServers.keeper(),
              cli.orElseThrow(),
              folder,
              new DevTemporal.Doors(Ports.free(), Ports.free()),
              number -> folder.resolve("temporal-" + number + ".log"),
              _ -> {})) {
        assertThat(names()).allMatch(name -> takes(server, name));
        assertThat(takes(server, "Unknown")).isFalse();
        assertThat(server.ui()).isPresent();
      }
    }
  }

  private static List<String> names() {
    return dev.portage.temporal.PromotionAttributes.names();
  }

  /** Whether a workflow may have a search attribute with that name. */
  private static boolean takes(TemporalServer server, String attribute) {
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(server.address()).build());
    try {
      WorkflowStub workflow =
          WorkflowClient.newInstance(service)
              .newUntypedWorkflowStub(
                  "Nothing",
                  WorkflowOptions.newBuilder()
                      .setTaskQueue("nobody")
                      .setWorkflowId("with-" + attribute)
                      .setTypedSearchAttributes(
                          SearchAttributes.newBuilder()
                              .set(SearchAttributeKey.forKeyword(attribute), "a value")
                              .build())
                      .build());
      workflow.start();
      workflow.terminate("only the start was of interest");
      return true;
    } catch (WorkflowServiceException e) {
      assertThat(e).hasStackTraceContaining("search attribute " + attribute);
      return false;
    } finally {
      service.shutdownNow();
    }
  }
}
