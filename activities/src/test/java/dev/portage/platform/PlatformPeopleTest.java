package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.People;
import dev.portage.approval.PeopleQuery;
import dev.portage.document.Reading;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PlatformPeopleTest {

  private static final String FILE =
      """
      workspaces:
        dev:  { host: "http://127.0.0.1:1001", token: "file:dev.token" }
        prod: { mlflow: "http://127.0.0.1:5002" }
      identity: claimed
      groups:
        owners: ["Ana Lima <ANA@example.com>", AnaL, rui@example.com]
      people:
        ana@example.com: [ana.l@old.example.com, AnaL]
        rui@example.com: 12+Rui@users.noreply.github.com
      """;

  private final AtomicReference<String> file = new AtomicReference<>(FILE);
  private final PlatformPeople people = new PlatformPeople(() -> platform(file.get()));

  @Test
  void aPersonIsInAGroupUnderAnyOfTheirNames() {
    People read = ask("anal", "Ana.L@old.example.com", "rui@users.noreply.github.com", "eve");

    assertThat(read.persons())
        .containsEntry("anal", "ana@example.com")
        .containsEntry("Ana.L@old.example.com", "ana@example.com")
        .containsEntry("rui@users.noreply.github.com", "rui@example.com")
        .containsEntry("eve", "eve");
    assertThat(read.members())
        .containsOnlyKeys("owners")
        .containsEntry(
            "owners", List.of("anal", "Ana.L@old.example.com", "rui@users.noreply.github.com"));
    assertThat(read.sizes()).containsEntry("owners", 2);
  }

  @Test
  void othersInAGroupAreNamedForMessages() {
    assertThat(ask("AnaL", "eve").named()).isEqualTo(Map.of("owners", List.of("rui@example.com")));
  }

  @Test
  void theFileIsReadForEachQuestion() {
    assertThat(ask("rui@example.com").members().get("owners")).containsExactly("rui@example.com");
    file.set(FILE.replace(", rui@example.com]", "]"));
    assertThat(ask("rui@example.com").members().get("owners")).isEmpty();
    file.set(FILE.replace("people:", "peple:"));
    assertThatThrownBy(() -> ask("rui@example.com")).hasMessageContaining("peple");
  }

  @Test
  void aNameThatIsNoPersonsIsRefusedInTheFile() {
    assertThat(
            Platform.read("portage.yaml", FILE.replace("AnaL, rui", "\"--\", rui"), TestKinds.ALL))
        .isInstanceOfSatisfying(
            Reading.Wrong.class,
            wrong -> assertThat(wrong.errors().toString()).contains("which is not a person"));
  }

  @Test
  void aGroupWithoutAListIsReportedWithEveryoneListed() {
    for (String unlisted : List.of("approvers", "anybody")) {
      People read =
          people.people(
              new PeopleQuery(List.of("rui@example.com", "eve@example.com"), List.of(unlisted)));

      assertThat(read.members()).containsExactly(Map.entry("owners", List.of("rui@example.com")));
    }
    assertThat(people.people(new PeopleQuery(List.of("eve"), List.of())).members()).isEmpty();
  }

  private People ask(String... names) {
    return people.people(new PeopleQuery(List.of(names), List.of("owners", "risk")));
  }

  private static Platform platform(String text) {
    return switch (Platform.read("portage.yaml", text, TestKinds.ALL)) {
      case Reading.Good<Platform>(Platform platform) -> platform;
      case Reading.Wrong<Platform> wrong ->
          throw FileFault.of("portage.yaml", wrong.errors(), "Correct it.");
    };
  }
}
