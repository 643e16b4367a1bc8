package dev.portage.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NotKnownTest {

  @Test
  void theIdsThatBeginMostAlikeAreNamed() {
    assertThat(
            NotKnown.text(
                "rollback/prod/churn/9",
                List.of(
                    "rollback/qa/churn/1",
                    "rollback/prod/churn/2",
                    "rollback/prod/churn/1",
                    "rollback/prod/diabetes/1")))
        .isEqualTo(
            "rollback/prod/churn/9 does not exist; the nearest: rollback/prod/churn/2,"
                + " rollback/prod/churn/1, rollback/prod/diabetes/1; list promotions with: portage"
                + " list");
  }

  @Test
  void whereNothingIsListedTheListIsNamed() {
    assertThat(NotKnown.text("watch/prod/churn/9", List.of()))
        .isEqualTo("watch/prod/churn/9 does not exist; list promotions with: portage list");
    assertThat(NotKnown.text("adopt/prod/churn", List.of()))
        .endsWith("; list what was adopted with: portage history MODEL");
  }

  @Test
  void aMisspelledKindIsQuestioned() {
    assertThat(NotKnown.text("promotion/rollbak/prod/churn/1", List.of()))
        .contains("did you mean rollback/prod/churn/1? list promotions");
    assertThat(NotKnown.text("promotion/churn/0123456789ab/2", List.of()))
        .doesNotContain("did you mean");
  }

  @Test
  void aModelThatNothingIsKnownOfIsToldWithThoseThatAre() {
    assertThat(NotKnown.model("chrun", List.of("churn", "diabetes")))
        .contains(
            "no promotion of chrun is known here; did you mean \"churn\"? known models: churn,"
                + " diabetes");
    assertThat(NotKnown.model("churn", List.of("churn"))).isEmpty();
    assertThat(NotKnown.model("churn", List.of())).isEmpty();
    List<String> many = IntStream.range(0, 13).mapToObj(i -> "model-of-" + i).toList();
    assertThat(NotKnown.model("x", many).orElse("")).endsWith("model-of-9 and 3 more");
  }
}
