package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors say where they are, what is allowed and how to fix them; and nothing starts. */
@OwnsTheWorld
class RefusalIT {
  private static final int WRONG = 2;

  private final World world = TheWorld.world();
  private Team team = team();
  private PlatformFiles platform = new PlatformFiles(world);

  private static Team team() {
    try {
      return Team.with("diabetes", "refused");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void rememberThePlatformsFiles() {
    platform = new PlatformFiles(world);
  }

  @AfterEach
  void putThemBack() {
    platform.restore();
  }

  /** A change to promotion.yaml, and what the message must contain. */
  static Stream<Arguments> wrongFiles() {
    return Stream.of(
        Arguments.of("model:", "modle:", List.of("promotion.yaml:2", "modle", "model")),
        Arguments.of("check: notebooks/check.py", "check: 7", List.of("promotion.yaml:3", "check")),
        Arguments.of("\"<= 60\"", "\"about 60\"", List.of("promotion.yaml:6", "about 60", ">=")),
        Arguments.of(
            "batch:",
            "path: [dev, moon]\nbatch:",
            List.of("moon", "dev", "prod", "promotion.yaml")),
        Arguments.of(
            "table: refused_predictions",
            "table: file:password.txt",
            List.of("promotion.yaml:10", "portage.yaml")),
        Arguments.of(
            "batch:", "serve:\n  mode: x\nbatch:", List.of("promotion.yaml:9", "mode", "serve")),
        Arguments.of(
            "notebooks/train.py",
            "notebooks/tain.py",
            List.of("notebooks/tain.py", "notebooks/train.py")));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("wrongFiles")
  void aWrongFileIsRefused(String right, String wrong, List<String> said) throws IOException {
    team.change("promotion.yaml", right, wrong);
    refused(said);
  }

  @Test
  void aWorkspaceThatIsItsOwnTargetIsRefused() throws IOException {
    platform.change(PlatformFiles::prodAtDev);

    refused(List.of("portage.yaml", "dev", "prod"));
  }

  @Test
  @Tag("S1.21")
  void anUnknownPoolIsRefusedWithTheKnownOnes() throws IOException {
    platform.change(text -> text.replaceAll("pool: \\S+", "pool: deep-end"));

    refused(List.of("deep-end", "pool"));
  }

  @Test
  void aWrongTokenIsRefusedAndNotShown() throws IOException {
    String wrong = "wrong-token-of-this-test";
    platform.token("prod", "prod.token", wrong);

    String out = refused(List.of("prod", "prod.token", "403", "databricks tokens create"));
    assertThat(out).doesNotContain(wrong);
  }

  @Test
  @Tag("S1.14")
  void aMissingRightIsRefusedWithTheGrant() throws IOException {
    Path reader = world.folder().workspace("prod").resolve("prod-reader.token");
    platform.token("prod", "prod.token", Files.readString(reader).strip());

    refused(List.of("prod", "portage-prod-reader@example.com", "databricks users patch"));
  }

  @Test
  void aStepThatTheWorkspacesKindCannotDoIsRefused() throws IOException {
    // A bare MLflow server accepts models and runs no jobs.
    platform.change(text -> PlatformFiles.bareProd(text, world.mlflow("prod")));

    refused(List.of("batch", "prod", "mlflow", "databricks"));
  }

  private String refused(List<String> said) throws IOException {
    String promotion = team.commit("Something is wrong with it");

    Result result = team.commands().run("start", "promotion.yaml", "--by", "sam@example.com");

    assertThat(result.code()).as(result.out()).isEqualTo(WRONG);
    assertThat(result.out()).contains(said.toArray(String[]::new));
    assertThat(team.commands().run("status", promotion).code()).isEqualTo(WRONG);
    try (Witness witness = new Witness(world)) {
      assertThat(witness.runs("dev", promotion)).isEmpty();
      assertThat(witness.submittedRuns("dev", "refused")).isEmpty();
      for (String workspace : World.WORKSPACES) {
        assertThat(witness.versions(workspace, "refused")).isEmpty();
      }
    }
    return result.out();
  }
}
