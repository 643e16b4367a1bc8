package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A second release is taken back by the command, on real servers. */
@SharesTheWorld
class RollbackIT {

  @Test
  void theReleaseBeforeIsLiveAgainAndTheRowsOfTheOneThatWasLeftAreGone() throws IOException {
    Team team = Team.tiny("goback");
    released(team, "first");
    Path note = team.repository().folder().resolve("NOTES.txt");
    Files.writeString(note, "a second version\n");
    String second = released(team, "second");

    Commands.Result none =
        team.commands().json("rollback", "goback", "--by", "ana@example.com", "--yes");
    assertThat(none.code()).isEqualTo(2);
    Commands.Result never =
        team.commands()
            .json(
                "rollback",
                "goback",
                "--to",
                "9",
                "--reason",
                "x",
                "--by",
                "a@example.com",
                "--yes");
    assertThat(never.code()).isEqualTo(2);
    assertThat(never.out())
        .contains("version 9 was never released there")
        .contains("versions 2, 1");

    Commands.Result back =
        team.commands()
            .json(
                "rollback",
                "goback",
                "--reason",
                "it is wrong",
                "--by",
                "ana@example.com",
                "--yes");

    assertThat(back.code()).as(back.out()).isZero();
    assertThat(back.out())
        .contains("\"id\" : \"rollback/prod/goback/1\"")
        .contains("\"state\" : \"DONE\"")
        .contains("version 2 → version 1 in prod")
        .contains("rows of batch " + second + "/prod were removed");
    assertThat(team.commands().run("status", "rollback/prod/goback/1").out())
        .contains("it is wrong")
        .contains("✓");
    assertThat(team.commands().run("list", "--model", "goback").out())
        .contains("rollback/prod/goback/1");
    assertThat(team.commands().run("history", "goback").out()).contains("it is wrong");
  }

  private static String released(Team team, String message) throws IOException {
    String id = team.commit(message);
    assertThat(team.start().code()).isEqualTo(4);
    Commands.Result end = team.approveAndWatch(id);
    assertThat(end.code()).as(end.out()).isZero();
    return id;
  }
}
