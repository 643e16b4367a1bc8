package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people write into a promotion.yaml, and what of it is refused. */
class PromotionFileInputsTest {

  private static final String FACE = new String(Character.toChars(0x1F600));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 6 * * ?",
        "0 0 6 ? * MON-FRI",
        "0 0/15 8-18 ? * mon,wed,FRI",
        "0 0 6 L * ?",
        "0 0 6 L-3 * ?",
        "0 0 6 LW * ?",
        "0 0 6 15W * ?",
        "0 0 6 ? * 6#3",
        "0 0 6 ? * 6L",
        "0 0 6 ? * wed,SUN",
        "0 0 6 1,15 * ?",
        "0 0 22-2 * * ?",
        "0 0 6 1 JAN,JUL ? 2030-2040",
        "0 0 6 * * ? 2099",
        "0 0 6 29 2 ? 2096",
        "  0  0 6 29 2 ?  "
      })
  void aScheduleThatQuartzRunsIsAccepted(String schedule) {
    assertThat(faults("batch: {notebook: s.py, schedule: \"" + schedule + "\"}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      textBlock =
          """
          0 0 6 ? * 0        | day of week can't be "0"
          0 0 6 ? * 8        | day of week can't be "8"
          0 0 6 ? * MONDAY   | day of week can't be "MONDAY"
          0 0 6 ? * MON-     | day of week can't be "MON-"
          0 0 6 ? * 2#       | day of week can't be "2#"
          0 0 24 * * ?       | hour can't be "24"
          H 0 6 * * ?        | second can't be "H"
          0 60 * * * ?       | minute can't be "60"
          0 */70 * * * ?     | minute can't be "*/70"
          0 0 6 32 * ?       | day of month can't be "32"
          0 0 6 0 * ?        | day of month can't be "0"
          0 0 6 * 13 ?       | month can't be "13"
          0 0 6 1 JANUARY ?  | month can't be "JANUARY"
          0 0 6 * * ? 1969   | year can't be "1969"
          ? 0 6 * * ?        | second can't be "?"
          0 0 6 1,L * ?      | day of month can't be "1,L"
          0 0 6 LW,15 * ?    | day of month can't be "LW,15"
          0 0 6 1,15W * ?    | day of month can't be "1,15W"
          0 0 6 ? * 2,6L     | day of week can't be "2,6L"
          0 0 6 ? * 2#1,3#2  | day of week can't be "2#1,3#2"
          99 99 99 a MOO ?   | second can't be "99"
          0 0 6 \u0661 * ?   | day of month can't be
          0 0 6 30 2 ?       | never fires
          0 0 6 31 2 ?       | never fires
          0 0 6 31 4,6 ?     | never fires
          0 0 6 29 2 ? 2031  | never fires
          0 0 6 ? * 6#6      | never fires
          0 0 6 ? * ?        | must be "?"
          0 0 6 1 * 2        | must be "?"
          @daily             | has 1 field
          """)
  void aScheduleThatCannotRunIsRefusedWithItsLineAndPart(String schedule, String why) {
    assertThat(faults("batch: {notebook: s.py, schedule: \"" + schedule + "\"}"))
        .singleElement()
        .asString()
        .startsWith("promotion.yaml:2: ")
        .contains(why);
  }

  @Test
  void aTimeZoneMustBeKnownToTheWorkspaceToo() {
    for (String zone : List.of("UTC", "Europe/Lisbon", "Etc/GMT+2", "America/Argentina/Ushuaia")) {
      assertThat(faults("batch: {notebook: s.py, timezone: " + zone + "}")).isEmpty();
    }
    assertThat(faults("batch: {notebook: s.py, timezone: europe/lisbon}"))
        .singleElement()
        .asString()
        .contains("did you mean \"Europe/Lisbon\"?");
    assertThat(faults("batch: {notebook: s.py, timezone: \"+02:00:30\"}"))
        .as("Quartz knows no seconds of an offset")
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "+02:00, GMT+02:00",
    "+2, GMT+02:00",
    "-0330, GMT-03:30",
    "UTC+2, GMT+02:00",
    "UTC-03:00, GMT-03:00",
    "GMT+05:45, GMT+05:45",
    "UT+1, GMT+01:00",
    "UT, UTC",
    "Z, UTC",
    "+00:00, UTC",
    "UTC+0, UTC",
    "+18:00, GMT+18:00",
    "Etc/GMT+2, Etc/GMT+2",
    "Europe/Lisbon, Europe/Lisbon"
  })
  void everyFormOfAnOffsetIsTranslatedForTheWorkspace(String zone, String known) {
    assertThat(faults("batch: {notebook: s.py, timezone: \"" + zone + "\"}")).isEmpty();
    assertThat(ScheduleZone.javaId(zone)).contains(known);
    assertThat(TimeZone.getTimeZone(known).toZoneId().getRules().getOffset(Instant.EPOCH))
        .isEqualTo(ZoneId.of(zone).getRules().getOffset(Instant.EPOCH));
  }

  @ParameterizedTest
  @ValueSource(strings = {"+19:00", "+2:00", "UTC+", "GMT 2", "+02:60", "Mars", "+02:00:01"})
  void anInvalidOffsetIsNoTimeZone(String zone) {
    assertThat(faults("batch: {notebook: s.py, timezone: \"" + zone + "\"}"))
        .singleElement()
        .asString()
        .contains("is not a time zone");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "val:f1",
        "précision",
        "精度",
        "a/b.c-d e",
        "0",
        "top_5 accuracy",
        "Ωmega",
        ".hidden"
      })
  void aMetricMayHaveAnyNameThatMlflowAllows(String metric) {
    PromotionFile file = good("gates: {\"" + metric + "\": \">= 0.8\"}");

    assertThat(file.thresholds()).extracting(Threshold::metric).containsExactly(metric);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a//b", "/a", "a/", "./a", "a/../b", "..", "a#b", "a\\\\b", "f(x)", ""})
  void aMetricThatMlflowRefusesIsRefused(String metric) {
    assertThat(faults("gates: {\"" + metric + "\": \">= 0.8\"}")).hasSize(1);
  }

  @Test
  void aWidgetMayHaveAnyNameAndItsValueArrivesUnchanged() {
    PromotionFile file =
        good(
            """
            train:
              notebook: t.py
              parameters:
                1. Data: 1e6
                test-size: 0.10
                "üben/β~x": True
                a: 007
                b: 0x1F
                c: 12345678901234567890123456789012345678901234567890
                d: .5
                e: 1_000
                f: 2026-01-01
                g: "quo\\tted \\x01"
                h: |
                  two
                  lines
                i: NaN
            """);

    assertThat(Objects.requireNonNull(file.train()).parameters())
        .containsExactly(
            Map.entry("1. Data", "1e6"),
            Map.entry("test-size", "0.10"),
            Map.entry("üben/β~x", "True"),
            Map.entry("a", "007"),
            Map.entry("b", "0x1F"),
            Map.entry("c", "12345678901234567890123456789012345678901234567890"),
            Map.entry("d", ".5"),
            Map.entry("e", "1_000"),
            Map.entry("f", "2026-01-01"),
            Map.entry("g", "quo\tted \u0001"),
            Map.entry("h", "two\nlines\n"),
            Map.entry("i", "NaN"));
    assertThat(file.values())
        .contains(
            new EffectiveValue("train.parameters.1. Data", "1e6", "promotion.yaml:5"),
            new EffectiveValue("train.parameters.üben/β~x", "True", "promotion.yaml:7"));
  }

  @Test
  void aRegisteredModelMayHaveAnyNameThatRegistriesAllow() {
    assertThat(good("").registeredName()).isEqualTo("churn");
    for (String name : List.of("Churn Model", "Churn_Model", "prüfung", "a@b #1 100%", "v1.2")) {
      assertThat(good("registered-as: \"" + name + "\"").registeredName()).isEqualTo(name);
    }
    for (String name : List.of("a/b", "a:b", "", " ", ".", "..", "x".repeat(256))) {
      assertThat(faults("registered-as: \"" + name + "\"")).as(name).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      textBlock =
          """
          train: "x\\n/../../etc/passwd.py"   | train contains line breaks or invisible characters
          train: "x\\u202eyp.py"              | train contains line breaks or invisible characters
          experiment: "a\\eb"                 | experiment contains line breaks or invisible characters
          experiment: "a\\0b"                 | the value contains NUL or an incomplete character
          experiment: "a\\ud800b"             | the value contains NUL or an incomplete character
          experiment: "\\UFFFFFFFF"           | invalid YAML: an escape names a character that does not exist
          experiment: "\\U00110000"           | invalid YAML:
          gates: {"au\\u200bc": ">= 0.8"}     | key "au\\u200bc" contains invisible characters
          gates: {auc: ">= 0.8\\n"}           | gates.auc contains line breaks or invisible characters
          "tr\\nain": t.py                    | key "tr\\nain" contains invisible characters
          batch: {notebook: s.py, timeout: "PT1H\\n"} | batch.timeout contains line breaks or invisible characters
          path: [dev, "pr\\nod"]              | path.1 contains line breaks or invisible characters
          """)
  void hiddenCharactersInNamesAndPathsAreRefusedWithTheirLine(String line, String why) {
    assertThat(faults(line)).singleElement().asString().startsWith("promotion.yaml:2: " + why);
  }

  @Test
  void aModelsNameIsCheckedCompletely() {
    for (String name : List.of("\\UFFFFFFFF", "churn\\n", "churn\\nx", "churn\\u0085")) {
      assertThat(PromotionFile.read("p.yaml", "model: \"" + name + "\"\n").faults()).hasSize(1);
    }
    assertThat(PromotionFile.read("p.yaml", "model: a\u0007\n").faults())
        .singleElement()
        .hasToString(
            "p.yaml:1: invalid YAML: it contains the character U+0007;"
                + " allowed: printable text, line breaks and tabs");
  }

  @Test
  void theFirstErrorsAreReportedAndTheRestCounted() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4_000; i++) {
      text.append("key").append(i).append(": 1\n");
    }

    List<String> faults = faults(text.toString());

    assertThat(faults).hasSize(21);
    assertThat(faults.getLast())
        .endsWith("and 3980 more errors from here on; fix the first ones, then check again");
  }

  @Test
  void longKeysAndValuesAreTruncatedInErrors() {
    assertThat(faults("\"" + "k".repeat(20_000) + "\": 1").getFirst()).hasSizeLessThan(400);
    assertThat(faults("train: \"" + "v".repeat(20_000) + "\"").getFirst()).hasSizeLessThan(400);
    assertThat(faults("gates: {" + "m".repeat(900) + ": \">= 1\"}").getFirst())
        .hasSizeLessThan(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dapi0123456789abcdef0123456789abcdef",
        "dose0123456789abcdef0123456789abcdef",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0aa.c2lnbmF0dXJl",
        "-----BEGIN RSA PRIVATE KEY-----",
        "AKIAABCDEFGHIJKLMNOP",
        "ghp_0123456789012345678901234567890123456789",
        "AccountKey=+aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/c==",
        "Endpoint=sb://x/;SharedAccessKey=aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/aB3/abc=",
        "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst",
        "https://me:hunter2@example.com/x",
        "redis://:hunter2@example.com:6379",
        "sig=abcdefghijklmnopqrstuvwxyz&sv=1",
        "https://a.blob.core.windows.net/c?sv=1&sig=abcdefghijklmnopqrstuvwxyz"
      })
  @Tag("S3.14")
  void aSecretIsFoundAnywhereAndNeverShown(String secret) {
    for (String line :
        List.of(
            "experiment: \"" + secret + "\"",
            "train: {notebook: t.py, parameters: {a: \"first\\n" + secret + "\\nlast\"}}",
            "train: {notebook: t.py, parameters: {a: 'first\\n" + secret + "\\tlast'}}",
            "train: {notebook: t.py, parameters: {a: \"my_" + secret + "\"}}",
            "train: {notebook: t.py, parameters: {\"x " + secret + "\": 1}}",
            "gates: {auc: \">= 1\"} # was " + secret,
            "experiment: \"" + escaped(secret) + "\"")) {
      assertThat(faults(line))
          .as(line)
          .singleElement()
          .asString()
          .contains("remove it here and revoke it")
          .doesNotContain(secret);
    }
  }

  @Test
  void aSparkPathIsNotASecretReference() {
    for (String value :
        List.of("file:///dbfs/x.csv", "file:/Workspace/Shared/x.csv", "file:/Volumes/a/b/c.csv")) {
      assertThat(
              PromotionFile.read(
                  "promotion.yaml",
                  "model: churn\ntrain: {notebook: t.py, parameters: {a: \"" + value + "\"}}\n"))
          .as(value)
          .isInstanceOf(Reading.Good.class);
    }
  }

  @Test
  void aSecretReferenceIsRefusedWhateverFollowsIt() {
    for (String value : List.of("env:TOKEN", " env:TOKEN", "env:TOKEN\\nx", "file:/run/token")) {
      assertThat(faults("train: {notebook: t.py, parameters: {a: \"" + value + "\"}}"))
          .singleElement()
          .asString()
          .contains("is a reference to a secret");
    }
  }

  @Test
  void textThatOnlyResemblesASecretPasses() {
    assertThat(
            faults(
                """
                train:
                  notebook: t.py
                  parameters:
                    digest: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                    query: "basic training of bearer networks, https://example.com/a@b?x=sig"
                    face: "%s"
                """
                    .formatted(FACE)))
        .isEmpty();
  }

  /** The first letter as an escape, so that the file's text does not contain it. */
  private static String escaped(String secret) {
    return "\\x%02x".formatted((int) secret.charAt(0)) + secret.substring(1);
  }

  private static PromotionFile good(String rest) {
    return switch (PromotionFile.read("promotion.yaml", "model: churn\n" + rest)) {
      case Reading.Good<PromotionFile>(PromotionFile file) -> file;
      case Reading.Wrong<PromotionFile>(List<ValidationError> faults) ->
          throw new AssertionError(faults.toString());
    };
  }

  private static List<String> faults(String rest) {
    return PromotionFile.read("promotion.yaml", "model: churn\n" + rest + "\n").faults().stream()
        .map(ValidationError::toString)
        .toList();
  }
}
