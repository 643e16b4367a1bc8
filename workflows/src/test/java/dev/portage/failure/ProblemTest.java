package dev.portage.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a problem says where there is one line for it. */
class ProblemTest {

  private static final String TRIED = "soak of version 4 failed in workspace prod: ";

  @Test
  void inOneLineTheReasonEndsBeforeTheRemedyBegins() {
    assertThat(problem("3 requests came,\nand 20 are needed", List.of(), null).line())
        .isEqualTo(TRIED + "3 requests came, and 20 are needed. A new request opens.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"the table is gone.", "is it there?", "no!", "it was cut…"})
  void aSentenceThatHasItsEndGetsNoOther(String cameBack) {
    assertThat(problem(cameBack, List.of(), null).line())
        .isEqualTo(TRIED + cameBack + " A new request opens.");
  }

  @Test
  void traceAndPageBelongToTheReason() {
    assertThat(
            problem(
                    "its cell failed",
                    List.of("File a.py", "  KeyError: 'x'"),
                    URI.create("https://prod.example.com/run/1"))
                .line())
        .isEqualTo(
            TRIED
                + "its cell failed File a.py KeyError: 'x' (see https://prod.example.com/run/1). A new"
                + " request opens.");
  }

  private static Problem problem(String cameBack, List<String> trace, @Nullable URI page) {
    return new Problem(
        FailureKind.USER,
        "soak of version 4",
        "workspace prod",
        cameBack,
        "A new request opens.",
        trace,
        page);
  }
}
