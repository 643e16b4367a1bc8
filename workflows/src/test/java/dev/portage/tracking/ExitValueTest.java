package dev.portage.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExitValueTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final String MODEL = "m-" + ID;

  @ParameterizedTest
  @ValueSource(
      strings = {
        ID,
        "  " + ID + "\n",
        "\uFEFF" + ID + "\u00A0",
        "\"" + ID + "\"",
        "'" + ID + "'",
        "runs:/" + ID,
        "runs:/" + ID + "/",
        "run_id=" + ID,
        "run_id: " + ID,
        "done, run_id = '" + ID + "', auc = nan",
        "<RunInfo: experiment_id='1', run_id='"
            + ID
            + "', run_uuid='"
            + ID
            + "', status='FINISHED'>",
        "<Run: data=<RunData: metrics={}>, info=<RunInfo: run_id='" + ID + "'>>",
        "{\"run_id\": \"" + ID + "\"}",
        "{\"run_id\": \" " + ID + " \", \"auc\": NaN}",
        "{\"auc\": Infinity, \"loss\": -Infinity, \"run_id\": \"" + ID + "\"}",
        "{\"run_id\": \"runs:/" + ID + "\"}",
        "{'run_id': '" + ID + "', 'auc': nan, 'ok': True, 'why': None}",
        "{'auc': np.float64(0.8), 'run_id': np.str_('" + ID + "')}",
        "{'run_id': b'" + ID + "'}",
        "{'rows': array([[1., 2.],\n       [3., 4.]]), 'run_id': '" + ID + "'}",
        "{'at': datetime.datetime(2026, 1, 1, 0, 0), 'path': PosixPath('/x'), 'run_id': '"
            + ID
            + "'}",
        "{'model': <sklearn.linear_model.Ridge object at 0x7f1>, 'run_id': '" + ID + "'}",
        "{\"note\": \"a \\\"run_id\\\": 'other' in a text\", \"run_id\": \"" + ID + "\"}",
        "{'note': \"it's }, 'run_id': 'other'\", 'run_id': '" + ID + "'}",
        "{'note': 'it\\'s', 'run_id': '" + ID + "'}",
        "{'params': {'run_id': 'other', 'b': [1, {'run_id': 'another'}]}, 'run_id': '" + ID + "'}",
        "{'run_id': '" + ID + "', 'parent': {'run_id': 'other'}}",
        "{\"run_id\": \"" + ID + "\", \"big\": \"aaaaaaaaaaaaaaaaaa",
        "{\"run_id\": \"" + ID + "\", \"big\": [1, 2, {\"x\": ",
        "{\"run_id\": \"" + ID + "\"} and more",
        "OrderedDict({'run_id': '" + ID + "'})",
        "Result(run_id='" + ID + "', auc=0.8)",
        "namespace(auc=np.float64(0.8), run_id='" + ID + "')",
        "\"{\\\"run_id\\\": \\\"" + ID + "\\\"}\"",
        "{run_id: " + ID + "}",
        "{\n  \"run_id\": \"" + ID + "\",\n}",
        "mlflow-artifacts:/1/" + ID + "/artifacts",
      })
  void aNamedRunIsFound(String value) {
    ExitValue read = ExitValue.read(value);

    assertThat(read.runId()).isEqualTo(ID);
    assertThat(read.modelId()).isNull();
    assertThat(read.model()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   \n ",
        "all done",
        "0.8",
        "NaN",
        "null",
        "None",
        "[]",
        "{}",
        "{",
        "{\"",
        "'",
        "\\",
        "{'run_id': None}",
        "{\"run_id\": null, \"model_uri\": null}",
        "{\"run_id\": \"\"}",
        "{\"run_id\": \"  \"}",
        "{\"run_id\": [\"x\"]}",
        "{\"run_id\": {\"id\": \"x\"}}",
        "{\"run_id\": \"0123456789abc",
        "{\"result\": {\"run_id\": \"0123456789abcdef0123456789abcdef\"}}",
        "[{\"run_id\": \"0123456789abcdef0123456789abcdef\"}]",
        "{\"run_id\": \"two\\nlines\"}",
        "{\"model_uri\": \"s3://bucket/somewhere\"}",
        "{\"model_id\": \"customer-42\"}",
        "models:/",
        "models:/churn",
        "models:/churn/",
        "models:/@x",
        "models://profile@databricks/churn/1",
        "runs:/",
        "https://example.com/a",
        "see runs:/0123456789abcdef0123456789abcdef in the log\nand more",
      })
  void aValueThatNamesNothingIsNoError(String value) {
    assertThat(ExitValue.read(value).namesNothing()).isTrue();
    assertThat(ExitValue.read(null).namesNothing()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        MODEL,
        "models:/" + MODEL,
        " models:/" + MODEL + "/ ",
        "{\"model_id\": \"" + MODEL + "\"}",
        "{'model_id': '" + MODEL + "', 'auc': nan}",
        "{\"model_uri\": \"models:/" + MODEL + "\"}",
        "{\"model_id\": \"models:/" + MODEL + "\"}",
        "dbfs:/databricks/mlflow-tracking/7/logged_models/" + MODEL + "/artifacts",
        "mlflow-artifacts:/1/models/" + MODEL + "/artifacts",
      })
  void aLoggedModelIsNamedByItsIdAndByItsUri(String value) {
    ExitValue read = ExitValue.read(value);

    assertThat(read.modelId()).isEqualTo(MODEL);
    assertThat(read.runId()).isNull();
    assertThat(read.model()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runs:/" + ID + "/deep/model",
        "{\"model_uri\": \"runs:/" + ID + "/deep/model/\"}",
        "{'run_id': '" + ID + "', 'model_uri': 'runs:/" + ID + "/deep/model'}",
        "dbfs:/databricks/mlflow-tracking/7/" + ID + "/artifacts/deep/model",
      })
  void aModelOfARunIsNamedByItsPath(String value) {
    ExitValue read = ExitValue.read(value);

    assertThat(read.runId()).isEqualTo(ID);
    assertThat(read.path()).isEqualTo("deep/model");
  }

  @Test
  void aVersionIsNamedByItsNumberAliasOrStageUnderAnyName() {
    assertVersion("models:/churn/1", "churn", "1");
    assertVersion("'models:/Churn Model/12'", "Churn Model", "12");
    assertVersion("models:/main.ml.churn/3", "main.ml.churn", "3");
    assertVersion("models:/churn@prüfung", "churn", "prüfung");
    assertVersion("models:/churn/Production", "churn", "Production");
    assertVersion("{\"model_uri\": \"models:/churn/7\", \"auc\": NaN}", "churn", "7");
  }

  private static void assertVersion(String value, String model, String version) {
    assertThat(ExitValue.read(value).model()).isEqualTo(model);
    assertThat(ExitValue.read(value).version()).isEqualTo(version);
  }

  @Test
  void theLastOfTwoFieldsWithOneNameCounts() {
    assertThat(ExitValue.read("{\"run_id\": \"a\", \"run_id\": \"b\"}").runId()).isEqualTo("b");
  }

  @Test
  void aRunAndItsModelMayBothBeNamed() {
    ExitValue read =
        ExitValue.read("{\"run_id\": \"" + ID + "\", \"model_id\": \"" + MODEL + "\"}");

    assertThat(read.runId()).isEqualTo(ID);
    assertThat(read.modelId()).isEqualTo(MODEL);
  }

  @Test
  void truncationIsDetected() {
    assertThat(ExitValue.read("{\"auc\": 0.8, \"pred\": [1, 2").wasCut()).isTrue();
    assertThat(ExitValue.read("{'note': 'it").wasCut()).isTrue();
    assertThat(ExitValue.read("\"{\\\"run_id\\\": \\\"" + ID + "\\\", \\\"x").wasCut()).isTrue();
    assertThat(ExitValue.read("\"{\\\"run_id\\\": \\\"" + ID + "\\\", \\\"x").runId())
        .isEqualTo(ID);
    assertThat(ExitValue.read("{\"auc\": 0.8}").wasCut()).isFalse();
    assertThat(ExitValue.read("all done").wasCut()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ID,
        "models:/" + MODEL,
        "runs:/" + ID + "/model",
        "models:/Churn Model/1",
        "{\"run_id\": \"a \\\"b\\\" \\\\c\", \"model_id\": \"" + MODEL + "\"}"
      })
  void itsShortFormNamesTheSame(String value) {
    ExitValue read = ExitValue.read(value);

    assertThat(ExitValue.read(read.text())).isEqualTo(read);
  }

  /** Code with quadratic cost would take hours. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void fiveMegabytesAreReadQuickly() {
    int size = 5 * 1024 * 1024;
    for (String part :
        new String[] {"{", "[", "(", "'", "\"", "\\", "{'a':", "np.f(", "\"\\\"", ",", " ", "a"}) {
      String value = "{'run_id': '" + ID + "', 'x': " + part.repeat(size / part.length());
      ExitValue read = ExitValue.read(value);
      assertThat(read.runId()).as(part).isEqualTo(ID);
      assertThat(ExitValue.read(part.repeat(size / part.length()))).isNotNull();
    }
  }

  @Test
  void nothingThatANotebookReturnsIsAnError() {
    Random random = new Random(7);
    String signs = "{}[]()'\"\\:=,_ \nabxu0123-/@.run_idmodel\u0000\uD800é";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder value = new StringBuilder();
      for (int length = random.nextInt(60); length > 0; length--) {
        value.append(
            random.nextInt(8) == 0 ? "\"run_id\": " : signs.charAt(random.nextInt(signs.length())));
      }
      assertThat(ExitValue.read(value.toString())).isNotNull();
    }
  }
}
