package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.localworkspace.calls.CallRecord;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.world.World;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Two processes with half the secrets each. */
@OwnsTheWorld
class TwoWorkersIT {

  @Test
  void eachHoldsOnlyItsOwnWorkspacesSecretsAndTheReadingLoginOfItsSource() throws IOException {
    assertThat(secrets("dev")).containsExactly("dev-reader.token", "dev.token");
    assertThat(secrets("prod"))
        .containsExactly("dev-reader.token", "prod-reader.token", "prod.token");
  }

  @Test
  @Tag("S0.16")
  void togetherTheyFinishAPromotionAndEachCallsOnlyItsWorkspaces() throws IOException {
    World world = TheWorld.world();
    // Earlier calls belong to other tests.
    int dev = world.workspace("dev").calls().all().size();
    int prod = world.workspace("prod").calls().all().size();
    Team team = Team.tiny("halves");
    String promotion = team.commit("Carried by two");

    Result waiting = team.start();
    assertThat(waiting.code()).as(waiting.out()).isEqualTo(4);
    Result end = team.approveAndWatch(promotion);

    assertThat(end.code()).as(end.out()).isEqualTo(0);
    assertThat(users(world, "dev", dev))
        .containsExactlyInAnyOrder("portage-dev@example.com", "portage-dev-reader@example.com");
    assertThat(users(world, "prod", prod)).containsExactly("portage-prod@example.com");
    List<CallRecord> reading =
        world.workspace("dev").calls().all().stream()
            .skip(dev)
            .filter(call -> "portage-dev-reader@example.com".equals(call.user()))
            .toList();
    assertThat(reading).isNotEmpty();
    assertThat(reading)
        .as("the reading login changes nothing")
        .allMatch(call -> call.method().equals("GET") || call.path().endsWith("/search"));
    assertThat(histories(world, promotion))
        .allSatisfy(history ->
            assertThat(history)
                .contains("halves")
                .doesNotContain(tokens(world).toArray(String[]::new)));
  }

  @Test
  @Tag("S0.16")
  @Tag("S0.19")
  @EnabledOnOs(OS.LINUX)
  void noSecretIsInACommandLineAVariableOrALog() throws IOException {
    World world = TheWorld.world();
    Set<String> tokens = tokens(world);
    for (String name : World.WORKSPACES) {
      Path process = Path.of("/proc", Long.toString(world.worker(name).pid()));
      for (String part : List.of("cmdline", "environ")) {
        assertThat(Files.readString(process.resolve(part)))
            .doesNotContain(tokens.toArray(String[]::new));
      }
    }
    try (Stream<Path> logs = Files.list(world.folder().state().resolve("logs"))) {
      for (Path log : (Iterable<Path>) logs::iterator) {
        assertThat(Files.readString(log)).doesNotContain(tokens.toArray(String[]::new));
      }
    }
  }

  private static Set<String> tokens(World world) throws IOException {
    Set<String> tokens = new TreeSet<>();
    for (String name : World.WORKSPACES) {
      tokens.add(Files.readString(world.token(name)).strip());
      tokens.add(
          Files.readString(world.folder().workspace(name).resolve(name + "-reader.token")).strip());
    }
    return tokens;
  }

  /** Everything that Temporal stores of a promotion and its lane, as text. */
  private static List<String> histories(World world, String promotion) {
    WorkflowServiceStubs temporal =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(world.temporal().address()).build());
    try {
      WorkflowClient client = WorkflowClient.newInstance(temporal);
      List<String> all = new ArrayList<>();
      for (String workflow : List.of(promotion, "lane/prod/halves")) {
        // Not as JSON, where payloads are in base64 and can't be searched.
        all.add(client.fetchHistory(workflow).getHistory().toString());
      }
      return all;
    } finally {
      temporal.shutdownNow();
    }
  }

  private static Set<String> secrets(String worker) throws IOException {
    try (Stream<Path> files = Files.list(TheWorld.world().folder().worker(worker))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".token"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Set<String> users(World world, String workspace, int from) {
    return world.workspace(workspace).calls().all().stream()
        .skip(from)
        .map(call -> String.valueOf(call.user()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
