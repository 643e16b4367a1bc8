package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.checkout.TemporaryRepository;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A promotion that has ended does not claim that its version is live still. */
@Timeout(120)
class ReleasedEarlierTest {

  @AutoClose private final Town town;
  private final TemporaryRepository repository;

  ReleasedEarlierTest(@TempDir Path folder) throws IOException {
    repository = new TemporaryRepository(folder);
    repository.git("remote", "add", "origin", "https://github.com/team/models.git");
    town = new Town(folder).working();
  }

  @Test
  void aStartOfWhatWasRolledBackSaysByWhatAndWhatIsLive() {
    released("returns");

    Town.Ran again = town.run("start", "promotion.yaml");

    assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.DONE);
    assertThat(again.out())
        .contains("already ended")
        .contains("rolled back since by rollback/prod/returns/1: version 3 is live");
  }

  @Test
  void whereTheLogDoesNotAnswerItSaysWhereToLook() {
    released("silent");

    assertThat(town.run("start", "promotion.yaml").out())
        .contains("version 4 went live in prod at ")
        .contains("what is live now: portage history silent");
  }

  @Test
  void statusAndReportSayWhenItWentLiveAndWhereToLookForWhatIs() {
    String id = released("returns");

    assertThat(town.run("status", id).out())
        .containsPattern("went live +version 4 in prod, ")
        .contains("portage history returns");
    assertThat(town.run("report", id).out()).contains("Went live").doesNotContain("  Live\n");
  }

  private String released(String model) {
    String commit =
        repository
            .write("promotion.yaml", "model: " + model + "\ntrain: train.py\n")
            .write("train.py", "# Databricks notebook source\nx\n")
            .commit(model);
    town.run("start", "promotion.yaml");
    String id = "promotion/" + model + "/" + commit.substring(0, 12);
    town.run("approve", id, "--by", "kim@example.com");
    town.run("watch", id);
    return id;
  }
}
