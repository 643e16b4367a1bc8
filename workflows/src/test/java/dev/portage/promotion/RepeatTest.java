package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.identity.Authorship;
import dev.portage.identity.Involved;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The command that repeats a promotion means the same wherever it is pasted. */
class RepeatTest {

  @Test
  void aCommitIsNamed() {
    assertThat(Repeat.of(PromotionEngine.start(List.of(), null)))
        .isEqualTo("portage start promotion.yaml --commit 0123456789ab --again --reason TEXT");
  }

  @Test
  void aVersionComesWithTheCommitThatScoresWithItAndWithWhoMadeIt() {
    PromotionStart start = PromotionEngine.start(List.of(), "7");
    PromotionStart made =
        start.toBuilder()
            .authorship(
                new Authorship(
                    List.of(
                        new Involved(Involved.Hand.NAMED, "ana@example.com"),
                        new Involved(Involved.Hand.NAMED, "Kim Lee"),
                        new Involved(Involved.Hand.NAMED, "$(id)"),
                        new Involved(Involved.Hand.TRAINED, "rui@example.com")),
                    List.of(),
                    Map.of(),
                    List.of(),
                    true))
            .build();

    assertThat(Repeat.olderAllowed(made))
        .isEqualTo(
            "portage start promotion.yaml --version 7 --commit 0123456789ab --made-by"
                + " ana@example.com --made-by \"Kim Lee\" --made-by NAME --allow-older --again"
                + " --reason TEXT");
  }
}
