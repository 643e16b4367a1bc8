package dev.portage.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourceTest {

  @Test
  void aJobNamesNotebooksWithoutTheirEnding() {
    assertThat(source("").notebookPath("train.py")).isEqualTo("train");
    assertThat(source("").notebookPath("notebooks/train.ipynb")).isEqualTo("notebooks/train");
    assertThat(source("models/churn").notebookPath("train.v2.ipynb"))
        .isEqualTo("models/churn/train.v2");
    assertThat(source("").notebookPath("train")).isEqualTo("train");
  }

  private static Source source(String folder) {
    return new Source("https://example.com/r.git", "gitHub", "a".repeat(40), folder);
  }
}
