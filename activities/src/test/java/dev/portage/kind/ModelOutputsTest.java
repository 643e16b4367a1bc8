package dev.portage.kind;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModelOutputsTest {

  @Test
  void columnsAndTensorsOfNumbersAreNumbers() {
    assertThat(
            ModelOutputs.areNumbers(
                "[{\"type\": \"double\", \"required\": true}, {\"type\": \"long\", \"name\": \"n\"}]"))
        .isTrue();
    assertThat(ModelOutputs.areNumbers(tensor("float64"))).isTrue();
    assertThat(ModelOutputs.areNumbers(tensor("uint8"))).isTrue();
  }

  @Test
  void anythingElseIsNot() {
    assertThat(ModelOutputs.areNumbers("[{\"type\": \"double\"}, {\"type\": \"string\"}]"))
        .isFalse();
    assertThat(ModelOutputs.areNumbers(tensor("str"))).isFalse();
    assertThat(ModelOutputs.areNumbers("[{\"type\": \"array\"}]")).isFalse();
  }

  @Test
  void whatSaysNothingIsUnknown() {
    assertThat(ModelOutputs.areNumbers(null)).isNull();
    assertThat(ModelOutputs.areNumbers("")).isNull();
    assertThat(ModelOutputs.areNumbers("[]")).isNull();
    assertThat(ModelOutputs.areNumbers("[{\"type\":")).isNull();
  }

  private static String tensor(String type) {
    return "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \""
        + type
        + "\", \"shape\": [-1]}}]";
  }
}
