package dev.portage.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.portage.temporal.Payloads;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.RawValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people type into the Web UI is read as it is meant, or refused with what to write. */
class RollbackInputTest {

  @Test
  void theSmallestInputHasModelNameAndReason() {
    RollbackStart start =
        read("{\"model\":\"churn\",\"by\":\"ana@example.com\",\"reason\":\" it doubles \"}");

    assertThat(start.model()).isEqualTo("churn");
    assertThat(start.workspace()).isNull();
    assertThat(start.to()).isNull();
    assertThat(start.reason()).isEqualTo("it doubles");
    assertThat(start.isDry()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"3,3", "v3,3", "V12,12", "007,7", "' 4 ',4"})
  void aVersionIsANumberHoweverItIsWritten(String typed, String version) {
    assertThat(read(with("\"to\":\"" + typed + "\"")).to()).isEqualTo(version);
  }

  @Test
  void aVersionMayAlsoBeWrittenAsANumber() {
    assertThat(read(with("\"to\":3")).to()).isEqualTo("3");
  }

  @Test
  void whatTheCommandSendsIsReadBack() {
    RollbackStart sent =
        new RollbackStart("churn", "prod", "2", "why", "ana@example.com", null, null)
            .agreedTo(new RollbackStart.Expected("3", "2", null));

    assertThat(
            RollbackInput.read(
                new RawValue(Payloads.dataConverter().toPayload(sent).orElseThrow())))
        .isEqualTo(sent);
  }

  /** Otherwise it would go back to the default instead. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"too\":\"2\" | field \"too\", which means nothing here; did you mean \"to\"?",
        "\"versoin\":\"2\" | field \"versoin\", which means nothing here",
        "\"workspaec\":\"qa\" | did you mean \"workspace\"?",
        "\"to\":\"latest\" | \"latest\" is not a version; versions are numbers, such as 3, and portage history churn lists",
        "\"to\":\"0\" | \"0\" is not a version",
        "\"to\":\"2.1\" | \"2.1\" is not a version",
        "\"to\":[2] | wrong type: to",
        "\"dryRun\":\"perhaps\" | wrong type: dryRun"
      })
  void aFieldThatIsNotWhatItShouldBeIsRefused(String field, String said) {
    assertThatThrownBy(() -> read(with(field)))
        .hasMessageContaining(said)
        .hasMessageContaining("Nothing was changed")
        .hasMessageContaining("portage rollback MODEL --reason TEXT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"by\":\"ana@example.com\",\"reason\":\"x\"}",
        "{\"model\":\" \",\"by\":\"ana@example.com\",\"reason\":\"x\"}"
      })
  void aModelIsNeeded(String json) {
    assertThatThrownBy(() -> read(json)).hasMessageContaining("it names no model");
  }

  @Test
  void aReasonIsNeededExceptToLook() {
    assertThatThrownBy(() -> read("{\"model\":\"churn\",\"by\":\"ana@example.com\"}"))
        .hasMessageContaining("it gives no reason");
    assertThat(read("{\"model\":\"churn\",\"by\":\"ana@example.com\",\"dryRun\":true}").isDry())
        .isTrue();
    assertThatThrownBy(() ->
            read(
                "{\"model\":\"churn\",\"by\":\"ana@example.com\",\"reason\":\""
                    + "x".repeat(2_001)
                    + "\"}"))
        .hasMessageContaining("longer than 2000 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | who sent it",
        "YOU | replace YOU",
        "'ana@example.com, kim@example.com' | several"
      })
  void someoneMustHaveOrderedIt(String by, String said) {
    assertThatThrownBy(() -> read("{\"model\":\"churn\",\"reason\":\"x\",\"by\":\"" + by + "\"}"))
        .hasMessageContaining(said);
  }

  @Test
  void thePlaceholderOfTheExampleIsRefused() {
    assertThatThrownBy(() -> read(RollbackInput.EXAMPLE)).hasMessageContaining("replace YOU");
  }

  @Test
  void whatIsNoJsonObjectIsRefusedWithAnExample() {
    assertThatThrownBy(() -> RollbackInput.read(null)).hasMessageContaining("without input");
    assertThatThrownBy(() -> read("null")).hasMessageContaining("without input");
    for (String wrong : new String[] {"\"churn\"", "[1]", "3", "churn to 2"}) {
      assertThatThrownBy(() -> read(wrong))
          .hasMessageContaining("input is not")
          .hasMessageContaining(RollbackInput.EXAMPLE);
    }
  }

  private static String with(String field) {
    return "{\"model\":\"churn\",\"by\":\"ana@example.com\",\"reason\":\"x\"," + field + "}";
  }

  private static RollbackStart read(String json) {
    return RollbackInput.read(
        new RawValue(
            Payload.newBuilder()
                .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                .setData(ByteString.copyFromUtf8(json))
                .build()));
  }
}
