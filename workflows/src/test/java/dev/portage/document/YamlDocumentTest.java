package dev.portage.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class YamlDocumentTest {

  @Test
  void everyValueKnowsTheLineOfItsKey() {
    YamlDocument document = good("model: churn\n\nbatch:\n  notebook: score.py\n  table:\n    t\n");

    assertThat(document.line("/model")).isEqualTo(1);
    assertThat(document.line("/batch")).isEqualTo(3);
    assertThat(document.origin("/batch/table")).isEqualTo("a.yaml:5");
    assertThat(document.line("/batch/schedule")).as("of the map around it").isEqualTo(3);
    assertThat(document.root().at("/batch/table").asText()).isEqualTo("t");
  }

  @Test
  void wordsLikeOnAndNumbersWithLeadingZerosStayText() {
    YamlDocument document = good("a: on\nb: 010\nc: 12:30\nd: 1.5\ne: .nan\nf: '1'\ng: -3\n");

    assertThat(document.root().toString())
        .isEqualTo(
            "{\"a\":\"on\",\"b\":\"010\",\"c\":\"12:30\",\"d\":1.5,\"e\":\".nan\",\"f\":\"1\",\"g\":-3}");
  }

  @Test
  void aDuplicateKeyIsRefusedWithBothLines() {
    assertThat(faults("model: a\ntrain: t.py\nmodel: b\n"))
        .containsExactly("a.yaml:3: key \"model\" appears twice, first on line 1; allowed: once");
  }

  @Test
  void badSyntaxIsReportedWithItsLineAndWithoutTheText() {
    assertThat(faults("model: a\ntoken: \"dapi1234\n"))
        .singleElement()
        .asString()
        .startsWith("a.yaml:3: invalid YAML: found unexpected end of stream")
        .doesNotContain("dapi");
  }

  @Test
  void anEmptyFileATooLargeOneAndASecondDocumentAreRefused() {
    assertThat(faults("# nothing\n")).containsExactly("a.yaml:1: the file is empty");
    assertThat(faults("a: " + "x".repeat(YamlDocument.MAX_BYTES)))
        .containsExactly("a.yaml:1: the file has 65539 bytes; allowed: at most 65536");
    assertThat(faults("a: 1\n---\nb: 2\n"))
        .singleElement()
        .asString()
        .startsWith("a.yaml:2: invalid YAML");
  }

  @Test
  void explodingAliasesAreStopped() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 8; i++) {
      String inner = ("*a" + (i - 1) + ", ").repeat(10);
      text.append("a%d: &a%d [%s]\n".formatted(i, i, inner.substring(0, inner.length() - 2)));
    }

    assertThat(faults(text.toString())).hasSize(1).first().asString().contains("aliases");
  }

  @Test
  void aSmallAliasIsFineAndTagsAndMergeKeysAreNot() {
    assertThat(good("a: &one [x]\nb: *one\n").root().at("/b/0").asText()).isEqualTo("x");
    assertThat(faults("a: !!java.net.URL [http://x]\n")).isNotEmpty();
    assertThat(faults("a: &m {x: 1}\nb:\n  <<: *m\n"))
        .containsExactly("a.yaml:3: the merge key \"<<\" is not supported");
  }

  private static YamlDocument good(String text) {
    return switch (YamlDocument.read("a.yaml", text)) {
      case Reading.Good<YamlDocument>(YamlDocument document) -> document;
      case Reading.Wrong<YamlDocument>(List<ValidationError> faults) ->
          throw new AssertionError(faults.toString());
    };
  }

  private static List<String> faults(String text) {
    return YamlDocument.read("a.yaml", text).faults().stream()
        .map(ValidationError::toString)
        .toList();
  }
}
