package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.freeze.Freeze;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Freezes by dates, in the platform file. */
class FreezeReaderTest {

  private static final String WORKSPACES = "workspaces: {dev: {}, test: {}, prod: {}}\n";

  private final List<ValidationError> errors = new ArrayList<>();

  @Test
  void aFreezeIsReadWithItsPlace() {
    List<PlannedFreeze> freezes =
        read(
            """
            freezes:
              - workspaces: prod
                from: 2026-12-20T00:00Z
                until: "2027-01-02 06:00 Europe/Berlin"
                reason: end of the year
            """);

    assertThat(errors).isEmpty();
    assertThat(freezes)
        .singleElement()
        .satisfies(planned -> {
          assertThat(planned.from()).isEqualTo("2026-12-20T00:00:00Z");
          assertThat(planned.until()).isEqualTo("2027-01-02T05:00:00Z");
          assertThat(planned.of("dev")).isEmpty();
        });
    Freeze freeze = freezes.getFirst().of("prod").orElseThrow();
    assertThat(freeze.by()).isEqualTo("portage.yaml:3");
    assertThat(freeze.isOfPlatformFile()).isTrue();
    assertThat(freeze.remedy()).contains("remove its entry at portage.yaml:3");
    assertThat(freeze.holdsAt(Instant.parse("2027-01-02T04:59:59Z"))).isTrue();
    assertThat(freeze.holdsAt(freeze.until())).isFalse();
  }

  @Test
  void allAndListsMeanEachOfThem() {
    List<PlannedFreeze> freezes =
        read(
            """
            freezes:
              - {workspaces: all, from: 2026-12-20T00:00Z, until: 2026-12-21T00:00Z, reason: one}
              - {workspaces: [all], from: 2026-12-20T00:00Z, until: 2026-12-21T00:00Z, reason: two}
              - {workspaces: [test, prod], from: 2020-01-01T00:00Z, until: 2020-01-02T00:00Z, reason: past}
            """);

    assertThat(errors).as("the past may stay").isEmpty();
    assertThat(freezes).hasSize(3);
    assertThat(freezes.getFirst().of("dev")).isPresent();
    assertThat(freezes.get(1).of("dev")).isPresent();
    assertThat(freezes.getLast().of("dev")).isEmpty();
    assertThat(freezes.getLast().of("test")).isPresent();
  }

  @Test
  void twoOfTheSameTimesAreTwo() {
    List<Freeze> freezes =
        read(
                """
                freezes:
                  - {workspaces: prod, from: 2026-12-20T00:00Z, until: 2026-12-21T00:00Z, reason: one}
                  - {workspaces: all, from: 2026-12-20T00:00Z, until: 2026-12-21T00:00Z, reason: two}
                """)
            .stream()
            .map(planned -> planned.of("prod").orElseThrow())
            .toList();

    assertThat(freezes).extracting(Freeze::reason).containsExactly("one", "two");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prdo | did you mean \"prod\"?",
        "[prod, stage] | names workspace \"stage\"",
        "[all, prod] | names workspace \"all\"",
      })
  void anUnknownWorkspaceIsAnErrorWithTheKnownOnes(String workspaces, String told) {
    read(
        "freezes:\n  - {workspaces: "
            + workspaces
            + ", from: 2026-12-20T00:00Z, until: 2026-12-21T00:00Z, reason: why}\n");

    assertThat(errors)
        .singleElement()
        .satisfies(error -> assertThat(error.toString()).contains(told, "dev, test, prod"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-12-20T00:00Z | 2026-12-20T00:00Z | until is not after from",
        "2026-12-20T00:00Z | 2026-12-19T00:00Z | until is not after from",
        "2026-12-20T00:00+01:00 | 2026-12-19T23:00Z | until is not after from",
        "2026-12-20T00:00 | 2026-12-21T00:00Z | has no time zone",
        "2026-12-20 | 2026-12-21T00:00Z | has no time zone",
        "2026-12-20T00:00Z | 2026-02-30T00:00Z | a time that doesn't exist",
        "2026-12-20T00:00Z | next year | is no time",
        "2026-12-20T00:00Z | 2027-03-28 02:30 Europe/Berlin | doesn't exist, since clocks change",
      })
  void timesThatMakeNoFreezeAreErrors(String from, String until, String told) {
    assertThat(
            read(
                "freezes:\n  - {workspaces: all, from: \""
                    + from
                    + "\", until: \""
                    + until
                    + "\", reason: why}\n"))
        .isEmpty();

    assertThat(errors).singleElement().asString().contains(told);
    assertThat(errors.getFirst().line()).isEqualTo(3);
  }

  private List<PlannedFreeze> read(String freezes) {
    return switch (YamlDocument.read("portage.yaml", WORKSPACES + freezes)) {
      case Reading.Good<YamlDocument>(YamlDocument document) ->
          new FreezeReader(document, errors).readAll();
      case Reading.Wrong<YamlDocument> wrong -> throw new AssertionError(wrong);
    };
  }
}
