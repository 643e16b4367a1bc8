package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portage.sandbox.Commands;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.SharesTheWorld;
import dev.portage.sandbox.Sizes;
import dev.portage.sandbox.Team;
import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.Together;
import dev.portage.sandbox.Witness;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many commits of one model are promoted at the same time. */
@SharesTheWorld
class AtOnceIT {

  private static final int MANY = 8;

  @Test
  @Tag("S1.10")
  void ofEightPromotionsOfOneModelTheNewestIsReleasedAndNothingOfTheOthersIs() throws Exception {
    World world = TheWorld.world();
    assumeThat(Sizes.EVERYTHING).as("only in -Pstack").isTrue();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    try (Witness witness = new Witness(world)) {
      Team team = Team.tiny("at_once");
      Production production = new Production(team, witness);
      List<String> promotions = new ArrayList<>();
      List<Commands> checkouts = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        promotions.add(production.commit());
        checkouts.add(new Commands(checkout(team, i)));
      }

      List<CompletableFuture<Result>> starts =
          checkouts.stream()
              .map(checkout ->
                  Together.begin(
                      () -> checkout.json("start", "promotion.yaml", "--by", "sam@example.com")))
              .toList();

      String newest = promotions.getLast();
      for (int i = 0; i < MANY; i++) {
        Result start = starts.get(i).join();
        String state = start.json().path("state").asText();
        assertThat(state)
            .as(start.out())
            .isEqualTo(promotions.get(i).equals(newest) ? "WAITING" : "SUPERSEDED");
        assertThat(start.json().path("id").asText()).isEqualTo(promotions.get(i));
        if (state.equals("SUPERSEDED")) {
          assertThat(start.out()).contains("superseded by promotion/at_once/");
        }
      }
      Result end = team.approveAndWatch(newest);
      assertThat(end.code()).as(end.out()).isZero();
      production.isWhole(production.released(newest), List.of("1"));
      assertThat(production.log()).containsExactly("RELEASE 1");
      assertThat(witness.runs("prod", newest)).hasSize(1);
      for (String older : promotions.subList(0, MANY - 1)) {
        assertThat(witness.runs("prod", older)).as(older).isEmpty();
        assertThat(witness.runs("dev", older)).as(older).hasSizeLessThanOrEqualTo(1);
      }
    }
  }

  /** The repository as it is now, for a command of its own. */
  private static Path checkout(Team team, int number) throws IOException {
    Path from = team.repository().folder();
    Path to = TheWorld.folder("at_once-" + number).resolve("repository");
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
            return FileVisitResult.CONTINUE;
          }
        });
    return to;
  }
}
